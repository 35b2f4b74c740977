//! `budget!`: a budget from its limits.

mod check;
mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;

/// The whole macro.
pub(crate) fn budget(input: TokenStream) -> TokenStream {
    let parsed = match syn::parse2::<parse::Parsed>(input) {
        Ok(parsed) => parsed,
        Err(error) => return error.into_compile_error(),
    };
    let mut diagnostics = Diagnostics::default();
    match check::check(parsed, &mut diagnostics) {
        Some(model) => expand::expand(&model),
        None => diagnostics.into_expression(),
    }
}
