//! The twin, and what makes it equivalent.
//!
//! * `declaration`: the type, and what every reference can do
//! * `owned`: the key that its parts make
//! * `equivalent`: where it stands for the key
//! * `structs`, `enums`: what of these differs by the shape of the key
//! * `types`: the types of its fields, and its parameters

mod declaration;
mod enums;
mod equivalent;
mod owned;
mod structs;
mod types;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Member;

use super::model::Model;
use crate::generics::Parts;

/// What the parts of the expansion share.
struct Context<'m> {
    model: &'m Model,
    runtime: TokenStream,
    parts: Parts,
    /// The twin's parameters with bounds but its own lifetime, each followed by a comma.
    bounded: TokenStream,
    /// The same without bounds.
    args: TokenStream,
}

/// Where a part of a key or of a twin is.
enum Place<'m> {
    /// In `__key`, or in `self`.
    Member(&'m Member),
    /// Bound to this name, by a pattern.
    Bound(&'m Ident),
}

/// Everything.
pub(super) fn expand(model: &Model) -> TokenStream {
    let krate = &model.krate;
    let runtime = quote_spanned!(Span::mixed_site()=> #krate::__private::cached);
    let parts = Parts::new(&model.ident, &model.generics);
    let (bounded, args) = types::twin_generics(model, &runtime, &parts);
    let cx = Context { model, runtime, parts, bounded, args };
    let (declaration, own, equivalent) =
        (declaration::declaration(&cx), owned::own(&cx), equivalent::equivalent(&cx));
    quote_spanned!(Span::mixed_site()=> #declaration #own #equivalent)
}
