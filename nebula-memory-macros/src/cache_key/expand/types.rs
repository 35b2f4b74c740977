//! The types of the twin's fields, and its parameters.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::visit::Visit;
use syn::{GenericParam, Lifetime, Type};

use super::Context;
use crate::cache_key::model::{Field, Lent, Model, Target};
use crate::generics::{Parts, without_self};

/// The type of what the twin has of the field.
pub(super) fn lent_type(cx: &Context<'_>, field: &Field) -> TokenStream {
    let (runtime, lifetime) = (&cx.runtime, &cx.model.lifetime);
    let content = content_type(cx, field);
    match &field.lent {
        Lent::Copied => content,
        Lent::Optional { .. } => {
            quote_spanned!(Span::mixed_site()=> #runtime::Option<&#lifetime #content>)
        }
        _ => quote!(&#lifetime #content),
    }
}

/// The same without the twin's reference.
pub(super) fn content_type(cx: &Context<'_>, field: &Field) -> TokenStream {
    match &field.lent {
        Lent::Copied | Lent::Whole => of_user(cx, &field.ty),
        Lent::Referred(ty) => of_user(cx, ty),
        Lent::Borrowed { target, .. } | Lent::Optional { target, .. } => target_type(cx, target),
    }
}

pub(super) fn target_type(cx: &Context<'_>, target: &Target) -> TokenStream {
    let runtime = &cx.runtime;
    match target {
        Target::Known("str") => quote_spanned!(Span::mixed_site()=> #runtime::primitive::str),
        Target::Known(name) => {
            let name = Ident::new(name, Span::mixed_site());
            quote_spanned!(Span::mixed_site()=> #runtime::#name)
        }
        Target::Slice(item) => {
            let item = of_user(cx, item);
            quote!([#item])
        }
        Target::Other(ty) => of_user(cx, ty),
    }
}

/// The user's type where `Self` is another one.
pub(super) fn of_user(cx: &Context<'_>, ty: &Type) -> TokenStream {
    without_self(ty.to_token_stream(), &cx.parts.ty)
}

/// Whether the type depends on parameters of the user's type other than lifetimes.
pub(super) fn mentions_parameter(cx: &Context<'_>, ty: &Type) -> bool {
    struct Finder<'a> {
        names: Vec<&'a Ident>,
        found: bool,
    }
    impl Visit<'_> for Finder<'_> {
        fn visit_ident(&mut self, ident: &Ident) {
            self.found |= ident == "Self" || self.names.contains(&ident);
        }
    }
    let names: Vec<_> = cx
        .model
        .generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Lifetime(_) => None,
            GenericParam::Type(ty) => Some(&ty.ident),
            GenericParam::Const(constant) => Some(&constant.ident),
        })
        .collect();
    if names.is_empty() {
        return false;
    }
    let mut finder = Finder { names, found: false };
    finder.visit_type(ty);
    finder.found
}

/// The parameters of the twin: those of the user's type, without the lifetimes that are only those of references which
/// the twin has with its own.
pub(super) fn twin_generics(
    model: &Model,
    runtime: &TokenStream,
    parts: &Parts,
) -> (TokenStream, TokenStream) {
    struct Lifetimes(Vec<Lifetime>);
    impl Visit<'_> for Lifetimes {
        fn visit_lifetime(&mut self, lifetime: &Lifetime) {
            self.0.push(lifetime.clone());
        }
    }
    let cx = Context {
        model,
        runtime: runtime.clone(),
        parts: Parts::new(&model.ident, &model.generics),
        bounded: TokenStream::new(),
        args: TokenStream::new(),
    };
    let mut used = Lifetimes(Vec::new());
    for field in model.fields() {
        if let Ok(ty) = syn::parse2::<Type>(lent_type(&cx, field)) {
            used.visit_type(&ty);
        }
    }
    for param in &model.generics.params {
        match param {
            GenericParam::Lifetime(_) => {}
            other => used.visit_generic_param(other),
        }
    }
    if let Some(clause) = &model.generics.where_clause {
        used.visit_where_clause(clause);
    }
    let (mut bounded, mut args) = (TokenStream::new(), TokenStream::new());
    for param in &model.generics.params {
        let mut param = param.clone();
        let name = match &mut param {
            GenericParam::Lifetime(lifetime) => {
                if !used.0.contains(&lifetime.lifetime) {
                    continue;
                }
                lifetime.attrs.clear();
                lifetime.lifetime.to_token_stream()
            }
            GenericParam::Type(ty) => {
                ty.attrs.clear();
                ty.default = None;
                ty.ident.to_token_stream()
            }
            GenericParam::Const(constant) => {
                constant.attrs.clear();
                constant.default = None;
                constant.ident.to_token_stream()
            }
        };
        bounded.extend(quote!(#param,));
        args.extend(quote!(#name,));
    }
    (without_self(bounded, &parts.ty), args)
}
