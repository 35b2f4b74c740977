//! What the user wrote: the type and its `#[pooled(…)]` attributes, not yet judged.

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::{Ident, TokenStream};
use syn::{DeriveInput, Expr};

use super::DERIVE;
use crate::attrs::{Callee, Name, Size, Switch, Vis, word_of};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::keys::Keyed;
use crate::typestate::other::settle;
use crate::typestate::parse::options;

/// The input of the derive.
pub(super) struct Parsed {
    pub(super) input: DeriveInput,
    pub(super) options: TypeOptions,
    /// An attribute of the type has been reported, so that a key may be missing from `options`.
    pub(super) broken: bool,
}

/// The keys of `#[pooled(…)]` on the type.
#[derive(Default, FromMeta)]
pub(crate) struct TypeOptions {
    pub(super) capacity: Option<Size>,
    pub(super) align: Option<Size>,
    pub(super) max_bytes: Option<Size>,
    pub(super) threading: Option<Threading>,
    pub(super) on_exhausted: Option<OnExhausted>,
    pub(super) stats: Switch,
    pub(super) reset: Switch,
    pub(super) on_acquire: Option<Callee>,
    pub(super) on_release: Option<Callee>,
    pub(super) builder: Option<Name>,
    pub(super) start: Option<Name>,
    pub(super) vis: Vis,
    pub(super) no_implicit_prelude: Switch,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for TypeOptions {
    const KEYS: &'static [&'static str] = &[
        "capacity",
        "align",
        "max_bytes",
        "threading",
        "on_exhausted",
        "stats",
        "reset",
        "on_acquire",
        "on_release",
        "builder",
        "start",
        "vis",
        "no_implicit_prelude",
        "crate",
    ];
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let mut input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    if !settle(&mut input, &DERIVE, diagnostics) {
        return None;
    }
    let (options, broken) = options(&input.attrs, &DERIVE, diagnostics);
    Some(Parsed { input, options, broken })
}

/// What `acquire()` does when all slots are in use.
pub(super) struct OnExhausted {
    /// The word.
    pub(super) word: Ident,
    /// It takes from the heap; else it is an error.
    pub(super) heap: bool,
}

impl FromMeta for OnExhausted {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected `on_exhausted = error` or `on_exhausted = heap`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let word = word_of(
            expr,
            &["error", "heap"],
            "`on_exhausted = error` makes it an error, `on_exhausted = heap` takes from the heap",
        )?;
        Ok(Self { heap: word == "heap", word })
    }
}

/// Which threads share a pool.
pub(super) struct Threading {
    /// The word.
    pub(super) word: Ident,
    /// None: each has a pool of its own. Else all share one.
    pub(super) local: bool,
}

impl Threading {
    const WORDS: &'static str =
        "`threading = local` is a pool for each thread, `threading = shared` is one pool for all";
}

impl FromMeta for Threading {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(format_args!("expected a word: {}", Self::WORDS)))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let word = word_of(expr, &["local", "shared"], Self::WORDS)?;
        Ok(Self { local: word == "local", word })
    }
}
