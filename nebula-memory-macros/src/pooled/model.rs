//! What the derive is to generate, as plain data: everything in it has been checked.

use proc_macro2::Ident;
use syn::{Attribute, Expr, Generics, Type, Visibility};

use crate::crate_path::CratePath;

/// A type and its builder.
pub(super) struct Model {
    pub(super) krate: CratePath,
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    pub(super) generics: Generics,
    /// The name of the builder's type.
    pub(super) builder: Ident,
    /// The name of the function that starts a plain value.
    pub(super) start: Ident,
    pub(super) pool: Pool,
    /// The struct is packed, which has been reported.
    pub(super) packed: bool,
    pub(super) fields: Vec<FieldModel>,
}

/// The type's own pool.
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum Pool {
    None,
    Static {
        capacity: Expr,
        align: Option<Expr>,
    },
    /// There may have been one, but the attribute is wrong: enough of one to keep the user's code free of errors that
    /// follow from the first.
    Broken,
}

/// A field.
pub(super) struct FieldModel {
    /// The user's token.
    pub(super) ident: Ident,
    /// The user's token: the field, or the name given by `rename`.
    pub(super) setter: Ident,
    pub(super) ty: Type,
    pub(super) kind: Kind,
    /// The type of the value in an `Option` that the setter adds.
    pub(super) option: Option<Type>,
    /// Whether the setter converts.
    pub(super) into: bool,
    /// The name of the setter that initialises in place.
    pub(super) in_place: Option<Ident>,
    /// Docs and deprecation, for the setter.
    pub(super) attrs: Vec<Attribute>,
}

/// When and how a field gets its value.
pub(super) enum Kind {
    /// By its setter, and the builder's type says so.
    Required,
    /// By its setter, or from here.
    Optional(Fallback),
    /// From here.
    Skipped(Fallback),
    /// An attribute is wrong: the setter, if there can be one, takes anything, and the value does not matter.
    Broken { setter: bool },
}

/// The value of a field that was not set.
pub(super) enum Fallback {
    None,
    Default,
    Expr(Expr),
}

impl FieldModel {
    pub(super) fn is_required(&self) -> bool {
        matches!(self.kind, Kind::Required)
    }
}
