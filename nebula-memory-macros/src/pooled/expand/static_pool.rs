//! The type's own pool.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::hooks::of_pool;
use crate::generics::without_self;
use crate::hygiene::{at, bare, locate};
use crate::pooled::model::{Hooks, Pool};
use crate::typestate::expand::Context;

/// `impl Pooled`.
pub(super) fn static_pool(cx: &Context<'_>, pool: &Pool, hooks: &Hooks) -> TokenStream {
    let (runtime, ty) = (&cx.runtime, &cx.parts.ty);
    let (capacity, align, limit, body, span) = match pool {
        Pool::None | Pool::Refused => return TokenStream::new(),
        Pool::Static { capacity, align, max_bytes, .. } => (
            checked(cx, "capacity", capacity),
            align.as_ref().map(|align| {
                let align = checked(cx, "align", align);
                quote_spanned!(Span::mixed_site()=> , { #align })
            }),
            max_bytes.as_ref().map(|bytes| limit(cx, bytes)),
            quote_spanned! {Span::mixed_site()=>
                static POOL: <#ty as #runtime::Pooled>::Pool = #runtime::FixedPool::new();
                &POOL
            },
            capacity.span(),
        ),
        Pool::Broken => (
            quote_spanned!(Span::mixed_site()=> 1),
            None,
            None,
            quote_spanned!(Span::mixed_site()=> loop {}),
            cx.target.ident.span(),
        ),
    };
    // If the pool cannot be in a `static`, it is the capacity that asks for one.
    let pool = locate(quote!(#runtime::FixedPool), span);
    let slots = locate(quote!(#ty, { <#ty as #runtime::Pooled>::CAPACITY }), span);
    let body = locate(body, span);
    let hooks = of_pool(cx, hooks);
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        unsafe impl #runtime::Pooled for #ty {
            type Pool = #pool<#slots #align>;
            const CAPACITY: #runtime::primitive::usize = #capacity;
            const SLOT_SIZE: #runtime::primitive::usize = Self::Pool::SLOT_SIZE;

            fn pool() -> &'static Self::Pool {
                #body
            }

            #hooks
        }

        #limit
    }
}

/// The check of the pool's size.
fn limit(cx: &Context<'_>, bytes: &Expr) -> TokenStream {
    let (runtime, ty, name) = (&cx.runtime, &cx.parts.ty, bare(&cx.target.ident));
    let span = bytes.span();
    let allowed = without_self(bytes.to_token_stream(), ty);
    let check = locate(quote!(#runtime::max_bytes), span);
    let needed = quote_spanned!(Span::mixed_site()=> <#ty as #runtime::Pooled>::POOL_BYTES);
    let call = quote_spanned!(at(span)=> #check(#name, #needed, #allowed));
    quote_spanned!(Span::mixed_site()=> const _: () = #call;)
}

/// The user's constant, checked by the function of that name when it is evaluated.
fn checked(cx: &Context<'_>, name: &str, value: &Expr) -> TokenStream {
    let runtime = &cx.runtime;
    let check = Ident::new(name, Span::mixed_site());
    let value_tokens = without_self(value.to_token_stream(), &cx.parts.ty);
    let check = locate(quote!(#runtime::#check), value.span());
    quote_spanned!(at(value.span())=> #check(#value_tokens))
}
