//! What the user wrote: the arguments, and the function.

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::TokenStream;
use syn::{Expr, Lit};

use crate::attr_tokens::meant;
use crate::attrs::{Name, not_a_size, ungroup};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::function::Function;
use crate::keys::{Keyed, read};

/// The input of the macro.
pub(super) struct Parsed {
    pub(super) args: Args,
    pub(super) function: Function,
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
    let refusal = "`#[arena]` goes on a function, it gives the body an arena";
    let function = Function::parse(item, refusal, diagnostics)?;
    Some(Parsed { args, function })
}
