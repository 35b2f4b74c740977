//! `finish` and `build`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use super::Context;

/// The methods that exist for every state, and can be called when each required field is set.
pub(super) fn finish(cx: &Context<'_>) -> TokenStream {
    let (runtime, vis, place) = (&cx.runtime, &cx.model.vis, &cx.place);
    let (bounded, predicates, self_ty) = (&cx.parts.bounded, &cx.parts.predicates, &cx.parts.ty);
    let states: Vec<&Ident> = cx.required.iter().map(|(_, state)| state).collect();
    let bounds: Vec<_> =
        cx.required.iter().map(|(field, state)| cx.state_bound(state, "IsSet", field)).collect();
    let groups = cx.open_groups();
    let place_bound = cx.place_bound();
    let anywhere = cx.builder_of(place, &groups);
    let inline = cx.builder_of(&quote_spanned!(Span::mixed_site()=> #runtime::Inline<#self_ty>), &groups);
    quote_spanned! {Span::mixed_site()=>
        impl<#bounded #place_bound, #(#states,)*> #anywhere where #predicates {
            /// Completes the value, where it is.
            #[inline]
            #vis fn finish(self) -> <#place as #runtime::Place<#self_ty>>::Output where #(#bounds,)* {
                unsafe { #runtime::Partial::finish::<#self_ty>(self.partial) }
            }
        }

        impl<#bounded #(#states,)*> #inline where #predicates {
            /// Completes the value and returns it.
            #[inline]
            #vis fn build(self) -> #self_ty where #(#bounds,)* {
                unsafe { #runtime::Partial::finish::<#self_ty>(self.partial) }
            }
        }
    }
}
