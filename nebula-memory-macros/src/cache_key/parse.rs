//! What the user wrote: the type and its `#[cache_key(…)]` attributes, not yet judged.

use darling::FromMeta;
use darling::ast::{MetaNameValueInvalidExpr, NestedMeta};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, DeriveInput, Expr, Type};

use crate::attrs::{Name, Switch, Vis, ours, ungroup};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::keys::{Keyed, read};

/// The input of the derive.
pub(super) struct Parsed {
    pub(super) input: DeriveInput,
    pub(super) options: TypeOptions,
}

/// The keys of `#[cache_key(…)]` on the type.
#[derive(Default, FromMeta)]
pub(crate) struct TypeOptions {
    pub(super) name: Option<Name>,
    pub(super) vis: Vis,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for TypeOptions {
    const KEYS: &'static [&'static str] = &["name", "vis", "crate"];
}

/// The keys of `#[cache_key(…)]` on a field.
#[derive(Default, FromMeta)]
pub(crate) struct FieldOptions {
    pub(super) borrow: As,
    pub(super) copy: Switch,
}

impl Keyed for FieldOptions {
    const KEYS: &'static [&'static str] = &["borrow", "copy"];
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    let options = options(&input.attrs, diagnostics);
    Some(Parsed { input, options })
}

/// Reads the options in attributes.
pub(super) fn options<O: Keyed>(attrs: &[Attribute], diagnostics: &mut Diagnostics) -> O {
    let list = ours(attrs, "cache_key", diagnostics);
    read(list, O::KEYS, diagnostics)
}

/// The type that a field is borrowed as.
///
/// Not an `Option` of one: darling reads into those only what is an expression, which many types are not.
#[derive(Default)]
pub(super) struct As(pub(super) Option<Type>);

impl As {
    const EXPECTED: &'static str = "expected the type that the field is borrowed as: `borrow = str`";

    fn parse(value: &impl ToTokens) -> darling::Result<Self> {
        syn::parse2(value.to_token_stream())
            .map(|ty| Self(Some(ty)))
            .map_err(|_| darling::Error::custom(Self::EXPECTED).with_span(value))
    }
}

impl FromMeta for As {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(Self::EXPECTED))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Lit(_) => Err(darling::Error::custom("expected a type, without quotes").with_span(expr)),
            other => Self::parse(other),
        }
    }

    fn from_none() -> Option<Self> {
        Some(Self(None))
    }

    fn from_invalid_expr(pair: &MetaNameValueInvalidExpr) -> darling::Result<Self> {
        Self::parse(&pair.value)
    }
}
