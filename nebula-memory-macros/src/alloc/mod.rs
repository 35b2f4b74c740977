//! `alloc!`: memory for a value, an array, or a struct that is built in it.
//!
//! There is no `check`: what can be wrong is wrong in shape, or for the compiler to find at the user's tokens.

mod expand;
mod parse;
mod value;

use proc_macro2::TokenStream;

/// The whole macro.
pub(crate) fn alloc(input: TokenStream) -> TokenStream {
    match syn::parse2(input) {
        Ok(alloc) => expand::expand(&alloc),
        Err(error) => error.into_compile_error(),
    }
}
