//! A type and its builder, as plain data: everything in it has been checked.

use proc_macro2::{Ident, Span};
use syn::{Attribute, Expr, Generics, Member, Type, Visibility};

use crate::crate_path::CratePath;

/// A type and its builder.
pub(crate) struct Target {
    pub(crate) krate: CratePath,
    pub(crate) ident: Ident,
    /// Of the builder and all that starts one.
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    /// The name of the builder's type.
    pub(crate) builder: Ident,
    /// The name of the function that starts a plain value.
    pub(crate) start: Ident,
    /// The type may be where there is no prelude: then the compiler does not know its own attributes for messages either.
    pub(crate) bare: bool,
    /// The struct is packed, which has been reported.
    pub(crate) packed: bool,
    pub(crate) fields: Vec<FieldModel>,
}

/// A field.
pub(crate) struct FieldModel {
    /// The user's token, or the index.
    pub(crate) member: Member,
    /// What the field is called in docs.
    pub(crate) name: String,
    /// The user's token: the field, or the name given by `rename`; or `_0` for the first field of a tuple struct.
    pub(crate) setter: Ident,
    pub(crate) ty: Type,
    pub(crate) kind: Kind,
    /// The type of the value in an `Option` that the setter adds.
    pub(crate) option: Option<Type>,
    /// Whether the setter converts.
    pub(crate) into: bool,
    /// The name of the setter that initialises in place.
    pub(crate) in_place: Option<Ident>,
    /// What becomes of it when the object ends, if it stays in the slot.
    pub(crate) reset: Option<Reset>,
    /// Docs and deprecation, for the setter.
    pub(crate) attrs: Vec<Attribute>,
}

/// When and how a field gets its value.
pub(crate) enum Kind {
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
pub(crate) enum Fallback {
    None,
    Default,
    Expr(Expr),
}

/// How a field that stays in its slot is made ready for the next object.
pub(crate) enum Reset {
    Keep,
    /// By its method `clear`, which the word of the user stands for.
    Clear(Span),
    /// By the value it has if it is not set.
    Default,
    /// By a function.
    Call(Expr),
}

impl FieldModel {
    pub(crate) fn is_required(&self) -> bool {
        matches!(self.kind, Kind::Required)
    }
}
