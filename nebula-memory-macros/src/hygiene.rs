//! Spans and names that do not collide with the user's.

use std::collections::HashSet;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The hygiene of generated code, at the place of the user's `span`, for error messages.
///
/// A user's span as it is would make local names resolve as the user's, and lints take the code for theirs.
pub(crate) fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// The tokens with their own hygiene but all at the place of `span`.
pub(crate) fn locate(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            if let TokenTree::Group(group) = &tree {
                let mut located = Group::new(group.delimiter(), locate(group.stream(), span));
                located.set_span(group.span().located_at(span));
                return TokenTree::Group(located);
            }
            tree.set_span(tree.span().located_at(span));
            tree
        })
        .collect()
}

/// The identifiers that occur in the user's tokens.
pub(crate) struct Names(HashSet<String>);

impl Names {
    pub(crate) fn of(tokens: &impl ToTokens) -> Self {
        let mut names = HashSet::new();
        collect(tokens.to_token_stream(), &mut names);
        Self(names)
    }

    /// `base`, with underscores behind it until it differs from each name so far.
    pub(crate) fn fresh(&mut self, base: &str) -> Ident {
        let mut name = base.to_owned();
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        Ident::new(&name, Span::mixed_site())
    }
}

fn collect(tokens: TokenStream, names: &mut HashSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Ident(ident) => {
                names.insert(bare(&ident));
            }
            TokenTree::Group(group) => collect(group.stream(), names),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The name without `r#`, to derive other names from and to print.
pub(crate) fn bare(ident: &Ident) -> String {
    let name = ident.to_string();
    match name.strip_prefix("r#") {
        Some(bare) => bare.to_owned(),
        None => name,
    }
}
