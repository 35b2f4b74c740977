//! The function that looks into a cache first.
//!
//! * `key`: what is looked up
//! * `cache`: where it is looked up, and the function that gives the cache to the user

mod cache;
mod key;

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Pat, Signature};

use super::model::{Flight, How, Keep, Model, Part, Rebound};
use crate::function::split_inner_attributes;
use crate::hygiene::{at, bare, locate};

/// What the parts of the expansion share.
struct Context<'m> {
    model: &'m Model,
    /// Where generated code finds what it calls.
    runtime: TokenStream,
    /// The type that says which results are kept.
    keep: TokenStream,
}

impl<'m> Context<'m> {
    fn new(model: &'m Model) -> Self {
        let krate = &model.krate;
        let runtime = quote_spanned!(Span::mixed_site()=> #krate::__private::cached);
        let keep = match model.keep {
            Keep::All => "All",
            Keep::Ok => "OnlyOk",
            Keep::Some => "OnlySome",
        };
        let keep = Ident::new(keep, Span::mixed_site());
        let keep = quote_spanned!(Span::mixed_site()=> #runtime::#keep);
        Self { model, runtime, keep }
    }
}

/// The body is put into a closure, or an `async` block: what it returns has to be seen.
pub(super) fn expand(model: &Model) -> TokenStream {
    let cx = Context::new(model);
    let (runtime, keep) = (&cx.runtime, &cx.keep);
    let Model { before, output, body, .. } = model;
    let signature = &signature(model);
    let (attributes, statements) = split_inner_attributes(body.stream());
    let (computed, key) = key::key(&cx);
    let (look, companion) = cache::look(&cx, &key);
    let look = quote_spanned! {Span::mixed_site()=>
        #computed
        let __missed = match #look {
            #runtime::Result::Ok(__found) => return __found,
            #runtime::Result::Err(__missed) => __missed,
        };
    };
    let call = Ident::new(
        match (&model.flight, signature.asyncness.is_some()) {
            (Flight::Each, false) => "keep",
            (Flight::Each, true) => "keep_async",
            (Flight::Single, _) => "fly",
            (Flight::Polled(_), _) => "fly_async",
        },
        Span::mixed_site(),
    );
    // At the type: it says so if it cannot be kept.
    let call = locate(quote!(#runtime::#call::<#keep, #output, _, _, _>), output.span());
    let (owned, borrowed) = rebound(&cx);
    let run = run(&cx, &borrowed, statements);
    let awaited = signature.asyncness.map(|word| quote_spanned!(at(word.span)=> .await));
    let whole = quote_spanned! {Span::mixed_site()=>
        #attributes
        #look
        #owned
        #call(__missed, #run) #awaited
    };
    let mut whole = Group::new(proc_macro2::Delimiter::Brace, whole);
    whole.set_span(body.span());
    quote_spanned!(Span::mixed_site()=> #before #signature #whole #companion)
}

/// The function's, in which what is bound again is not `mut`: that is for the body.
fn signature(model: &Model) -> Signature {
    let mut signature = model.signature.clone();
    let Flight::Polled(rebound) = &model.flight else { return signature };
    for input in &mut signature.inputs {
        if let FnArg::Typed(typed) = input
            && let Pat::Ident(pattern) = &mut *typed.pat
            && rebound.iter().any(|rebound| rebound.part.value == pattern.ident)
        {
            pattern.mutability = None;
        }
    }
    signature
}

/// What is made owned before the body, and borrowed again in it.
fn rebound(cx: &Context<'_>) -> (TokenStream, TokenStream) {
    let (mut owned, mut borrowed) = (TokenStream::new(), TokenStream::new());
    let Flight::Polled(arguments) = &cx.model.flight else { return (owned, borrowed) };
    let runtime = &cx.runtime;
    for Rebound { part, mutable } in arguments {
        let Part { value, how, ty } = part;
        let copy = Ident::new(&format!("__{}", bare(value)), at(value.span()));
        let span = at(ty.span());
        let shadows = key::shadows();
        if *how == How::Optional {
            owned.extend(quote_spanned! {span=>
                let #copy = #runtime::Option::map(#value, #runtime::ToOwned::to_owned);
            });
            borrowed.extend(quote_spanned! {span=>
                #shadows
                let #mutable #value: #runtime::Option<&#ty> =
                    #runtime::Option::map(#runtime::Option::as_ref(&#copy), #runtime::Borrow::borrow);
            });
        } else {
            owned.extend(quote_spanned!(span=> let #copy = #runtime::ToOwned::to_owned(#value);));
            borrowed.extend(quote_spanned! {span=>
                #shadows
                let #mutable #value: &#ty = #runtime::Borrow::borrow(&#copy);
            });
        }
    }
    (owned, borrowed)
}

/// The body, to be run or polled.
fn run(cx: &Context<'_>, borrowed: &TokenStream, statements: TokenStream) -> TokenStream {
    let (runtime, Model { output, signature, body, .. }) = (&cx.runtime, cx.model);
    let braced = |statements: TokenStream| {
        let mut braced = Group::new(proc_macro2::Delimiter::Brace, statements);
        // At the user's braces, where a missing value is reported.
        braced.set_span(body.span());
        braced.to_token_stream()
    };
    if signature.asyncness.is_none() {
        let body = braced(statements);
        return quote_spanned!(Span::mixed_site()=> move || -> #output #body);
    }
    // A block has no type of its own to write down, but one that the first `return` says.
    let body = braced(quote_spanned! {Span::mixed_site()=>
        if false {
            return #runtime::nothing::<#output>();
        }
        #borrowed
        #statements
    });
    quote_spanned!(Span::mixed_site()=> async move #body)
}
