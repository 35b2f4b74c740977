//! The type, and what every reference can do.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Context;
use super::types::{content_type, lent_type, mentions_parameter};
use crate::cache_key::model::{Lent, Model};
use crate::hygiene::{Names, bare};

/// The type, and what every reference can do.
pub(super) fn declaration(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, twin, vis, lifetime, fields, .. } = model;
    let predicates = &parts.predicates;
    let types: Vec<_> = fields.iter().map(|field| lent_type(cx, field)).collect();
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let list = fields.iter().zip(&types).map(|(field, ty)| {
        let (docs, vis) = (&field.docs, &field.vis);
        match &field.member {
            syn::Member::Named(name) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #name: #ty),
            syn::Member::Unnamed(_) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #ty),
        }
    });
    let body = if model.named {
        quote_spanned!(Span::mixed_site()=> where #predicates { #(#list,)* })
    } else {
        quote_spanned!(Span::mixed_site()=> (#(#list,)*) where #predicates;)
    };
    let conditions = |bound: &str| -> TokenStream {
        let bound = Ident::new(bound, Span::mixed_site());
        let generic = fields.iter().filter(|field| mentions_parameter(cx, &field.ty));
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
    let new_docs = format!(" The parts of a [`{}`].", bare(ident));
    let shown = bare(twin);
    let state = Names::of(&quote!(#args #predicates)).fresh("__H");
    quote_spanned! {Span::mixed_site()=>
        #[doc = #docs]
        #vis struct #twin<#lifetime, #bounded> #body

        impl<#lifetime, #bounded> #twin<#lifetime, #args> where #predicates {
            #[doc = #new_docs]
            #[inline]
            #[must_use]
            #[allow(clippy::too_many_arguments, dead_code)]
            #vis const fn new(#(#names: #types),*) -> Self {
                Self { #(#members: #names,)* }
            }
        }

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
                true #(&& #runtime::PartialEq::eq(&self.#members, &__other.#members))*
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
                #(#runtime::Hash::hash(&self.#members, __state);)*
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Debug for #twin<#lifetime, #args> where #predicates {
            fn fmt(&self, __f: &mut #runtime::Formatter<'_>) -> #runtime::fmt::Result {
                #runtime::Formatter::debug_struct(__f, #shown).finish_non_exhaustive()
            }
        }
    }
}

/// That what is copied can be, where it depends on a parameter.
fn copies(cx: &Context<'_>) -> TokenStream {
    let copied = cx.model.fields.iter().filter(|field| matches!(field.lent, Lent::Copied));
    let generic = copied.filter(|field| mentions_parameter(cx, &field.ty));
    let runtime = &cx.runtime;
    generic
        .map(|field| {
            let ty = lent_type(cx, field);
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::Copy,)
        })
        .collect()
}
