//! What the user wrote.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprStruct, Path, Token, Type, bracketed, token};

use super::value::{function, is_value, value_alone};
use crate::crate_path::CratePath;

const FORMS: &str = "`alloc!(a, Type)`, `alloc!(a, Type = value)`, `alloc!(a, [Type; n])`, `alloc!(a, [Type; n] = |i| …)` \
                     or `alloc!(a, Struct { field: value, … })`";

/// `alloc!(…)` taken apart.
pub(super) struct Alloc {
    pub(super) krate: CratePath,
    pub(super) allocator: Expr,
    pub(super) what: What,
}

pub(super) enum What {
    Value { ty: Type, value: Option<Expr> },
    Slice { ty: Type, len: Expr, value: Option<Expr> },
    Struct(ExprStruct),
}

impl Parse for Alloc {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        if input.is_empty() {
            return Err(syn::Error::new(
                Span::call_site(),
                format_args!("missing allocator and type: write {FORMS}"),
            ));
        }
        let allocator: Expr = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        if comma.is_none() || input.is_empty() {
            let span = if input.is_empty() { Span::call_site() } else { input.span() };
            return Err(syn::Error::new(span, format_args!("missing type: write {FORMS}")));
        }
        let no_type = if is_slice(input) { None } else { value_alone(input, &allocator) };
        let what = What::parse(input);
        let whole = what.is_ok() && (input.is_empty() || input.peek(Token![,]));
        if !whole && let Some(error) = no_type {
            return Err(error);
        }
        let what = what?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
        }
        Ok(Self { krate, allocator, what })
    }
}

impl Parse for What {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if is_struct_literal(input) {
            return struct_literal(input).map(Self::Struct);
        }
        if !input.peek(token::Bracket) {
            let ty = input.parse()?;
            if is_value(&ty) {
                return Err(input.error("expected a type"));
            }
            return Ok(Self::Value { ty, value: value(input)? });
        }
        let content;
        bracketed!(content in input);
        let ty = content.parse()?;
        content.parse::<Token![;]>()?;
        let len = content.parse()?;
        if !content.is_empty() {
            return Err(content.error("unexpected tokens after the length"));
        }
        let value = value(input)?;
        if let Some(value) = &value {
            function(value, &ty, &len)?;
        }
        Ok(Self::Slice { ty, len, value })
    }
}

fn value(input: ParseStream<'_>) -> syn::Result<Option<Expr>> {
    Ok(match input.parse::<Option<Token![=]>>()? {
        Some(_) => Some(input.parse()?),
        None => None,
    })
}

fn is_struct_literal(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Path>().is_ok() && ahead.peek(token::Brace)
}

/// Whether `[Type; …]` follows, where what is wrong is not that there is no type.
fn is_slice(input: ParseStream<'_>) -> bool {
    let inside = |input: ParseStream<'_>| {
        let content;
        bracketed!(content in input);
        content.parse::<Type>()?;
        content.parse::<Token![;]>()
    };
    input.peek(token::Bracket) && inside(&input.fork()).is_ok()
}

/// A struct literal whose path may have its generics as a type has them, without `::`.
fn struct_literal(input: ParseStream<'_>) -> syn::Result<ExprStruct> {
    let path: Path = input.parse()?;
    let content;
    let brace_token = syn::braced!(content in input);
    let mut fields = syn::punctuated::Punctuated::new();
    while !content.is_empty() {
        if content.peek(Token![..]) {
            return Err(content.error(
                "every field is built in place, so each must be given: `..` would move a whole value",
            ));
        }
        let field: syn::FieldValue = content.parse()?;
        if let Some(attr) = field.attrs.first() {
            return Err(syn::Error::new_spanned(attr, "a field of `alloc!` cannot have attributes"));
        }
        fields.push_value(field);
        if content.is_empty() {
            break;
        }
        fields.push_punct(content.parse()?);
    }
    Ok(ExprStruct { attrs: Vec::new(), qself: None, path, brace_token, fields, dot2_token: None, rest: None })
}
