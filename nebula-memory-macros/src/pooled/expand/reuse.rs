//! Fields that stay in their slot.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;

use crate::attrs::ungroup;
use crate::generics::without_self;
use crate::hygiene::{at, bare, locate};
use crate::typestate::expand::fields::default_of;
use crate::typestate::expand::{Context, number};
use crate::typestate::model::{Fallback, FieldModel, Kind, Reset};

/// `impl Reuse`, and the check that the type is one that can be.
pub(super) fn reuse(cx: &Context<'_>, asked: Span) -> TokenStream {
    let (runtime, ty, name) = (&cx.runtime, &cx.parts.ty, bare(&cx.target.ident));
    let fields = || cx.target.fields.iter().enumerate().filter(|(_, field)| field.reset.is_some());
    let bits = fields().map(|(index, _)| {
        let index = number(index);
        quote_spanned!(Span::mixed_site()=> 1 << #index)
    });
    let resets = fields().filter_map(|(_, field)| reset(cx, field));
    let check = locate(quote!(#runtime::reset_without_drop), asked);
    let own = locate(quote!(#runtime::OwnDrop), asked);
    let check = quote_spanned!(at(asked)=> #check(#name, <#own<#ty>>::IS));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        unsafe impl #runtime::Reuse for #ty {
            const KEPT: #runtime::primitive::u64 = #(#bits)|*;

            #[inline]
            fn reset(__value: &mut Self) {
                #(#resets)*
            }
        }

        const _: () = {
            use #runtime::NoOwnDrop as _;
            #check
        };
    }
}

/// The statement that resets a field.
fn reset(cx: &Context<'_>, field: &FieldModel) -> Option<TokenStream> {
    let (runtime, member, ty) = (&cx.runtime, &field.member, &field.ty);
    Some(match field.reset.as_ref()? {
        Reset::Keep => return None,
        Reset::Clear(word) => {
            let call = locate(quote_spanned!(Span::mixed_site()=> __value.#member.clear()), *word);
            quote_spanned!(Span::mixed_site()=> let _ = #call;)
        }
        Reset::Default => {
            let value = match &field.kind {
                Kind::Optional(Fallback::Expr(value)) | Kind::Skipped(Fallback::Expr(value)) => {
                    // In a closure of its own, so that `return` and `?` end it and nothing else.
                    quote_spanned!(Span::mixed_site()=> (|| -> #ty { #value })())
                }
                Kind::Optional(Fallback::None) | Kind::Skipped(Fallback::None) => {
                    quote_spanned!(Span::mixed_site()=> #runtime::Option::None)
                }
                _ => default_of(runtime, ty),
            };
            quote_spanned!(Span::mixed_site()=> __value.#member = #value;)
        }
        Reset::Call(callee) => {
            let meant = meant(callee);
            let callee = without_self(callee.to_token_stream(), &cx.parts.ty);
            // As a function pointer first, as for hooks.
            quote_spanned! {Span::mixed_site()=> {
                #meant
                let __reset: fn(&mut #ty) = #callee;
                __reset(&mut __value.#member)
            }}
        }
    })
}

/// Functions called like the words that `reset` knows, for the compiler to find when a word is none of them, nor a function of
/// the user's, but nearly.
fn meant(callee: &Expr) -> Option<TokenStream> {
    let word = match ungroup(callee) {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident()?,
        _ => return None,
    };
    let words = ["keep", "clear", "default"].map(|name| Ident::new(name, word.span()));
    Some(quote_spanned!(Span::mixed_site()=> #(fn #words() {})*))
}
