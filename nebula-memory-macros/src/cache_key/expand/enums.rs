//! What the twin of an enum is: an enum with the same variants.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};

use super::equivalent::view;
use super::owned::owned;
use super::structs::list;
use super::{Context, Place};
use crate::cache_key::model::{Field, Model, Style, Variant};
use crate::generics::without_self;
use crate::hygiene::bare;

/// The enum; whether it equals an `__other`; its hash; its name, which is that of the variant.
pub(super) fn declaration(cx: &Context<'_>, repr: Option<&Ident>, variants: &[Variant]) -> [TokenStream; 4] {
    let Context { model, runtime, bounded, .. } = cx;
    let Model { twin, vis, lifetime, .. } = model;
    let predicates = &cx.parts.predicates;
    let list = variants.iter().map(|variant| {
        let Variant { ident, docs, discriminant, parts } = variant;
        let list = list(cx, parts);
        let body = match parts.style {
            Style::Named => quote_spanned!(Span::mixed_site()=> { #list }),
            Style::Tuple => quote_spanned!(Span::mixed_site()=> (#list)),
            Style::Unit => TokenStream::new(),
        };
        let number = discriminant.as_ref().map(|value| {
            let value = without_self(value.to_token_stream(), &cx.parts.ty);
            quote_spanned!(Span::mixed_site()=> = #value)
        });
        quote_spanned!(Span::mixed_site()=> #(#docs)* #ident #body #number)
    });
    // The same number in the same integer, for that is what is hashed.
    let repr = repr.map(|integer| quote_spanned!(Span::mixed_site()=> #[repr(#integer)]));
    let item = quote_spanned! {Span::mixed_site()=>
        #repr
        #vis enum #twin<#lifetime, #bounded> where #predicates { #(#list,)* }
    };
    let several = variants.len() > 1;
    let equals = variants.iter().map(|variant| {
        let (ones, others) = (bound(variant, "one"), bound(variant, "other"));
        let (one, other) = (pattern(variant, &ones), pattern(variant, &others));
        quote_spanned! {Span::mixed_site()=>
            (Self::#one, Self::#other) => true #(&& #runtime::PartialEq::eq(#ones, #others))*,
        }
    });
    let others = several.then(|| quote_spanned!(Span::mixed_site()=> _ => false,));
    // As `derive(Hash)` does it.
    let number = several.then(
        || quote_spanned!(Span::mixed_site()=> #runtime::Hash::hash(&#runtime::discriminant(self), __state);),
    );
    let hashes = variants.iter().map(|variant| {
        let parts = bound(variant, "part");
        let pattern = pattern(variant, &parts);
        quote_spanned!(Span::mixed_site()=> Self::#pattern => { #(#runtime::Hash::hash(#parts, __state);)* })
    });
    let names = variants.iter().map(|variant| {
        let (ident, name) = (&variant.ident, bare(&variant.ident));
        quote_spanned!(Span::mixed_site()=> Self::#ident { .. } => #name,)
    });
    [
        item,
        quote_spanned!(Span::mixed_site()=> match (self, __other) { #(#equals)* #others }),
        quote_spanned!(Span::mixed_site()=> #number match self { #(#hashes)* }),
        quote_spanned!(Span::mixed_site()=> match self { #(#names)* }),
    ]
}

/// The twin of a `__key`; whether this is equal to it.
pub(super) fn equivalent(cx: &Context<'_>, variants: &[Variant]) -> [TokenStream; 2] {
    let Context { model, runtime, args, .. } = cx;
    let Model { ident, twin, .. } = model;
    let arms = variants.iter().map(|variant| {
        let parts = bound(variant, "part");
        let pattern = pattern(variant, &parts);
        let views = fields(variant, &parts).map(|(field, part)| {
            let (member, view) = (&field.member, view(cx, field, &Place::Bound(part)));
            quote_spanned!(Span::mixed_site()=> #member: #view,)
        });
        let variant = &variant.ident;
        quote_spanned!(Span::mixed_site()=> #ident::#pattern => #twin::#variant { #(#views)* },)
    });
    let view = quote_spanned!(Span::mixed_site()=> match __key { #(#arms)* });
    let same = quote_spanned! {Span::mixed_site()=>
        {
            let __twin: #twin<'_, #args> = #view;
            #runtime::PartialEq::eq(self, &__twin)
        }
    };
    [view, same]
}

/// The key of these parts, if nothing in it is unknown.
pub(super) fn key(cx: &Context<'_>, variants: &[Variant]) -> Option<TokenStream> {
    let ident = &cx.model.ident;
    let arms = variants.iter().map(|variant| {
        let parts = bound(variant, "part");
        let pattern = pattern(variant, &parts);
        let made = fields(variant, &parts).map(|(field, part)| {
            let (member, made) = (&field.member, owned(cx, field, &Place::Bound(part))?);
            Some(quote_spanned!(Span::mixed_site()=> #member: #made,))
        });
        let (made, variant) = (made.collect::<Option<Vec<_>>>()?, &variant.ident);
        Some(quote_spanned!(Span::mixed_site()=> Self::#pattern => #ident::#variant { #(#made)* },))
    });
    let arms = arms.collect::<Option<Vec<_>>>()?;
    Some(quote_spanned!(Span::mixed_site()=> match *self { #(#arms)* }))
}

/// The variant by its name, with its parts bound to these.
fn pattern(variant: &Variant, parts: &[Ident]) -> TokenStream {
    let members = variant.parts.fields.iter().map(|field| &field.member);
    let parts = members.zip(parts).map(|(member, part)| quote_spanned!(Span::mixed_site()=> #member: #part,));
    let parts: TokenStream = parts.collect();
    let mut variant = variant.ident.to_token_stream();
    variant.extend(quote_spanned!(Span::mixed_site()=> { #parts }));
    variant
}

/// A name for each part.
fn bound(variant: &Variant, what: &str) -> Vec<Ident> {
    let places = 0..variant.parts.fields.len();
    places.map(|place| format_ident!("__{what}_{place}", span = Span::mixed_site())).collect()
}

fn fields<'v>(variant: &'v Variant, parts: &'v [Ident]) -> impl Iterator<Item = (&'v Field, &'v Ident)> {
    variant.parts.fields.iter().zip(parts)
}
