//! `#[derive(CacheKey)]`: a borrowed twin of a key, by which look-ups allocate nothing.

mod check;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;
mod types;

#[cfg(test)]
pub(crate) use parse::{FieldOptions, TypeOptions as Options};
use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;

/// The whole macro, from the user's type to the twin and the errors.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let model =
        parse::parse(input, &mut diagnostics).and_then(|parsed| check::check(parsed, &mut diagnostics));
    let mut tokens = model.map(|model| expand::expand(&model)).unwrap_or_default();
    tokens.extend(diagnostics.into_tokens());
    tokens
}
