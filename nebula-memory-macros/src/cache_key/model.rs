//! A key and its twin, as plain data: everything in it has been checked.

use proc_macro2::Ident;
use syn::{Attribute, Expr, Generics, Lifetime, Member, Type, Visibility};

use crate::crate_path::CratePath;

pub(super) struct Model {
    pub(super) krate: CratePath,
    pub(super) ident: Ident,
    pub(super) generics: Generics,
    /// The name of the twin.
    pub(super) twin: Ident,
    pub(super) vis: Visibility,
    /// That of the twin's references.
    pub(super) lifetime: Lifetime,
    pub(super) shape: Shape,
}

impl Model {
    /// All fields, of all variants.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        let (fields, variants): (&[Field], &[Variant]) = match &self.shape {
            Shape::Struct(parts) => (&parts.fields, &[]),
            Shape::Enum { variants, .. } => (&[], variants),
        };
        fields.iter().chain(variants.iter().flat_map(|variant| &variant.parts.fields))
    }
}

pub(super) enum Shape {
    Struct(Parts),
    Enum {
        /// The integer that tells variants apart, if it was chosen: hashes depend on it.
        repr: Option<Ident>,
        variants: Vec<Variant>,
    },
}

pub(super) struct Variant {
    pub(super) ident: Ident,
    /// Its documentation.
    pub(super) docs: Vec<Attribute>,
    pub(super) discriminant: Option<Expr>,
    pub(super) parts: Parts,
}

/// Of a struct, or of a variant.
pub(super) struct Parts {
    pub(super) style: Style,
    pub(super) fields: Vec<Field>,
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

pub(super) struct Field {
    pub(super) member: Member,
    /// As an argument.
    pub(super) name: Ident,
    pub(super) vis: Visibility,
    /// Its documentation.
    pub(super) docs: Vec<Attribute>,
    pub(super) ty: Type,
    pub(super) lent: Lent,
}

/// What the twin has of a field.
pub(super) enum Lent {
    /// A copy.
    Copied,
    /// A reference to all of it.
    Whole,
    /// What it refers to itself: this.
    Referred(Type),
    /// What it can be borrowed as.
    Borrowed { target: Target, own: Own },
    /// An `Option` of that, of an `Option` of this.
    Optional { inner: Box<Type>, target: Target, own: Own },
}

/// What a type is borrowed as.
pub(super) enum Target {
    /// One of the runtime's names.
    Known(&'static str),
    /// A slice of this.
    Slice(Type),
    /// What the user says, or the argument of the type.
    Other(Type),
}

/// How the owned form is made of the borrowed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// By `ToOwned`.
    ToOwned,
    /// By `From` of a reference, for what has no size.
    From,
    /// By `From` of a clone.
    FromClone,
    /// Nobody knows.
    Unknown,
}
