//! The generics of the user's type, taken apart so that generated items can add their own.

use proc_macro2::{Group, Ident, Spacing, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, Generics};

/// The pieces of a type's generics, as tokens.
pub(crate) struct Parts {
    /// With bounds and defaults, each followed by a comma: for a declaration.
    pub(crate) declared: TokenStream,
    /// With bounds, each followed by a comma: for an `impl`.
    pub(crate) bounded: TokenStream,
    /// The bare parameters, each followed by a comma.
    pub(crate) args: TokenStream,
    /// The predicates of the `where` clause, each followed by a comma.
    pub(crate) predicates: TokenStream,
    /// The type itself.
    pub(crate) ty: TokenStream,
}

impl Parts {
    pub(crate) fn new(ident: &Ident, generics: &Generics) -> Self {
        let names = generics.params.iter().map(|param| match param {
            GenericParam::Lifetime(lifetime) => lifetime.lifetime.to_token_stream(),
            GenericParam::Type(ty) => ty.ident.to_token_stream(),
            GenericParam::Const(constant) => constant.ident.to_token_stream(),
        });
        let args = quote!(#(#names,)*);
        let ty = if generics.params.is_empty() { ident.to_token_stream() } else { quote!(#ident<#args>) };

        let mut declared = TokenStream::new();
        let mut bounded = TokenStream::new();
        for param in &generics.params {
            let mut param = param.clone();
            match &mut param {
                GenericParam::Lifetime(lifetime) => lifetime.attrs.clear(),
                GenericParam::Type(ty) => ty.attrs.clear(),
                GenericParam::Const(constant) => constant.attrs.clear(),
            }
            declared.extend(quote!(#param,));
            match &mut param {
                GenericParam::Lifetime(_) => {}
                GenericParam::Type(ty) => ty.default = None,
                GenericParam::Const(constant) => constant.default = None,
            }
            bounded.extend(quote!(#param,));
        }
        let predicates = generics.where_clause.iter().flat_map(|clause| &clause.predicates);
        let predicates = quote!(#(#predicates,)*);
        Self {
            declared: without_self(declared, &ty),
            bounded: without_self(bounded, &ty),
            predicates: without_self(predicates, &ty),
            args,
            ty,
        }
    }
}

/// The tokens with `Self` written out as `ty`: for code that moves into the `impl` of another type.
pub(crate) fn without_self(tokens: TokenStream, ty: &TokenStream) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(ident) if ident == "Self" => {
                let path = matches!(
                    trees.peek(),
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint
                );
                // `Self::Item` is `<Type<T>>::Item`.
                out.extend(if path { quote_spanned!(ident.span()=> <#ty>) } else { ty.clone() });
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), without_self(group.stream(), ty));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            other => out.extend([other]),
        }
    }
    out
}
