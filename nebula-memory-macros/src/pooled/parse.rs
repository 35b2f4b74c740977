//! What the user wrote: the type and its `#[pooled(…)]` attributes, not yet judged.

use darling::FromAttributes;
use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, DeriveInput, Expr, Field, Meta};

use crate::attrs::{Name, Size, Switch, ours};
use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;

/// The input of the derive.
pub(super) struct Parsed {
    pub(super) input: DeriveInput,
    pub(super) options: TypeOptions,
    /// An attribute of the type has been reported, so that a key may be missing from `options`.
    pub(super) broken: bool,
}

/// The keys of `#[pooled(…)]` on the type.
#[derive(Default, FromAttributes)]
#[darling(attributes(pooled))]
pub(super) struct TypeOptions {
    pub(super) capacity: Option<Size>,
    pub(super) align: Option<Size>,
    pub(super) builder: Option<Name>,
    pub(super) start: Option<Name>,
    #[darling(rename = "crate")]
    pub(super) krate: Option<CratePath>,
}

/// The keys of `#[pooled(…)]` on a field.
#[derive(Default, FromAttributes)]
#[darling(attributes(pooled))]
pub(super) struct FieldOptions {
    #[darling(default, with = filler)]
    pub(super) default: Option<Filler>,
    #[darling(default, with = filler)]
    pub(super) skip: Option<Filler>,
    pub(super) into: Switch,
    pub(super) required: Switch,
    pub(super) rename: Option<Name>,
}

/// The value of `default` or `skip`.
pub(super) struct Filler {
    /// The key, for messages.
    pub(super) key: syn::Path,
    /// The expression behind the `=`.
    pub(super) value: Option<Expr>,
}

fn filler(meta: &Meta) -> darling::Result<Option<Filler>> {
    let key = meta.path();
    match meta {
        Meta::Path(path) => Ok(Some(Filler { key: path.clone(), value: None })),
        Meta::NameValue(pair) => Ok(Some(Filler { key: key.clone(), value: Some(pair.value.clone()) })),
        Meta::List(list) => {
            let name = key.get_ident().map(ToString::to_string).unwrap_or_default();
            let message = format!("expected `{name}` or `{name} = <expression>`, not `{name}(…)`");
            Err(darling::Error::custom(message).with_span(&list.span()))
        }
    }
}

/// Reads the type and the options of the type.
pub(super) fn parse(input: TokenStream, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    let input: DeriveInput = diagnostics.take(syn::parse2(input))?;
    let (options, broken) = options(&input.attrs, diagnostics);
    Some(Parsed { input, options, broken })
}

/// Reads the options of a field, and whether an error in them was reported.
pub(super) fn field_options(field: &Field, diagnostics: &mut Diagnostics) -> (FieldOptions, bool) {
    options(&field.attrs, diagnostics)
}

fn options<O: FromAttributes + Default>(attrs: &[Attribute], diagnostics: &mut Diagnostics) -> (O, bool) {
    let before = diagnostics.len();
    let attrs = ours(attrs, "pooled", diagnostics);
    let options = diagnostics.take(O::from_attributes(&attrs)).unwrap_or_default();
    (options, diagnostics.len() > before)
}
