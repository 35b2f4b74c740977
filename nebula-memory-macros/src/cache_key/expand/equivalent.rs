//! Where the twin stands for the key.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::GenericParam;
use syn::spanned::Spanned;

use super::Context;
use super::types::{content_type, mentions_parameter, of_user, target_type};
use crate::cache_key::model::{Field, Lent, Model};
use crate::hygiene::{at, bare, locate};

/// Where it stands for the key.
pub(super) fn equivalent(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, args, .. } = cx;
    let Model { ident, twin, lifetime, fields, .. } = model;
    let (bounded, predicates, ty) = (&parts.bounded, &parts.predicates, &parts.ty);
    let members: Vec<_> = fields.iter().map(|field| &field.member).collect();
    let views: Vec<_> = fields.iter().map(|field| view(cx, field)).collect();
    // Said at the type, for it is its derives that may be missing.
    let same_hash = locate(quote_spanned!(Span::mixed_site()=> #runtime::same_hash), ident.span());
    let is_key = cx.model.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
    let is_key = is_key.then(|| quote_spanned!(Span::mixed_site()=> #ty: #runtime::CacheKey,));
    let generic: TokenStream = fields
        .iter()
        .filter(|field| mentions_parameter(cx, &field.ty))
        .map(|field| {
            let ty = content_type(cx, field);
            let copied = matches!(field.lent, Lent::Copied)
                .then(|| quote_spanned!(Span::mixed_site()=> + #runtime::Copy));
            quote_spanned!(Span::mixed_site()=> #ty: #runtime::Hash + #runtime::PartialEq #copied,)
        })
        .collect();
    let (shown, of) = (bare(twin), bare(ident));
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::From<&#lifetime #ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn from(__key: &#lifetime #ty) -> Self {
                let __twin = Self { #(#members: #views,)* };
                #same_hash(&__twin, __key, #shown, #of);
                __twin
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::Equivalent<#ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn equivalent(&self, __key: &#ty) -> #runtime::primitive::bool {
                let __same = true #(&& #runtime::PartialEq::eq(&self.#members, &#views))*;
                if __same {
                    #same_hash(self, __key, #shown, #of);
                }
                __same
            }
        }
    }
}

/// What the twin has of the field, from a `__key`.
fn view(cx: &Context<'_>, field: &Field) -> TokenStream {
    let (runtime, member) = (&cx.runtime, &field.member);
    let span = at(field.ty.span());
    match &field.lent {
        Lent::Copied => {
            let copied = locate(quote!(#runtime::copied), span);
            quote_spanned!(span=> #copied(&__key.#member))
        }
        Lent::Referred(_) => quote_spanned!(span=> __key.#member),
        Lent::Whole => quote_spanned!(span=> &__key.#member),
        Lent::Borrowed { target, .. } => {
            let (ty, target) = (of_user(cx, &field.ty), target_type(cx, target));
            quote_spanned!(span=> <#ty as #runtime::Borrow<#target>>::borrow(&__key.#member))
        }
        Lent::Optional { inner, target, .. } => {
            let (inner, target) = (of_user(cx, inner), target_type(cx, target));
            quote_spanned! {span=>
                #runtime::Option::map(
                    #runtime::Option::as_ref(&__key.#member),
                    <#inner as #runtime::Borrow<#target>>::borrow,
                )
            }
        }
    }
}
