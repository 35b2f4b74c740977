//! What the user wrote: the arguments, and the function as a head and a body. The body is not looked into, so that
//! unfinished code in it gets the compiler's messages and the editor's completions.

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, Lit, Signature, Token, Visibility};

use crate::attr_tokens::meant;
use crate::attrs::{Name, not_a_size, ungroup};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::keys::{Keyed, read};
use crate::scope::braces_in;

/// The input of the macro.
pub(super) struct Parsed {
    pub(super) args: Args,
    /// Everything up to the signature.
    pub(super) before: TokenStream,
    pub(super) signature: Signature,
    pub(super) body: Option<Group>,
}

/// The keys of `#[arena(…)]`.
#[derive(Default, FromMeta)]
pub(crate) struct Args {
    pub(super) capacity: Option<Capacity>,
    pub(super) name: Option<Name>,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for Args {
    const KEYS: &'static [&'static str] = &["capacity", "name", "crate"];
}

/// Any expression, and no literal of another type: of the rest the type is for the compiler to check, where the user wrote
/// it.
pub(super) struct Capacity(pub(super) Expr);

impl FromMeta for Capacity {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a number of bytes: `capacity = <expression>`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)) => Err(not_a_size(literal)),
            _ => Ok(Self(expr.clone())),
        }
    }
}

/// Reads arguments and function; reports and gives up on what is not a function.
pub(super) fn parse(args: TokenStream, item: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let args = meant(args, None, diagnostics);
    let args = diagnostics
        .take(NestedMeta::parse_meta_list(args))
        .map(|list| read::<Args>(list, Args::KEYS, diagnostics))
        .unwrap_or_default();
    if let Some(word) = other_item(&item) {
        diagnostics.error(&word, "`#[arena]` goes on a function, it gives the body an arena");
        return None;
    }
    let function = |input: ParseStream<'_>| {
        let mut before = TokenStream::new();
        for attr in Attribute::parse_outer(input)? {
            attr.to_tokens(&mut before);
        }
        input.parse::<Visibility>()?.to_tokens(&mut before);
        if input.peek(Token![default]) {
            input.parse::<Token![default]>()?.to_tokens(&mut before);
        }
        let signature = input.parse()?;
        let body = match input.parse()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            TokenTree::Group(group) => braces_in(&group),
            _ => None,
        };
        Ok(Parsed { args, before, signature, body })
    };
    diagnostics.take(function.parse2(item))
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
