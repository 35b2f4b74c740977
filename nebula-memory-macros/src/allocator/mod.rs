//! `allocator!`: an allocator from a description; or the definition of a type of allocators.
//!
//! * `parse`: what was written, in its shape; `amount`: how much memory
//! * `check`: every rule; those about sizes are written down for the compiler where only it knows the numbers
//! * `model`: what is to be made
//! * `expand`: the expression, the type

mod amount;
mod check;
mod expand;
mod model;
mod parse;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use parse::Input;

/// The whole macro.
pub(crate) fn allocator(input: TokenStream) -> TokenStream {
    let input = match syn::parse2::<Input>(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut diagnostics = Diagnostics::default();
    match input {
        Input::Expression(parsed) => match check::expression(parsed, &mut diagnostics) {
            Some(model) => expand::expression(&model),
            None => diagnostics.into_expression(),
        },
        Input::Item(parsed) => {
            let model = check::item(parsed, &mut diagnostics);
            let mut tokens = expand::item(&model);
            tokens.extend(diagnostics.into_tokens());
            tokens
        }
    }
}
