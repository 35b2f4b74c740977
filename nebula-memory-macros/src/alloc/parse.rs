//! What the user wrote.

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprStruct, Path, Token, Type, bracketed, token};

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
        let what = if is_struct_literal(input) {
            What::Struct(struct_literal(input)?)
        } else if input.peek(token::Bracket) {
            let content;
            bracketed!(content in input);
            let ty = content.parse()?;
            content.parse::<Token![;]>()?;
            let len = content.parse()?;
            if !content.is_empty() {
                return Err(content.error("unexpected tokens after the length"));
            }
            What::Slice { ty, len, value: value(input)? }
        } else {
            What::Value { ty: input.parse()?, value: value(input)? }
        };
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
        }
        Ok(Self { krate, allocator, what })
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
