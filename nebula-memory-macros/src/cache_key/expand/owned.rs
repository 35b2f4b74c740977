//! The key that the parts make, if they are known to make one: where a cache looks up by the twin, it can make the key of it.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned;

use super::Context;
use super::types::{mentions_parameter, of_user};
use crate::cache_key::model::{Field, Lent, Model, Own, Target};
use crate::hygiene::{at, bare};

/// The key that the parts make, if they are known to make one.
pub(super) fn own(cx: &Context<'_>) -> TokenStream {
    let Context { model, runtime, parts, bounded, args } = cx;
    let Model { ident, generics, twin, vis, lifetime, fields, .. } = model;
    let made: Option<Vec<_>> = fields.iter().map(|field| owned(cx, field)).collect();
    let Some(made) = made.filter(|_| generics.lifetimes().next().is_none()) else {
        return TokenStream::new();
    };
    let members = fields.iter().map(|field| &field.member);
    let (ty, predicates) = (&parts.ty, &parts.predicates);
    let generic = fields.iter().filter(|field| mentions_parameter(cx, &field.ty));
    let cloned = generic.map(|field| {
        let ty = of_user(cx, &field.ty);
        quote_spanned!(Span::mixed_site()=> #ty: #runtime::Clone,)
    });
    let items = fields.iter().filter_map(|field| match &field.lent {
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
            #[allow(dead_code)]
            #vis fn to_key(&self) -> #ty where #(#cloned)* #(#items)* {
                #ident { #(#members: #made,)* }
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

/// The field of a key from the twin's; `None` if nobody knows how.
fn owned(cx: &Context<'_>, field: &Field) -> Option<TokenStream> {
    let (runtime, member) = (&cx.runtime, &field.member);
    let span = at(field.ty.span());
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
        Lent::Copied => quote_spanned!(span=> self.#member),
        Lent::Whole => quote_spanned!(span=> #runtime::Clone::clone(self.#member)),
        Lent::Referred(_) => return None,
        Lent::Borrowed { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::made(self.#member, #made))
        }
        Lent::Optional { own, .. } => {
            let made = made(*own)?;
            quote_spanned!(span=> #runtime::Option::map(self.#member, #made))
        }
    })
}
