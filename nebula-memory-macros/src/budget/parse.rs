//! What the user wrote, in its shape.

use proc_macro2::{Ident, Span};
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Token};

use crate::crate_path::CratePath;
use crate::size::Bytes;

/// The forms, for messages.
pub(super) const FORMS: &str = "`budget!(8 MiB)` or `budget!(total: 8 MiB, per_alloc: 1 MiB)`";

/// `budget!(…)` taken apart.
pub(super) struct Parsed {
    pub(super) krate: CratePath,
    /// A total without a key.
    pub(super) total: Option<Bytes>,
    pub(super) limits: Vec<Line>,
}

/// `key: value`, or `soft: value => callback`.
pub(super) struct Line {
    pub(super) key: Ident,
    pub(super) value: Bytes,
    pub(super) notify: Option<Expr>,
}

impl Parse for Parsed {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        if input.is_empty() {
            return Err(syn::Error::new(Span::call_site(), format_args!("missing limit: write {FORMS}")));
        }
        let mut parsed = Self { krate, total: None, limits: Vec::new() };
        if !at_key(input) {
            parsed.total = Some(Bytes::parse(input)?);
            end_of_line(input)?;
        }
        while !input.is_empty() {
            if !at_key(input) {
                return Err(input.error(format_args!("expected `limit: bytes`: write {FORMS}")));
            }
            let key = input.parse()?;
            input.parse::<Token![:]>()?;
            let value = Bytes::parse(input)?;
            let arrow: Option<Token![=>]> = input.parse()?;
            let notify = arrow.map(|_| input.parse()).transpose()?;
            parsed.limits.push(Line { key, value, notify });
            end_of_line(input)?;
        }
        Ok(parsed)
    }
}

fn at_key(input: ParseStream<'_>) -> bool {
    input.peek(syn::Ident) && input.peek2(Token![:]) && !input.peek2(Token![::])
}

fn end_of_line(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() {
        return Ok(());
    }
    if !input.peek(Token![,]) {
        return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
    }
    input.parse::<Token![,]>().map(|_| ())
}
