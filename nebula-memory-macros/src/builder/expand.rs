//! The model as tokens. Nothing is judged here.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::model::{Build, Model};
use crate::generics::without_self;
use crate::hygiene::bare;
use crate::typestate::expand::{Context, Places, expand as expand_builder};

pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { target, build } = model;
    let user = match build {
        Build::Plain => TokenStream::new(),
        Build::Checked { check, error } => quote!(#check #error),
        Build::Broken { error } => error.to_token_stream(),
    };
    let cx = Context::new(target, Places::Inline, &user);
    let docs = format!(
        " Builds a [`{}`] field by field.\n\n It is complete when every required field is set: there is no `build` before.",
        bare(&target.ident)
    );
    expand_builder(&cx, &docs, &start(&cx), &finish(&cx, build))
}

/// The inherent function of the user's type.
fn start(cx: &Context<'_>) -> TokenStream {
    let (bounded, predicates, ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let start = cx.start_inline(" Starts a value with no field set.");
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded> #ty where #predicates {
            #start
        }
    }
}

/// `build`, which exists for every state and can be called when each required field is set.
fn finish(cx: &Context<'_>, build: &Build) -> TokenStream {
    let (runtime, vis) = (&cx.runtime, &cx.target.vis);
    let (bounded, predicates, self_ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let (states, complete, builder) = (cx.states(), cx.complete(), cx.open_builder());
    let value = quote_spanned!(Span::mixed_site()=> unsafe { self.partial.finish::<#self_ty>() });
    let build = match build {
        Build::Plain => quote_spanned! {Span::mixed_site()=>
            /// Completes the value and returns it.
            #[inline]
            #vis fn build(self) -> #self_ty where #complete {
                #value
            }
        },
        Build::Checked { check, error } => {
            let error = error_type(cx, error.as_ref());
            let check = without_self(check.to_token_stream(), self_ty);
            // The expression is in a closure of its own, so that `return` and `?` end it and nothing else.
            quote_spanned! {Span::mixed_site()=>
                /// Completes the value, checks it and returns it.
                ///
                /// # Errors
                /// If what was set does not go together.
                #[inline]
                #vis fn build(self) -> #runtime::Result<#self_ty, #error> where #complete {
                    let __check = || -> fn(&#self_ty) -> #runtime::Result<(), #error> { #check };
                    let __value = #value;
                    match __check()(&__value) {
                        #runtime::Result::Ok(()) => #runtime::Result::Ok(__value),
                        #runtime::Result::Err(__error) => #runtime::Result::Err(__error),
                    }
                }
            }
        }
        Build::Broken { error } => {
            let error = error_type(cx, error.as_ref());
            quote_spanned! {Span::mixed_site()=>
                /// Not available: an attribute of the type is wrong.
                #vis fn build(self) -> #runtime::Result<#self_ty, #error> where #complete {
                    loop {}
                }
            }
        }
    };
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded #states> #builder where #predicates {
            #build
        }
    }
}

/// The user's type of error, or the runtime's.
fn error_type(cx: &Context<'_>, error: Option<&Type>) -> TokenStream {
    let runtime = &cx.runtime;
    error.map_or_else(
        || quote_spanned!(Span::mixed_site()=> #runtime::AllocError),
        |error| without_self(error.to_token_stream(), &cx.parts.ty),
    )
}
