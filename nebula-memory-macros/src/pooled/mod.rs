//! `#[derive(Pooled)]`: a builder that writes each field into the slot where the value will live.

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
    name: "Pooled",
    attribute: "pooled",
    reserved: &["build", "finish"],
    in_place: true,
    keys: Options::KEYS,
    field_keys: FieldOptions::KEYS,
    other: Other { name: "Builder", attribute: "builder", keys: crate::builder::Options::KEYS },
};

/// The whole macro, from the user's type to the generated code and the errors.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let checked = parse::parse(input, &mut diagnostics).map(|parsed| check::check(parsed, &mut diagnostics));
    let mut tokens = match checked {
        Some(Ok(model)) => Some(expand::expand(&model, &diagnostics)),
        Some(Err(input)) => stubs(&input, &[("builder", 0), ("build_in", 1), ("acquire", 0)], &diagnostics),
        None => None,
    }
    .unwrap_or_default();
    tokens.extend(diagnostics.into_tokens());
    tokens
}
