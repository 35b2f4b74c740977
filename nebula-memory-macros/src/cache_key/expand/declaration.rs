//! The type, and what every reference can do.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::types::{content_type, lent_type, mentions_parameter};
use super::{Context, enums, structs};
use crate::cache_key::model::{Lent, Model, Shape};
use crate::hygiene::{Names, bare};

/// The type, and what every reference can do.
pub(super) fn declaration(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, twin, lifetime, .. } = model;
    let predicates = &parts.predicates;
    let conditions = |bound: &str| -> TokenStream {
        let bound = Ident::new(bound, Span::mixed_site());
        let generic = model.fields().filter(|field| mentions_parameter(cx, &field.ty));
        let bounds = generic.map(|field| {
            let ty = content_type(cx, field);
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::#bound,)
        });
        bounds.collect()
    };
    let copies = copies(cx);
    let (equals, eqs, hashes) = (conditions("PartialEq"), conditions("Eq"), conditions("Hash"));
    let docs = format!(
        " [`{}`] by its parts, borrowed: looks up what was kept by one, and allocates nothing.",
        bare(ident)
    );
    let [item, equal, hash, name] = match &model.shape {
        Shape::Struct(parts) => structs::declaration(cx, parts),
        Shape::Enum { repr, variants } => enums::declaration(cx, repr.as_ref(), variants),
    };
    let state = Names::of(&quote!(#args #predicates)).fresh("__H");
    quote_spanned! {Span::mixed_site()=>
        #[doc = #docs]
        #[allow(nonstandard_style)]
        #item

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Clone for #twin<#lifetime, #args>
        where #predicates #copies
        {
            #[inline]
            fn clone(&self) -> Self {
                *self
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Copy for #twin<#lifetime, #args> where #predicates #copies {}

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::PartialEq for #twin<#lifetime, #args>
        where #predicates #equals
        {
            #[inline]
            fn eq(&self, __other: &Self) -> #runtime::primitive::bool {
                #equal
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Eq for #twin<#lifetime, #args> where #predicates #equals #eqs {}

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Hash for #twin<#lifetime, #args>
        where #predicates #hashes
        {
            #[inline]
            fn hash<#state: #runtime::Hasher>(&self, __state: &mut #state) {
                #hash
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Debug for #twin<#lifetime, #args> where #predicates {
            fn fmt(&self, __f: &mut #runtime::Formatter<'_>) -> #runtime::fmt::Result {
                #runtime::Formatter::debug_struct(__f, #name).finish_non_exhaustive()
            }
        }
    }
}

/// That what is copied can be, where it depends on a parameter.
fn copies(cx: &Context<'_>) -> TokenStream {
    let copied = cx.model.fields().filter(|field| matches!(field.lent, Lent::Copied));
    let generic = copied.filter(|field| mentions_parameter(cx, &field.ty));
    let runtime = &cx.runtime;
    generic
        .map(|field| {
            let ty = lent_type(cx, field);
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::Copy,)
        })
        .collect()
}
