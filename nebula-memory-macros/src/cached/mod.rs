//! `#[cached]`: a function whose results are kept.

mod check;
mod expand;
mod life;
mod model;
mod parse;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use parse::Args as Options;
use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;

/// The whole macro, from the attribute's arguments and the function to the function that looks into a cache first, and the
/// errors.
pub(crate) fn attribute(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let model = parse::parse(args, item.clone(), &mut diagnostics)
        .and_then(|parsed| check::check(parsed, &mut diagnostics));
    // What cannot be cached stays as it is, for the rest of the program to use.
    let mut tokens = model.map_or(item, |model| expand::expand(&model));
    tokens.extend(diagnostics.into_tokens());
    tokens
}
