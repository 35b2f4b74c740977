//! The functions that start a builder.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::pooled::model::Pool;
use crate::typestate::expand::Context;

/// The inherent functions of the user's type.
pub(super) fn start(cx: &Context<'_>, pool: &Pool) -> TokenStream {
    let (vis, builder, runtime, handle) = (&cx.target.vis, &cx.target.builder, &cx.runtime, &cx.other);
    let (bounded, predicates, args, ty) =
        (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.args, &cx.parts.ty);
    let slot = quote_spanned!(Span::mixed_site()=> #builder<#args #runtime::InPool<#handle>>);
    let inline = cx.start_inline(" Starts a plain value.");
    let acquire = match pool {
        Pool::None => TokenStream::new(),
        Pool::Static { .. } | Pool::Broken => quote_spanned! {Span::mixed_site()=>
            /// Starts a value in a slot of the type's static pool.
            ///
            /// # Errors
            /// All slots are in use.
            #[inline]
            #vis fn acquire() -> #runtime::Result<
                #builder<#runtime::InPool<#runtime::StaticPool<#ty>>>,
                #runtime::AllocError,
            > {
                <#ty>::build_in(#runtime::StaticPool::new())
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
            #vis fn build_in<#handle: #runtime::PoolHandle<Item = #ty>>(
                __pool: #handle,
            ) -> #runtime::Result<#slot, #runtime::AllocError> {
                match unsafe { #runtime::Partial::acquire(__pool) } {
                    #runtime::Result::Ok(__partial) => #runtime::Result::Ok(#builder { partial: __partial }),
                    #runtime::Result::Err(__error) => #runtime::Result::Err(__error),
                }
            }

            #acquire
        }
    }
}
