//! The functions called when a value comes and goes.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Expr;

use crate::generics::without_self;
use crate::pooled::model::Hooks;
use crate::typestate::expand::Context;

/// `impl Hooks`, if there are any.
pub(super) fn hooks(cx: &Context<'_>, hooks: &Hooks) -> TokenStream {
    if !hooks.any() {
        return TokenStream::new();
    }
    let runtime = &cx.runtime;
    let (bounded, predicates, ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let acquired = hook(cx, "acquired", hooks.on_acquire.as_ref());
    let releasing = hook(cx, "releasing", hooks.on_release.as_ref());
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<#bounded> #runtime::Hooks for #ty where #predicates {
            #acquired
            #releasing
        }
    }
}

fn hook(cx: &Context<'_>, name: &str, callee: Option<&Expr>) -> Option<TokenStream> {
    let ty = &cx.parts.ty;
    let name = Ident::new(name, Span::mixed_site());
    let callee = without_self(callee?.to_token_stream(), ty);
    // As a function pointer first: what does not fit is an error at the user's path, and not at a call the user
    // did not write.
    Some(quote_spanned! {Span::mixed_site()=>
        #[inline]
        fn #name(__value: &mut Self) {
            let __hook: fn(&mut #ty) = #callee;
            __hook(__value)
        }
    })
}

/// What the static pool calls, if there are hooks.
pub(super) fn of_pool(cx: &Context<'_>, hooks: &Hooks) -> Option<TokenStream> {
    let runtime = &cx.runtime;
    hooks.any().then(|| {
        quote_spanned! {Span::mixed_site()=>
            #[inline]
            fn acquired(__value: &mut Self) {
                <Self as #runtime::Hooks>::acquired(__value)
            }

            #[inline]
            fn releasing(__value: &mut Self) {
                <Self as #runtime::Hooks>::releasing(__value)
            }
        }
    })
}
