//! The key that the parts make, if they are known to make one: where a cache looks up by the twin, it can make the key of it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::types::{mentions_parameter, of_user};
use super::{Context, Place, enums, structs};
use crate::cache_key::model::{Field, Lent, Model, Own, Shape, Target};
use crate::hygiene::{at, bare};

/// The key that the parts make, if they are known to make one.
pub(super) fn own(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, generics, twin, vis, lifetime, .. } = model;
    let made = match &model.shape {
        Shape::Struct(parts) => structs::key(cx, parts),
        Shape::Enum { variants, .. } => enums::key(cx, variants),
    };
    let Some(made) = made.filter(|_| generics.lifetimes().next().is_none()) else {
        return TokenStream::new();
    };
    let (ty, predicates) = (&parts.ty, &parts.predicates);
    let generic = model.fields().filter(|field| mentions_parameter(cx, &field.ty));
    let cloned = generic.map(|field| {
        let ty = of_user(cx, &field.ty);
        let bound = if matches!(field.lent, Lent::Copied) { "Copy" } else { "Clone" };
        let bound = Ident::new(bound, Span::mixed_site());
        quote_spanned!(Span::mixed_site()=> #ty: #runtime::#bound,)
    });
    let items = model.fields().filter_map(|field| match &field.lent {
        Lent::Borrowed { target: Target::Slice(item) | Target::Other(item), .. }
        | Lent::Optional { target: Target::Slice(item) | Target::Other(item), .. }
            if mentions_parameter(cx, item) && !matches!(item, Type::Slice(_)) =>
        {
            let item = of_user(cx, item);
            Some(quote_spanned!(Span::mixed_site()=> #item: #runtime::Clone,))
        }
        _ => None,
    });
    let (cloned, items): (Vec<_>, Vec<_>) = (cloned.collect(), items.collect());
    let docs = format!(" The [`{}`] of these parts: this allocates.", bare(ident));
    quote_spanned! {Span::mixed_site()=>
        impl<#lifetime, #bounded> #twin<#lifetime, #args> where #predicates {
            #[doc = #docs]
            #[must_use]
            #[allow(dead_code, deprecated)]
            #vis fn to_key(&self) -> #ty where #(#cloned)* #(#items)* {
                #made
            }
        }

        #[automatically_derived]
        impl<#lifetime, #bounded> #runtime::From<#twin<#lifetime, #args>> for #ty
        where #predicates #(#cloned)* #(#items)*
        {
            fn from(__parts: #twin<#lifetime, #args>) -> Self {
                __parts.to_key()
            }
        }
    }
}

/// The field of a key from the twin's, which is there; `None` if nobody knows how.
pub(super) fn owned(cx: &Context<'_>, field: &Field, place: &Place<'_>) -> Option<TokenStream> {
    let runtime = &cx.runtime;
    let span = at(field.ty.span());
    let part = match place {
        Place::Member(member) => quote_spanned!(span=> self.#member),
        Place::Bound(name) => Ident::new(&name.to_string(), span).into_token_stream(),
    };
    let made = |how: Own| -> Option<TokenStream> {
        Some(match how {
            Own::ToOwned => quote_spanned!(span=> #runtime::ToOwned::to_owned),
            Own::From => quote_spanned!(span=> #runtime::From::from),
            Own::FromClone => {
                quote_spanned!(span=> |__part| #runtime::From::from(#runtime::Clone::clone(__part)))
            }
            Own::Unknown => return None,
        })
    };
    Some(match &field.lent {
        Lent::Copied => part,
        Lent::Whole => quote_spanned!(span=> #runtime::Clone::clone(#part)),
        Lent::Referred(_) => return None,
        Lent::Borrowed { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::made(#part, #made))
        }
        Lent::Optional { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::Option::map(#part, #made))
        }
    })
}
