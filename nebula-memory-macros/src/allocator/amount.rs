//! How much memory a kind has: `4 KiB`, or of a pool `64 bytes x 256`; in parentheses or not.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, Token, parenthesized, token};

use crate::attrs::ungroup;
use crate::size::{Bytes, unit};

/// A size, and how many of it.
#[derive(Default)]
pub(super) struct Amount {
    pub(super) size: Option<Bytes>,
    pub(super) count: Option<Bytes>,
}

/// What is behind the word `kind`.
pub(super) fn behind(kind: &Ident, input: ParseStream<'_>) -> syn::Result<Amount> {
    if !all_in_parentheses(input) {
        return amount(kind, input);
    }
    let content;
    parenthesized!(content in input);
    let amount = if content.is_empty() { Amount::default() } else { list(kind, &content)? };
    if !content.is_empty() {
        return Err(content.error(format_args!(
            "unexpected tokens: write `{kind}(1 MiB)`, or for a pool `pool(64 bytes x 1024)`"
        )));
    }
    Ok(amount)
}

/// Whether parentheses are around all of it, and do not begin an expression.
fn all_in_parentheses(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let skipped = input.peek(token::Paren) && ahead.parse::<proc_macro2::TokenTree>().is_ok();
    skipped
        && (ahead.is_empty()
            || ahead.peek(Token![,])
            || ahead.peek(Token![=>])
            || ahead.peek(token::Brace)
            || ahead.peek(syn::Ident) && !ahead.peek(Token![as]))
}

/// An amount that may be written like the arguments of a function.
fn list(kind: &Ident, input: ParseStream<'_>) -> syn::Result<Amount> {
    let all: TokenStream = input.fork().parse()?;
    let amount = amount(kind, input)?;
    if let (true, Some(size), None) = (kind == "pool" && input.peek(Token![,]), &amount.size, &amount.count) {
        input.parse::<Token![,]>()?;
        if input.is_empty() {
            return Ok(amount);
        }
        let count = Bytes::parse(input)?;
        return Err(syn::Error::new_spanned(all, write_pool(size.expr(), "bytes", count.expr())));
    }
    Ok(amount)
}

/// `size`, or `size x count`.
fn amount(kind: &Ident, input: ParseStream<'_>) -> syn::Result<Amount> {
    let all: TokenStream = input.fork().parse()?;
    let size = Bytes::parse(input)?;
    if !input.fork().parse::<Ident>().is_ok_and(|word| word == "x") {
        return Ok(Amount { size: Some(size), count: None });
    }
    input.parse::<Ident>()?;
    let count: Expr = input.parse()?;
    if kind == "pool" && input.fork().parse::<Ident>().is_ok_and(|word| unit(&word.to_string())) {
        let word: Ident = input.parse()?;
        let left = input.fork().parse::<TokenStream>()?.into_iter().count();
        let here = all.clone().into_iter().count() - left;
        let all: TokenStream = all.into_iter().take(here).collect();
        let message = format!("the size comes first: {}", write_pool(&count, &word.to_string(), size.expr()));
        return Err(syn::Error::new_spanned(all, message));
    }
    Ok(Amount { size: Some(size), count: Some(Bytes::plain(count)) })
}

fn write_pool(size: &Expr, unit: &str, count: &Expr) -> String {
    let unit = if matches!(ungroup(size), Expr::Lit(_)) { format!(" {unit}") } else { String::new() };
    format!("write `pool({}{unit} x {})`", spelt(size, "size"), spelt(count, "count"))
}

/// What was written if it is short, else `or`.
fn spelt(expr: &Expr, or: &str) -> String {
    match ungroup(expr) {
        expr @ (Expr::Lit(_) | Expr::Path(_)) => expr.to_token_stream().to_string().replace(' ', ""),
        _ => or.to_owned(),
    }
}
