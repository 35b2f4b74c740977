//! The path of the runtime crate: `::nebula_memory`, or what `crate = path` says.

use darling::FromMeta;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::parse::ParseStream;
use syn::{Expr, Path, Token};

use crate::attrs::ungroup;

/// Where generated code finds the runtime crate.
#[derive(Clone)]
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    /// The crate by its own name.
    pub(crate) const DEFAULT: Self = Self(None);

    /// Whether it means the same in a nested module.
    pub(crate) fn is_absolute(&self) -> bool {
        // Of `macro_rules!`, `$crate` comes as one word.
        self.0.as_ref().is_none_or(|path| {
            path.leading_colon.is_some()
                || path
                    .segments
                    .first()
                    .is_some_and(|first| first.ident == "crate" || first.ident == "$crate")
        })
    }

    /// Reads `crate = path,` at the start of the input of a function-like macro, if it is there.
    pub(crate) fn leading(input: ParseStream<'_>) -> syn::Result<Self> {
        if !(input.peek(Token![crate]) && input.peek2(Token![=])) {
            return Ok(Self::DEFAULT);
        }
        input.parse::<Token![crate]>()?;
        input.parse::<Token![=]>()?;
        let path = input.call(Path::parse_mod_style)?;
        input.parse::<Token![,]>()?;
        Ok(Self(Some(path)))
    }
}

impl FromMeta for CratePath {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected `crate = path::to::nebula_memory`"))
    }

    fn from_list(_: &[darling::ast::NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match ungroup(expr) {
            Expr::Path(path) if path.qself.is_none() && path.attrs.is_empty() => {
                Ok(Self(Some(path.path.clone())))
            }
            other => Err(darling::Error::custom(
                "expected a path, without quotes: `crate = path::to::nebula_memory`",
            )
            .with_span(other)),
        }
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote_spanned!(proc_macro2::Span::mixed_site()=> ::nebula_memory)),
        }
    }
}
