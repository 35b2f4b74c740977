//! What the user wrote in the attributes of the type and its fields, not yet judged.

use darling::FromMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Field, Meta};

use super::Derive;
use crate::attrs::{Name, Switch, ours};
use crate::diagnostics::Diagnostics;
use crate::keys::{Keyed, read};

/// The keys of the attributes of a field.
#[derive(Default, FromMeta)]
pub(crate) struct FieldOptions {
    #[darling(default, with = filler)]
    pub(super) default: Option<Filler>,
    #[darling(default, with = filler)]
    pub(super) skip: Option<Filler>,
    pub(super) into: Switch,
    pub(super) required: Switch,
    pub(super) rename: Option<Name>,
}

impl Keyed for FieldOptions {
    const KEYS: &'static [&'static str] = &["default", "skip", "into", "required", "rename"];
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

/// Reads the options of a field, and whether an error in them was reported.
pub(super) fn field_options(
    field: &Field,
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> (FieldOptions, bool) {
    options(&field.attrs, derive, diagnostics)
}

/// Reads the options in the attributes of the derive, and whether an error in them was reported.
pub(crate) fn options<O: Keyed>(
    attrs: &[Attribute],
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> (O, bool) {
    let before = diagnostics.len();
    let list = ours(attrs, derive.attribute, diagnostics);
    let options = read(list, diagnostics);
    (options, diagnostics.len() > before)
}
