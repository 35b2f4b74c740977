//! What the user wrote: the type and its `#[builder(…)]` attributes, not yet judged.

use darling::FromMeta;
use darling::ast::{MetaNameValueInvalidExpr, NestedMeta};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Expr, Token, Type};

use super::DERIVE;
use crate::attrs::{Callee, Name, Switch, Vis, ungroup};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::keys::Keyed;
use crate::typestate::other::settle;
use crate::typestate::parse::options;

/// The input of the derive.
pub(super) struct Parsed {
    pub(super) input: DeriveInput,
    pub(super) options: TypeOptions,
    /// An attribute of the type has been reported, and may have been meant to say how `build` ends.
    pub(super) check_lost: bool,
}

/// The keys of `#[builder(…)]` on the type.
#[derive(Default, FromMeta)]
pub(crate) struct TypeOptions {
    pub(super) check: Option<Check>,
    pub(super) error: ErrorType,
    pub(super) builder: Option<Name>,
    pub(super) start: Option<Name>,
    pub(super) vis: Vis,
    pub(super) no_implicit_prelude: Switch,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for TypeOptions {
    const KEYS: &'static [&'static str] =
        &["check", "error", "builder", "start", "vis", "no_implicit_prelude", "crate"];
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let mut input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    if !settle(&mut input, &DERIVE, diagnostics) {
        return None;
    }
    let (options, broken) = options(&input.attrs, &DERIVE, diagnostics);
    let check_lost = broken && input.attrs.iter().any(may_be_about_the_check);
    Some(Parsed { input, options, check_lost })
}

/// Whether a key of the attribute is not one of those that are about something else.
fn may_be_about_the_check(attr: &Attribute) -> bool {
    attr.path().is_ident(DERIVE.attribute)
        && attr.parse_args_with(Punctuated::<NestedMeta, Token![,]>::parse_terminated).is_ok_and(|keys| {
            keys.iter().any(|key| {
                let path = match key {
                    NestedMeta::Meta(meta) => meta.path(),
                    NestedMeta::NameValueInvalidExpr(pair) => &pair.path,
                    NestedMeta::Lit(_) => return false,
                };
                !["builder", "start", "vis", "no_implicit_prelude", "crate"]
                    .iter()
                    .any(|other| path.is_ident(other))
            })
        })
}

/// The function that checks the value.
pub(super) struct Check(pub(super) Expr);

impl FromMeta for Check {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(
            "expected a function: `check = path`, where it is `fn(&Self) -> Result<(), Error>`",
        ))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        Callee::read(expr).map(|Callee(function)| Self(function))
    }
}

/// The type of the error of `check`.
///
/// Not an `Option` of one: darling reads into those only what is an expression, which many types are not.
#[derive(Default)]
pub(super) struct ErrorType(pub(super) Option<Type>);

impl ErrorType {
    fn parse(value: &impl ToTokens) -> darling::Result<Self> {
        syn::parse2(value.to_token_stream())
            .map(|ty| Self(Some(ty)))
            .map_err(|_| darling::Error::custom("expected a type: `error = MyError`").with_span(value))
    }
}

impl FromMeta for ErrorType {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a type: `error = MyError`"))
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
