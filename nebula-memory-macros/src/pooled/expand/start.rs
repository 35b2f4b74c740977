//! The functions that start a builder.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::with_std;
use crate::diagnostics::Diagnostics;
use crate::pooled::model::{Hooks, Pool};
use crate::typestate::expand::Context;
use crate::typestate::expand::stubs::functions;

/// The inherent functions of the user's type.
pub(super) fn start(
    cx: &Context<'_>,
    pool: &Pool,
    hooks: &Hooks,
    reset: bool,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let (vis, builder, runtime, handle) = (&cx.target.vis, &cx.target.builder, &cx.runtime, &cx.other);
    let (bounded, predicates, args, ty) =
        (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.args, &cx.parts.ty);
    let (place, taken) = if hooks.any() {
        (
            quote_spanned!(Span::mixed_site()=> #runtime::Hooked<#handle>),
            quote_spanned!(Span::mixed_site()=> #runtime::Hooked::new(__pool)),
        )
    } else {
        (handle.to_token_stream(), quote_spanned!(Span::mixed_site()=> __pool))
    };
    let slot = quote_spanned!(Span::mixed_site()=> #builder<#args #runtime::InPool<#place>>);
    let acquired = |by: &str, from: TokenStream| {
        let by = Ident::new(by, Span::mixed_site());
        quote_spanned! {Span::mixed_site()=>
            match unsafe { #runtime::Partial::#by(#from) } {
                #runtime::Result::Ok(__partial) => #runtime::Result::Ok(#builder { partial: __partial }),
                #runtime::Result::Err(__error) => #runtime::Result::Err(__error),
            }
        }
    };
    let in_pool = acquired("acquire", taken);
    let own = match pool {
        Pool::Static { heap: true, local: true, .. } => "LocalOrHeap",
        Pool::Static { heap: false, local: true, .. } => "LocalPool",
        Pool::Static { heap: true, local: false, .. } => "StaticOrHeap",
        _ => "StaticPool",
    };
    let (of_thread, heap) = (own.starts_with("Local"), own.ends_with("OrHeap"));
    let own = Ident::new(own, Span::mixed_site());
    // A hooked handle of the static pool, which has the hooks itself, would only be another type of box.
    let in_own = |handle: TokenStream| {
        if reset {
            acquired("reuse", handle)
        } else if hooks.any() {
            acquired("acquire", handle)
        } else {
            quote_spanned!(Span::mixed_site()=> <#ty>::build_in(#handle))
        }
    };
    let in_own = if of_thread {
        let started = in_own(quote_spanned!(Span::mixed_site()=> __pool));
        quote_spanned! {Span::mixed_site()=>
            match #runtime::#own::current() {
                #runtime::Result::Ok(__pool) => #started,
                #runtime::Result::Err(__error) => #runtime::Result::Err(__error),
            }
        }
    } else {
        in_own(quote_spanned!(Span::mixed_site()=> #runtime::#own::new()))
    };
    let place_of_own = Ident::new(if reset { "InReused" } else { "InPool" }, Span::mixed_site());
    let whose =
        if of_thread { "of the pool that the type has on this thread" } else { "of the type's static pool" };
    let docs = format!(" Starts a value in a slot {whose}.");
    let errors = match (heap, of_thread) {
        (true, _) => " All slots are in use, and the heap has no memory.",
        (false, true) => {
            " All slots are in use; or there is no memory for the pool, or the thread is ending."
        }
        (false, false) => " All slots are in use.",
    };
    let inline = cx.start_inline(" Starts a plain value.");
    let acquire = match pool {
        Pool::None => TokenStream::new(),
        Pool::Refused => functions(vis, &[("acquire", 0)], diagnostics).unwrap_or_default(),
        Pool::Static { .. } | Pool::Broken => quote_spanned! {Span::mixed_site()=>
            #[doc = #docs]
            ///
            /// # Errors
            #[doc = #errors]
            #[inline]
            #vis fn acquire() -> #runtime::Result<
                #builder<#runtime::#place_of_own<#runtime::#own<#ty>>>,
                #runtime::AllocError,
            > {
                #in_own
            }
        },
    };
    // What needs `std` is where it can be left out.
    let (acquire, apart) = if of_thread {
        let apart = quote_spanned!(Span::mixed_site()=> impl #ty { #acquire });
        (TokenStream::new(), with_std(cx, pool, apart))
    } else {
        (acquire, TokenStream::new())
    };
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded> #ty where #predicates {
            #inline

            /// Starts a value in a slot of the pool.
            ///
            /// # Errors
            /// The pool has no free slot.
            #[inline]
            #vis fn build_in<#handle: #runtime::PoolOf<#ty>>(
                __pool: #handle,
            ) -> #runtime::Result<#slot, #runtime::AllocError> {
                #in_pool
            }

            #acquire
        }
        #apart
    }
}
