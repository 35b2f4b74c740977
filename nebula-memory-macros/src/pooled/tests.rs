use quote::quote;

use super::model::{Model, Pool};
use super::{check, parse};
use crate::diagnostics::Diagnostics;
use crate::hygiene::bare;
use crate::typestate::model::{Fallback, Kind};

fn model(input: proc_macro2::TokenStream) -> (Option<Model>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(input, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics).ok());
    (model, diagnostics.messages())
}

#[test]
fn each_field_has_its_kind() {
    let (model, messages) = model(quote! {
        struct Item {
            required: u8,
            optional: ::core::option::Option<u8>,
            #[pooled(required)]
            insisted: Option<u8>,
            #[pooled(default)]
            defaulted: u8,
            #[pooled(default)]
            none: Option<u8>,
            #[pooled(skip = 1)]
            skipped: u8,
        }
    });
    assert!(messages.is_empty(), "{messages:?}");
    let kinds: Vec<_> =
        model.unwrap().target.fields.into_iter().map(|field| (field.kind, field.option.is_some())).collect();
    assert!(matches!(
        kinds[..],
        [
            (Kind::Required, false),
            (Kind::Optional(Fallback::None), true),
            (Kind::Required, false),
            (Kind::Optional(Fallback::Default), false),
            (Kind::Optional(Fallback::None), true),
            (Kind::Skipped(Fallback::Expr(_)), false),
        ]
    ));
}

#[test]
fn setters_in_place_are_for_what_may_be_large() {
    let (model, _) = model(quote! {
        struct Item {
            array: [u8; 4],
            nested: module::Thing<u8>,
            string: String,
            reference: &'static [u8; 4],
            number: u32,
            maybe: Option<Thing>,
            clash: Thing,
            clash_with: u8,
            #[pooled(rename = r#type)]
            renamed: Thing,
        }
    });
    let names: Vec<_> =
        model.unwrap().target.fields.iter().filter_map(|field| field.in_place.as_ref()).map(bare).collect();
    assert_eq!(names, ["array_with", "nested_with", "type_with"]);
}

#[test]
fn all_errors_are_reported_and_a_model_is_left() {
    let (model, messages) = model(quote! {
        #[pooled(capcity = 4, align = 64)]
        struct Item {
            #[pooled(defualt)]
            a: u8,
            finish: u8,
            #[pooled(skip, default = 1, into)]
            b: u8,
        }
    });
    assert_eq!(messages.len(), 5, "{messages:#?}");
    let model = model.unwrap();
    assert!(matches!(model.pool, Pool::Broken));
    let kinds: Vec<_> = model.target.fields.into_iter().map(|field| field.kind).collect();
    assert!(matches!(
        kinds[..],
        [Kind::Broken { setter: true }, Kind::Broken { setter: false }, Kind::Skipped(Fallback::Default)]
    ));
}

#[test]
fn a_static_pool_needs_a_type_without_parameters() {
    let (model, messages) = model(quote! {
        #[pooled(capacity = 4)]
        struct Item<T> {
            a: T,
        }
    });
    assert!(matches!(model.unwrap().pool, Pool::Refused));
    assert!(messages[0].contains("build_in"), "{messages:?}");
}
