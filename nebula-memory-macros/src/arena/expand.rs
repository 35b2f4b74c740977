//! The function with its arena.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Token;

use super::model::Model;
use crate::function::split_inner_attributes;
use crate::hygiene::at;

/// The body is not put into a closure: `return`, `?`, `.await` and the types in messages stay those of the function.
///
/// The storage has the name of the arena, which then shadows it: out of reach for the body, and called by a name the
/// user knows when a message is about what outlives it.
pub(super) fn expand(model: &Model) -> TokenStream {
    let Model { krate, before, signature, name, capacity, body } = model;
    let storage = if let Some(bytes) = capacity {
        quote_spanned!(Span::mixed_site()=> with_capacity(#bytes))
    } else {
        quote_spanned!(Span::mixed_site()=> take())
    };
    // With it the whole pattern is at the user's place, or the compiler calls the variable a temporary value.
    let mutable = Token![mut](name.span());
    let (attributes, statements) = split_inner_attributes(body.stream());
    let user = if ends_with_statement(&statements) {
        statements
    } else {
        let mut user = Group::new(Delimiter::Brace, statements);
        // Not the user's braces: they would be `unused_braces` around a single expression.
        user.set_span(at(body.span()));
        TokenTree::from(user).into()
    };
    let whole = quote_spanned! {Span::mixed_site()=>
        #attributes
        let #mutable #name = #krate::__private::Scratch::#storage;
        #[allow(unused_mut, unused_variables, clippy::shadow_reuse, clippy::shadow_same, clippy::shadow_unrelated)]
        let #mutable #name = #krate::__private::Scratch::scope(&mut #name);
        #user
    };
    let mut whole = Group::new(Delimiter::Brace, whole);
    whole.set_span(body.span());
    quote_spanned!(Span::mixed_site()=> #before #signature #whole)
}

/// Whether the body has no value, so that a missing one is reported as in every function: a block around it would be the
/// value, of the wrong type.
fn ends_with_statement(body: &TokenStream) -> bool {
    match body.clone().into_iter().last() {
        Some(TokenTree::Punct(last)) => last.as_char() == ';',
        Some(_) => false,
        None => true,
    }
}
