//! What the user wrote: the type and its `#[pooled(…)]` attributes, not yet judged.

use darling::FromMeta;
use proc_macro2::TokenStream;
use syn::DeriveInput;

use super::DERIVE;
use crate::attrs::{Callee, Name, Size, Vis};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::keys::Keyed;
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
pub(super) struct TypeOptions {
    pub(super) capacity: Option<Size>,
    pub(super) align: Option<Size>,
    pub(super) max_bytes: Option<Size>,
    pub(super) on_acquire: Option<Callee>,
    pub(super) on_release: Option<Callee>,
    pub(super) builder: Option<Name>,
    pub(super) start: Option<Name>,
    pub(super) vis: Vis,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for TypeOptions {
    const KEYS: &'static [&'static str] =
        &["capacity", "align", "max_bytes", "on_acquire", "on_release", "builder", "start", "vis", "crate"];
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    let (options, broken) = options(&input.attrs, &DERIVE, diagnostics);
    Some(Parsed { input, options, broken })
}
