//! What the user wrote in the attributes of the type and its fields, not yet judged.

use darling::FromMeta;
use darling::ast::NestedMeta;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Field, Meta};

use super::Derive;
use super::model::Reset;
use crate::attrs::{Callee, Name, Switch, ours, ungroup};
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
    pub(super) reset: Option<ResetOption>,
}

impl Keyed for FieldOptions {
    const KEYS: &'static [&'static str] = &["default", "skip", "into", "required", "rename", "reset"];
}

impl FieldOptions {
    /// Those of a value that is in no pool.
    pub(crate) const WITHOUT_POOL: &'static [&'static str] =
        &["default", "skip", "into", "required", "rename"];
}

/// The value of `reset`.
pub(super) struct ResetOption {
    pub(super) how: Reset,
    /// What the user wrote.
    pub(super) value: Expr,
}

impl ResetOption {
    const WORDS: &'static str = "`reset = keep` leaves the field as it is, `reset = clear` calls its `clear()`, \
                                 `reset = default` gives it its default, and `reset = path` calls a function";
}

impl FromMeta for ResetOption {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom(format_args!("expected how the field is reset: {}", Self::WORDS)))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let word = match ungroup(expr) {
            Expr::Path(path) if path.qself.is_none() => path.path.get_ident().cloned(),
            _ => None,
        };
        let how = match word {
            Some(word) if word == "keep" => Reset::Keep,
            Some(word) if word == "clear" => Reset::Clear(word.span()),
            Some(word) if word == "default" => Reset::Default,
            _ => Reset::Call(Callee::read(expr)?.0),
        };
        Ok(Self { how, value: expr.clone() })
    }
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
    options_of(&field.attrs, derive, derive.field_keys, diagnostics)
}

/// Reads the options in the attributes of the derive, and whether an error in them was reported.
pub(crate) fn options<O: Keyed>(
    attrs: &[Attribute],
    derive: &Derive,
    diagnostics: &mut Diagnostics,
) -> (O, bool) {
    options_of(attrs, derive, O::KEYS, diagnostics)
}

fn options_of<O: Keyed>(
    attrs: &[Attribute],
    derive: &Derive,
    keys: &'static [&'static str],
    diagnostics: &mut Diagnostics,
) -> (O, bool) {
    let before = diagnostics.len();
    let list = ours(attrs, derive.attribute, diagnostics);
    let options = read(list, keys, diagnostics);
    (options, diagnostics.len() > before)
}
