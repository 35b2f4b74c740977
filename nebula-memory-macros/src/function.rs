//! A function as a head and a body. The body is not looked into, so that unfinished code in it gets the compiler's
//! messages and the editor's completions.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Signature, Token, Visibility};

use crate::diagnostics::Diagnostics;
use crate::scope::braces_in;

/// What an attribute on a function was given.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) default: Option<Token![default]>,
    pub(crate) signature: Signature,
    /// `None` if it is only declared.
    pub(crate) body: Option<Group>,
}

impl Function {
    /// Reads it; reports and gives up on what is none, with `refusal` if it is another item.
    pub(crate) fn parse(item: TokenStream, refusal: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        if let Some(word) = other_item(&item) {
            diagnostics.error(&word, refusal);
            return None;
        }
        let function = |input: ParseStream<'_>| {
            let attrs = Attribute::parse_outer(input)?;
            let vis = input.parse()?;
            let default = if input.peek(Token![default]) { Some(input.parse()?) } else { None };
            let signature = input.parse()?;
            let body = match input.parse()? {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
                TokenTree::Group(group) => braces_in(&group),
                _ => None,
            };
            Ok(Self { attrs, vis, default, signature, body })
        };
        diagnostics.take(function.parse2(item))
    }

    /// Everything up to the signature.
    pub(crate) fn before(&self) -> TokenStream {
        let mut before = TokenStream::new();
        for attr in &self.attrs {
            attr.to_tokens(&mut before);
        }
        self.vis.to_tokens(&mut before);
        self.default.to_tokens(&mut before);
        before
    }
}

/// The `#![…]` at the start of a body, and the rest.
pub(crate) fn split_inner_attributes(body: TokenStream) -> (TokenStream, TokenStream) {
    let mut trees = body.into_iter().peekable();
    let mut attributes = TokenStream::new();
    loop {
        let mut ahead = trees.clone();
        let attribute: Vec<_> = ahead.by_ref().take(3).collect();
        match &attribute[..] {
            [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group)]
                if hash.as_char() == '#'
                    && bang.as_char() == '!'
                    && group.delimiter() == Delimiter::Bracket =>
            {
                attributes.extend(attribute);
                trees = ahead;
            }
            _ => return (attributes, trees.collect()),
        }
    }
}

/// The keyword of an item that is not a function.
fn other_item(item: &TokenStream) -> Option<Ident> {
    const OTHERS: [&str; 11] =
        ["struct", "enum", "union", "trait", "impl", "mod", "static", "type", "use", "macro_rules", "crate"];
    const BEFORE_FN: [&str; 5] = ["pub", "default", "const", "async", "unsafe"];
    let mut first = None;
    let mut trees = item.clone().into_iter().peekable();
    while let Some(tree) = trees.next() {
        let TokenTree::Ident(word) = tree else { continue };
        if word == "fn" {
            return None;
        }
        let constant = word == "const"
            && matches!(trees.peek(), Some(TokenTree::Ident(next)) if !["fn", "async", "unsafe", "extern"].iter().any(|other| next == other));
        if constant || OTHERS.iter().any(|other| word == other) {
            return Some(word);
        }
        if !BEFORE_FN.iter().any(|other| word == other) {
            first.get_or_insert(word);
        }
    }
    // No function at all: `extern { … }`, or the call of a macro.
    first
}
