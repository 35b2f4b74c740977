//! The functions that start a builder.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::diagnostics::Diagnostics;
use crate::pooled::model::{Hooks, Pool};
use crate::typestate::expand::Context;
use crate::typestate::expand::stubs::functions;

/// The inherent functions of the user's type.
pub(super) fn start(cx: &Context<'_>, pool: &Pool, hooks: &Hooks, diagnostics: &Diagnostics) -> TokenStream {
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
    let acquired = |from: TokenStream| {
        quote_spanned! {Span::mixed_site()=>
            match unsafe { #runtime::Partial::acquire(#from) } {
                #runtime::Result::Ok(__partial) => #runtime::Result::Ok(#builder { partial: __partial }),
                #runtime::Result::Err(__error) => #runtime::Result::Err(__error),
            }
        }
    };
    let in_pool = acquired(taken);
    let (own, errors) = match pool {
        Pool::Static { heap: true, .. } => {
            ("StaticOrHeap", " All slots are in use, and the heap has no memory.")
        }
        _ => ("StaticPool", " All slots are in use."),
    };
    let own = Ident::new(own, Span::mixed_site());
    // A hooked handle of the static pool, which has the hooks itself, would only be another type of box.
    let in_own = if hooks.any() {
        acquired(quote_spanned!(Span::mixed_site()=> #runtime::#own::new()))
    } else {
        quote_spanned!(Span::mixed_site()=> <#ty>::build_in(#runtime::#own::new()))
    };
    let inline = cx.start_inline(" Starts a plain value.");
    let acquire = match pool {
        Pool::None => TokenStream::new(),
        Pool::Refused => functions(vis, &[("acquire", 0)], diagnostics).unwrap_or_default(),
        Pool::Static { .. } | Pool::Broken => quote_spanned! {Span::mixed_site()=>
            /// Starts a value in a slot of the type's static pool.
            ///
            /// # Errors
            #[doc = #errors]
            #[inline]
            #vis fn acquire() -> #runtime::Result<
                #builder<#runtime::InPool<#runtime::#own<#ty>>>,
                #runtime::AllocError,
            > {
                #in_own
            }
        },
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
    }
}
