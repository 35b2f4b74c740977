//! What the twin of a struct is.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use super::equivalent::view;
use super::owned::owned;
use super::types::lent_type;
use super::{Context, Place};
use crate::cache_key::model::{Model, Parts, Style};
use crate::hygiene::bare;

/// The struct and how it is made; whether it equals an `__other`; its hash; its name.
pub(super) fn declaration(cx: &Context<'_>, parts: &Parts) -> [TokenStream; 4] {
    let Context { model, runtime, bounded, args, .. } = cx;
    let Model { ident, twin, vis, lifetime, .. } = model;
    let predicates = &cx.parts.predicates;
    let fields = &parts.fields;
    let types: Vec<_> = fields.iter().map(|field| lent_type(cx, field)).collect();
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let list = list(cx, parts);
    let body = match parts.style {
        Style::Named => quote_spanned!(Span::mixed_site()=> where #predicates { #list }),
        Style::Tuple | Style::Unit => quote_spanned!(Span::mixed_site()=> (#list) where #predicates;),
    };
    let new_docs = format!(" The parts of a [`{}`].", bare(ident));
    let item = quote_spanned! {Span::mixed_site()=>
        #vis struct #twin<#lifetime, #bounded> #body

        impl<#lifetime, #bounded> #twin<#lifetime, #args> where #predicates {
            #[doc = #new_docs]
            #[inline]
            #[must_use]
            #[allow(clippy::too_many_arguments, dead_code, nonstandard_style)]
            #vis const fn new(#(#names: #types),*) -> Self {
                Self { #(#members: #names,)* }
            }
        }
    };
    [
        item,
        quote_spanned!(Span::mixed_site()=> true #(&& #runtime::PartialEq::eq(&self.#members, &__other.#members))*),
        quote_spanned!(Span::mixed_site()=> #(#runtime::Hash::hash(&self.#members, __state);)*),
        bare(twin).into_token_stream(),
    ]
}

/// The fields of the twin, each followed by a comma.
pub(super) fn list(cx: &Context<'_>, parts: &Parts) -> TokenStream {
    let list = parts.fields.iter().map(|field| {
        let (docs, vis, ty) = (&field.docs, &field.vis, lent_type(cx, field));
        match &field.member {
            syn::Member::Named(name) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #name: #ty,),
            syn::Member::Unnamed(_) => quote_spanned!(Span::mixed_site()=> #(#docs)* #vis #ty,),
        }
    });
    list.collect()
}

/// The twin of a `__key`; whether this is equal to it.
pub(super) fn equivalent(cx: &Context<'_>, parts: &Parts) -> [TokenStream; 2] {
    let runtime = &cx.runtime;
    let members: Vec<_> = parts.fields.iter().map(|field| &field.member).collect();
    let views = parts.fields.iter().map(|field| view(cx, field, &Place::Member(&field.member)));
    let views: Vec<_> = views.collect();
    [
        quote_spanned!(Span::mixed_site()=> Self { #(#members: #views,)* }),
        quote_spanned!(Span::mixed_site()=> true #(&& #runtime::PartialEq::eq(&self.#members, &#views))*),
    ]
}

/// The key of these parts, if nothing in it is unknown.
pub(super) fn key(cx: &Context<'_>, parts: &Parts) -> Option<TokenStream> {
    let ident = &cx.model.ident;
    let members = parts.fields.iter().map(|field| &field.member);
    let made = parts.fields.iter().map(|field| owned(cx, field, &Place::Member(&field.member)));
    let made: Vec<_> = made.collect::<Option<_>>()?;
    Some(quote_spanned!(Span::mixed_site()=> #ident { #(#members: #made,)* }))
}
