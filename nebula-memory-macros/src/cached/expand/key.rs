//! The key as it is looked up: borrowed, and made owned only if nothing is found.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Context;
use crate::cached::model::{How, Key, Part, Source};
use crate::hygiene::{at, locate};

/// The statements before the look-up, and the expression that is looked up.
pub(super) fn key(cx: &Context<'_>) -> (TokenStream, TokenStream) {
    let (lent, whole, ty, body) = match &cx.model.key {
        Key::Arguments(parts) => match &parts[..] {
            [one] => return (TokenStream::new(), part(cx, one)),
            parts => {
                let parts = parts.iter().map(|one| part(cx, one));
                return (TokenStream::new(), quote_spanned!(Span::mixed_site()=> (#(#parts,)*)));
            }
        },
        Key::Computed { lent, part, ty, body } => (lent, part, ty, body),
    };
    let runtime = &cx.runtime;
    let lent = lent.iter().map(|argument| {
        let name = &argument.name;
        let value =
            if argument.by_value { quote_spanned!(at(name.span())=> &#name) } else { name.to_token_stream() };
        let shadows = shadows();
        quote_spanned!(Span::mixed_site()=> #shadows let #name = #value;)
    });
    let name = &whole.value;
    // A closure, so that a `return` in it gives the key.
    let computed = quote_spanned! {Span::mixed_site()=>
        let #name: #ty = #runtime::computed(|| -> #ty {
            #(#lent)*
            #(#body)*
        });
    };
    (computed, part(cx, whole))
}

/// What lints say of a name that is bound again.
pub(super) fn shadows() -> TokenStream {
    quote_spanned! {Span::mixed_site()=>
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_reuse,
            clippy::shadow_same,
            clippy::shadow_unrelated,
            clippy::used_underscore_binding,
        )]
    }
}

/// One part.
fn part(cx: &Context<'_>, part: &Part) -> TokenStream {
    let (runtime, value, span) = (&cx.runtime, &part.value, part.ty.span());
    // A cache of the user's takes keys that one for all threads does not.
    let (lent, maybe) = match cx.model.source {
        Source::Own(_) => (quote!(#runtime::lent), quote!(#runtime::maybe_lent)),
        Source::Given(_) => (quote!(#runtime::lent_to), quote!(#runtime::maybe_lent_to)),
    };
    let (lent, maybe) = (locate(lent, span), locate(maybe, span));
    match part.how {
        How::Value => quote_spanned!(at(span)=> #lent(&#value)),
        How::Reference(count) => {
            let stars = std::iter::repeat_n(quote_spanned!(at(span)=> *), count - 1);
            quote_spanned!(at(span)=> #lent(#(#stars)* #value))
        }
        How::Optional => {
            quote_spanned!(at(span)=> #maybe(#value))
        }
        How::Receiver => quote_spanned!(at(span)=> #lent(&*#value)),
    }
}

/// The type of the key as it is kept.
pub(super) fn owned_type(cx: &Context<'_>) -> TokenStream {
    let runtime = &cx.runtime;
    let owned = |part: &Part| {
        let ty = &part.ty;
        let owned = quote_spanned!(Span::mixed_site()=> <#ty as #runtime::ToOwned>::Owned);
        match part.how {
            How::Value | How::Receiver => ty.to_token_stream(),
            How::Reference(_) => owned,
            How::Optional => quote_spanned!(Span::mixed_site()=> #runtime::Option<#owned>),
        }
    };
    match &cx.model.key {
        Key::Computed { part, .. } => owned(part),
        Key::Arguments(parts) => match &parts[..] {
            [one] => owned(one),
            parts => {
                let parts = parts.iter().map(owned);
                quote_spanned!(Span::mixed_site()=> (#(#parts,)*))
            }
        },
    }
}
