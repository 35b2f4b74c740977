//! What the user wrote: the type and its `#[pooled(…)]` attributes, not yet judged.

use darling::FromMeta;
use proc_macro2::TokenStream;
use syn::DeriveInput;

use super::DERIVE;
use crate::attrs::{Name, Size};
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
    pub(super) builder: Option<Name>,
    pub(super) start: Option<Name>,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

impl Keyed for TypeOptions {
    const KEYS: &'static [&'static str] = &["capacity", "align", "builder", "start", "crate"];
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    let (options, broken) = options(&input.attrs, &DERIVE, diagnostics);
    Some(Parsed { input, options, broken })
}
