//! The twin, and what makes it equivalent.
//!
//! * `declaration`: the type, and what every reference can do
//! * `owned`: the key that its parts make
//! * `equivalent`: where it stands for the key
//! * `types`: the types of its fields, and its parameters

mod declaration;
mod equivalent;
mod owned;
mod types;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

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
