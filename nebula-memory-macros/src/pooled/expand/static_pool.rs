//! The type's own pool.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::hooks::of_pool;
use super::with_std;
use crate::generics::without_self;
use crate::hygiene::{at, bare, locate};
use crate::pooled::model::{Hooks, Pool};
use crate::typestate::expand::Context;

/// `impl Pooled`.
pub(super) fn static_pool(cx: &Context<'_>, pool: &Pool, hooks: &Hooks, reset: bool) -> TokenStream {
    let Declared { ty: pool_ty, capacity, size, body, limit } = match pool {
        Pool::None | Pool::Refused => return TokenStream::new(),
        Pool::Static { capacity, align, max_bytes, local, stats, .. } => {
            declared(cx, capacity, align.as_ref(), max_bytes.as_ref(), [*local, *stats, reset])
        }
        Pool::Broken => broken(cx),
    };
    let (runtime, ty) = (&cx.runtime, &cx.parts.ty);
    let hooks = of_pool(cx, hooks);
    let tokens = quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        unsafe impl #runtime::Pooled for #ty {
            type Pool = #pool_ty;
            const CAPACITY: #runtime::primitive::usize = #capacity;
            const SLOT_SIZE: #runtime::primitive::usize = Self::Pool::SLOT_SIZE;
            #size

            fn pool() -> &'static Self::Pool {
                #body
            }

            #hooks
        }

        #limit
    };
    with_std(cx, pool, tokens)
}

/// What differs from pool to pool.
struct Declared {
    ty: TokenStream,
    capacity: TokenStream,
    /// Of the pool, if it is not that of its type.
    size: Option<TokenStream>,
    body: TokenStream,
    limit: Option<TokenStream>,
}

fn declared(
    cx: &Context<'_>,
    capacity: &Expr,
    align: Option<&Expr>,
    max_bytes: Option<&Expr>,
    [local, stats, reset]: [bool; 3],
) -> Declared {
    let (runtime, ty) = (&cx.runtime, &cx.parts.ty);
    let align = align.map(|align| {
        let align = checked(cx, "align", align);
        quote_spanned!(Span::mixed_site()=> , { #align })
    });
    let name = Ident::new(if local { "LocalFixedPool" } else { "FixedPool" }, Span::mixed_site());
    // If the pool cannot be in a `static`, it is the capacity that asks for one.
    let span = capacity.span();
    let one = locate(quote!(#runtime::#name), span);
    let slots = locate(quote!(#ty, { <#ty as #runtime::Pooled>::CAPACITY }), span);
    let mut one = quote!(#one<#slots #align>);
    let mut new = quote_spanned!(Span::mixed_site()=> #runtime::FixedPool::new());
    if stats {
        let mode = Ident::new(if local { "Local" } else { "Shared" }, Span::mixed_site());
        one =
            quote_spanned!(Span::mixed_site()=> #runtime::Tracked<#one, #runtime::Counters<#runtime::#mode>>);
        new = quote_spanned!(Span::mixed_site()=> #runtime::Tracked::with_tracker(#new, #runtime::Counters::new()));
    }
    if reset {
        let slots = quote_spanned!(Span::mixed_site()=> { <#ty as #runtime::Pooled>::CAPACITY });
        one = quote_spanned!(Span::mixed_site()=> #runtime::Reused<#one, #slots>);
        new = quote_spanned!(Span::mixed_site()=> #runtime::Reused::new(#new));
    }
    let (all, size, body) = if local {
        (
            quote_spanned!(Span::mixed_site()=> #runtime::PerThread<#one>),
            Some(quote_spanned! {Span::mixed_site()=>
                const POOL_BYTES: #runtime::primitive::usize = Self::Pool::POOL_BYTES;
            }),
            // The types by way of the trait: hygiene does not keep what the user writes in them from these names.
            quote_spanned! {Span::mixed_site()=>
                #runtime::thread_local! {
                    static SLOT: #runtime::ThreadSlot<
                        <<#ty as #runtime::Pooled>::Pool as #runtime::ThreadPools>::Pool,
                    > = const { #runtime::ThreadSlot::new() };
                }
                static POOLS: <#ty as #runtime::Pooled>::Pool = #runtime::PerThread::new(&SLOT);
                &POOLS
            },
        )
    } else {
        let body = quote_spanned! {Span::mixed_site()=>
            static POOL: <#ty as #runtime::Pooled>::Pool = #new;
            &POOL
        };
        (one, None, locate(body, span))
    };
    Declared {
        ty: all,
        capacity: checked(cx, "capacity", capacity),
        size,
        body,
        limit: max_bytes.map(|bytes| limit(cx, bytes)),
    }
}

/// Enough of a pool that the user's code compiles.
fn broken(cx: &Context<'_>) -> Declared {
    let (runtime, ty, span) = (&cx.runtime, &cx.parts.ty, cx.target.ident.span());
    let pool = locate(quote!(#runtime::FixedPool), span);
    let slots = locate(quote!(#ty, { <#ty as #runtime::Pooled>::CAPACITY }), span);
    Declared {
        ty: quote!(#pool<#slots>),
        capacity: quote_spanned!(Span::mixed_site()=> 1),
        size: None,
        body: locate(quote_spanned!(Span::mixed_site()=> loop {}), span),
        limit: None,
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
