//! The builder's type.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::Context;
use crate::hygiene::bare;

/// The declaration, beside the user's type.
pub(super) fn declaration(cx: &Context<'_>, docs: &str) -> TokenStream {
    let target = cx.target;
    let (vis, builder, krate, groups) = (&target.vis, &target.builder, &target.krate, &cx.groups);
    let (declared, predicates, ty) = (&cx.parts.declared, &cx.parts.predicates, &cx.parts.ty);
    let unset = (0..groups.len())
        .map(|index| cx.group(index, |_, _| quote_spanned!(Span::mixed_site()=> #krate::__private::Unset)));
    // A type of no size that uses the parameters, and implies of them what the user's type does.
    let used =
        (!target.generics.params.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> [fn(#ty); 0],));
    let state = quote_spanned!(Span::mixed_site()=> (#used #(#groups,)*));
    let inline = quote_spanned!(Span::mixed_site()=> #krate::__private::Inline<#ty>);
    let (parameter, place) = match &cx.place {
        Some(place) => {
            (Some(quote_spanned!(Span::mixed_site()=> #place = #inline,)), place.to_token_stream())
        }
        None => (None, inline),
    };
    let where_clause =
        (!predicates.is_empty()).then(|| quote_spanned!(Span::mixed_site()=> where #predicates));
    quote_spanned! {Span::mixed_site()=>
        #[doc = #docs]
        #[must_use = "a builder does nothing until it is finished"]
        #[allow(deprecated, private_bounds, private_interfaces)]
        #vis struct #builder<
            #declared
            #parameter
            #(#groups = #unset,)*
        > #where_clause {
            partial: #krate::__private::Partial<#place, #state>,
        }
    }
}

/// `impl Debug` for the builder: a `Result` of one can be unwrapped either way.
pub(super) fn debug(cx: &Context<'_>) -> TokenStream {
    let (runtime, groups) = (&cx.runtime, &cx.groups);
    let (bounded, predicates) = (&cx.parts.bounded, &cx.parts.predicates);
    let place = cx.place.as_ref().map(|place| quote_spanned!(Span::mixed_site()=> #place,));
    let all: Vec<_> = groups.iter().map(ToTokens::to_token_stream).collect();
    let ty = cx.builder_of(&all);
    let text = format!("{} {{ .. }}", bare(&cx.target.builder));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<#bounded #place #(#groups,)*> #runtime::fmt::Debug for #ty where #predicates {
            fn fmt(&self, __f: &mut #runtime::fmt::Formatter<'_>) -> #runtime::fmt::Result {
                __f.write_str(#text)
            }
        }
    }
}
