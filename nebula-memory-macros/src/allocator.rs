//! `allocator!`: an allocator from a description.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, Lit, Token, UnOp};

use crate::attrs::{kind_of, literal_size, ungroup};
use crate::crate_path::CratePath;
use crate::scope;

const FORMS: &str = "`allocator!(bump 4096)` or `allocator!(scoped bump 4096 => |a| { … })`";

/// The whole macro.
pub(crate) fn allocator(input: TokenStream) -> TokenStream {
    match syn::parse2::<Description>(input).and_then(Description::check) {
        Ok(description) => description.expand(),
        Err(error) => error.into_compile_error(),
    }
}

/// `allocator!(…)` taken apart; the one kind there is, is `bump`.
struct Description {
    krate: CratePath,
    size: Expr,
    scope: Option<(Ident, Group)>,
}

impl Parse for Description {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let krate = CratePath::leading(input)?;
        let missing_kind =
            |span| syn::Error::new(span, format_args!("expected an allocator kind: write {FORMS}"));
        if input.is_empty() {
            return Err(missing_kind(Span::call_site()));
        }
        let mut kind: Ident = input.parse().map_err(|error| missing_kind(error.span()))?;
        let scoped = kind == "scoped";
        if scoped {
            if input.is_empty() {
                return Err(missing_kind(kind.span()));
            }
            kind = input.parse().map_err(|error| missing_kind(error.span()))?;
        }
        if kind != "bump" {
            return Err(syn::Error::new(
                kind.span(),
                format_args!(
                    "unknown allocator kind `{kind}`; the kinds are `bump` and `scoped bump`: write {FORMS}"
                ),
            ));
        }
        input.parse::<Option<Token![,]>>()?;
        if input.is_empty() || input.peek(Token![=>]) {
            return Err(syn::Error::new(kind.span(), format_args!("missing size in bytes: write {FORMS}")));
        }
        let size: Expr = input.parse()?;
        let scope = if input.peek(Token![=>]) {
            let arrow = input.parse::<Token![=>]>()?;
            if !scoped {
                return Err(syn::Error::new(
                    arrow.span(),
                    "an allocator with a body needs the `scoped` keyword: `allocator!(scoped bump 4096 => |a| { … })`",
                ));
            }
            let no_body = |error: syn::Error| {
                syn::Error::new(
                    error.span(),
                    format_args!("expected `|a| {{ … }}` after `=>`: write {FORMS}"),
                )
            };
            Some((scope::parameter(input).map_err(no_body)?, scope::block(input).map_err(no_body)?))
        } else if scoped && input.is_empty() {
            return Err(syn::Error::new(
                kind.span(),
                "a scoped allocator needs a body: `allocator!(scoped bump 4096 => |a| { … })`",
            ));
        } else {
            None
        };
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(input.error(format_args!("unexpected tokens: write {FORMS}")));
        }
        Ok(Self { krate, size, scope })
    }
}

impl Description {
    /// What can be said of a literal size; the rest is for the compiler.
    fn check(self) -> syn::Result<Self> {
        let size = ungroup(&self.size);
        let message = match size {
            _ if literal_size(size) == Some(0) => "the size must be greater than zero".to_owned(),
            Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => {
                "the size must not be negative".to_owned()
            }
            Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)) => {
                format!("the size must be an integer, found {}", kind_of(&literal.lit))
            }
            _ => return Ok(self),
        };
        Err(syn::Error::new_spanned(size, message))
    }

    fn expand(&self) -> TokenStream {
        let Self { krate, size, .. } = self;
        let allocator = quote_spanned!(Span::mixed_site()=> #krate::BumpAllocator::new(#size));
        match &self.scope {
            Some((name, block)) => scope::open(&allocator, name, block),
            None => allocator,
        }
    }
}
