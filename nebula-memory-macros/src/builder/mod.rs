//! `#[derive(Builder)]`: a builder for a plain value, such as the options of something, which may be checked at the end.

mod check;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

pub(crate) use parse::TypeOptions as Options;
use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::keys::Keyed;
use crate::typestate::Derive;
use crate::typestate::expand::stubs::stubs;
use crate::typestate::other::Other;
use crate::typestate::parse::FieldOptions;

const DERIVE: Derive = Derive {
    name: "Builder",
    attribute: "builder",
    reserved: &["build"],
    in_place: false,
    keys: Options::KEYS,
    field_keys: FieldOptions::WITHOUT_POOL,
    other: Other { name: "Pooled", attribute: "pooled", keys: crate::pooled::Options::KEYS },
};

/// The whole macro, from the user's type to the generated code and the errors.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let checked = parse::parse(input, &mut diagnostics).map(|parsed| check::check(parsed, &mut diagnostics));
    let mut tokens = match checked {
        Some(Ok(model)) => Some(expand::expand(&model)),
        Some(Err(input)) => stubs(&input, &[("builder", 0)], &diagnostics),
        None => None,
    }
    .unwrap_or_default();
    tokens.extend(diagnostics.into_tokens());
    tokens
}
