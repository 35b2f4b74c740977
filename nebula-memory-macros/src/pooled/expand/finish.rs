//! `finish` and `build`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use crate::typestate::expand::Context;

/// The methods that exist for every state, and can be called when each required field is set.
pub(super) fn finish(cx: &Context<'_>) -> TokenStream {
    let (runtime, vis) = (&cx.runtime, &cx.target.vis);
    let (bounded, predicates, self_ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let (states, complete, place_bound, output) = (cx.states(), cx.complete(), cx.place_bound(), cx.output());
    let anywhere = cx.open_builder();
    let inline = cx.open_builder_in(&quote_spanned!(Span::mixed_site()=> #runtime::Inline<#self_ty>));
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded #place_bound #states> #anywhere where #predicates {
            /// Completes the value, where it is.
            #[inline]
            #vis fn finish(self) -> #output where #complete {
                unsafe { self.partial.finish::<#self_ty>() }
            }
        }

        impl<#bounded #states> #inline where #predicates {
            /// Completes the value and returns it.
            #[inline]
            #vis fn build(self) -> #self_ty where #complete {
                unsafe { self.partial.finish::<#self_ty>() }
            }
        }
    }
}
