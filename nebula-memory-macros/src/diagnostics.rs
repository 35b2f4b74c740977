//! Errors are collected and reported together, each at the token it is about.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

/// All that was found wrong with one macro call.
#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
}

impl Diagnostics {
    /// An error at `node`.
    pub(crate) fn error(&mut self, node: &impl Spanned, message: impl Display) {
        self.error_at(node.span(), message);
    }

    /// An error over all tokens of `node`, where its span alone is that of the first one.
    pub(crate) fn error_over(&mut self, node: &impl ToTokens, message: impl Display) {
        self.errors.push(syn::Error::new_spanned(node, message));
    }

    /// An error of the parser.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// An error at `span`.
    pub(crate) fn error_at(&mut self, span: Span, message: impl Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// The value of `result`, or a note of its errors.
    pub(crate) fn take<T>(&mut self, result: Result<T, impl Into<darling::Error>>) -> Option<T> {
        result
            .map_err(|error| self.errors.extend(error.into().flatten().into_iter().map(syn::Error::from)))
            .ok()
    }

    /// How many errors there are so far.
    pub(crate) fn len(&self) -> usize {
        self.errors.len()
    }

    /// The messages, for tests.
    #[cfg(test)]
    pub(crate) fn messages(self) -> Vec<String> {
        self.errors.iter().map(ToString::to_string).collect()
    }

    /// The first error as a type: one of which the compiler knows that it is none, and says nothing about its use. The
    /// same error elsewhere is printed once.
    pub(crate) fn as_type(&self) -> Option<TokenStream> {
        let error = self.errors.first()?.to_compile_error();
        // The length of an array, because `compile_error!` as a type is `()`.
        Some(quote_spanned!(Span::mixed_site()=> [(); { #error }]))
    }

    /// A `compile_error!` for each error, where an expression is expected: the last one is its value, of which the compiler
    /// knows that it is none, and says nothing more.
    pub(crate) fn into_expression(self) -> TokenStream {
        let errors = self.into_tokens();
        quote_spanned!(Span::mixed_site()=> { #errors })
    }

    /// A `compile_error!` for each error.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }
}
