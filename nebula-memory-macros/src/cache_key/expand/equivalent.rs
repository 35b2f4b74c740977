//! Where the twin stands for the key.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::GenericParam;
use syn::spanned::Spanned;

use super::types::{content_type, mentions_parameter, of_user, target_type};
use super::{Context, Place, enums, structs};
use crate::cache_key::model::{Field, Lent, Model, Shape};
use crate::hygiene::{at, bare, locate};

/// Where it stands for the key.
pub(super) fn equivalent(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, args, .. } = cx;
    let Model { ident, twin, lifetime, .. } = model;
    let (bounded, predicates, ty) = (&parts.bounded, &parts.predicates, &parts.ty);
    let [view, same] = match &model.shape {
        Shape::Struct(parts) => structs::equivalent(cx, parts),
        Shape::Enum { variants, .. } => enums::equivalent(cx, variants),
    };
    // Said at the type, for it is its derives that may be missing.
    let same_hash = locate(quote_spanned!(Span::mixed_site()=> #runtime::same_hash), ident.span());
    let is_key = cx.model.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
    let is_key = is_key.then(|| quote_spanned!(Span::mixed_site()=> #ty: #runtime::CacheKey,));
    let generic: TokenStream = model
        .fields()
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
        #[allow(deprecated)]
        impl<#lifetime, #bounded> #runtime::From<&#lifetime #ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn from(__key: &#lifetime #ty) -> Self {
                let __twin = #view;
                #same_hash(&__twin, __key, #shown, #of);
                __twin
            }
        }

        #[automatically_derived]
        #[allow(deprecated)]
        impl<#lifetime, #bounded> #runtime::Equivalent<#ty> for #twin<#lifetime, #args>
        where #predicates #generic #is_key
        {
            #[inline]
            fn equivalent(&self, __key: &#ty) -> #runtime::primitive::bool {
                let __same = #same;
                if __same {
                    #same_hash(self, __key, #shown, #of);
                }
                __same
            }
        }
    }
}

/// What the twin has of a field of the key: of this place, or of what this refers to.
pub(super) fn view(cx: &Context<'_>, field: &Field, place: &Place<'_>) -> TokenStream {
    let runtime = &cx.runtime;
    let span = at(field.ty.span());
    let (lent, value) = match place {
        Place::Member(member) => {
            (quote_spanned!(span=> &__key.#member), quote_spanned!(span=> __key.#member))
        }
        Place::Bound(name) => {
            let name = Ident::new(&name.to_string(), span);
            (quote_spanned!(span=> #name), quote_spanned!(span=> *#name))
        }
    };
    match &field.lent {
        Lent::Copied => {
            let copied = locate(quote!(#runtime::copied), span);
            quote_spanned!(span=> #copied(#lent))
        }
        Lent::Referred(_) => value,
        Lent::Whole => lent,
        Lent::Borrowed { target, .. } => {
            let (ty, target) = (of_user(cx, &field.ty), target_type(cx, target));
            quote_spanned!(span=> <#ty as #runtime::Borrow<#target>>::borrow(#lent))
        }
        Lent::Optional { inner, target, .. } => {
            let (inner, target) = (of_user(cx, inner), target_type(cx, target));
            quote_spanned! {span=>
                #runtime::Option::map(
                    #runtime::Option::as_ref(#lent),
                    <#inner as #runtime::Borrow<#target>>::borrow,
                )
            }
        }
    }
}
