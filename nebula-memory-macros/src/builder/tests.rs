use quote::quote;

use super::model::{Build, Model};
use super::{check, parse};
use crate::diagnostics::Diagnostics;
use crate::typestate::model::{Fallback, Kind};

fn model(input: proc_macro2::TokenStream) -> (Option<Model>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(input, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics).ok());
    (model, diagnostics.messages())
}

fn build(input: &proc_macro2::TokenStream) -> Build {
    let (model, messages) = model(quote!(
        #[builder(#input)]
        struct Options {
            a: u8,
        }
    ));
    assert!(messages.is_empty(), "{messages:?}");
    model.unwrap().build
}

#[test]
fn a_check_is_a_path_or_a_closure() {
    assert!(matches!(build(&quote!()), Build::Plain));
    for check in [
        quote!(check),
        quote!(Self::check),
        quote!(<Self as Check>::check::<u8>),
        quote!(|options| options.check()),
    ] {
        assert!(matches!(build(&quote!(check = #check)), Build::Checked { error: None, .. }));
    }
    for wrong in [quote!("check"), quote!(1), quote!(f()), quote!(f + g)] {
        let (_, messages) = model(quote!(
            #[builder(check = #wrong)]
            struct Options {
                a: u8,
            }
        ));
        assert_eq!(messages.len(), 1, "{wrong}: {messages:?}");
        assert!(messages[0].contains("expected the path of a function"), "{messages:?}");
    }
}

#[test]
fn an_error_is_any_type() {
    for error in [
        quote!(String),
        quote!(std::io::Error),
        quote!(Vec<String>),
        quote!(Box<dyn Error + Send>),
        quote!(&'static str),
        quote!((u8, u8)),
        quote!(<Self as Check>::Error),
    ] {
        assert!(matches!(build(&quote!(check = f, error = #error)), Build::Checked { error: Some(_), .. }));
    }
}

#[test]
fn no_setter_works_in_place() {
    let (model, messages) = model(quote! {
        struct Options {
            array: [u8; 4],
            nested: Nested,
            #[builder(default)]
            growth: Growth,
            limit: Option<usize>,
        }
    });
    assert!(messages.is_empty(), "{messages:?}");
    let fields = model.unwrap().target.fields;
    assert!(fields.iter().all(|field| field.in_place.is_none()));
    let kinds: Vec<_> = fields.into_iter().map(|field| field.kind).collect();
    assert!(matches!(
        kinds[..],
        [Kind::Required, Kind::Required, Kind::Optional(Fallback::Default), Kind::Optional(Fallback::None)]
    ));
}

#[test]
fn the_setter_of_a_field_may_be_called_finish_but_not_build() {
    let (_, messages) = model(quote!(
        struct Options {
            finish: u8,
            build: u8,
        }
    ));
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("`#[builder(rename = …)]`"), "{messages:?}");
}

#[test]
fn a_type_takes_one_of_the_two_derives() {
    for input in [
        quote!(
            #[pooled(capacity = 1)]
            struct Options {
                a: u8,
            }
        ),
        quote!(
            struct Options {
                #[pooled(default)]
                a: u8,
            }
        ),
    ] {
        let (model, messages) = model(input);
        assert!(model.is_none() && messages[0].contains("derive one of the two"), "{messages:?}");
    }
}

/// `build` keeps the type it was probably meant to have, so that what uses it compiles.
#[test]
fn a_wrong_attribute_leaves_the_kind_of_build() {
    let (wrong_check, messages) = model(quote!(
        #[builder(chekc = f)]
        struct Options {}
    ));
    assert!(messages[0].contains("Did you mean `check`?"), "{messages:?}");
    assert!(matches!(wrong_check.unwrap().build, Build::Broken { error: None }));

    let (no_check, messages) = model(quote!(
        #[builder(error = String)]
        struct Options {}
    ));
    assert!(messages[0].contains("add `check = path`"), "{messages:?}");
    assert!(matches!(no_check.unwrap().build, Build::Broken { error: Some(_) }));

    let (other, messages) = model(quote!(
        #[builder(start = "new")]
        struct Options {}
    ));
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(matches!(other.unwrap().build, Build::Plain));
}
