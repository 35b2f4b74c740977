//! A function whose results are kept, as plain data: everything in it has been checked.

use proc_macro2::{Group, Ident, TokenStream};
use syn::{Attribute, Expr, Signature, Stmt, Token, Type, Visibility};

use super::life::Life;
use crate::crate_path::CratePath;

pub(super) struct Model {
    pub(super) krate: CratePath,
    /// Attributes and visibility.
    pub(super) before: TokenStream,
    pub(super) signature: Signature,
    /// What it returns.
    pub(super) output: Type,
    pub(super) body: Group,
    pub(super) key: Key,
    pub(super) keep: Keep,
    pub(super) source: Source,
    pub(super) flight: Flight,
}

/// Who computes what many ask for.
pub(super) enum Flight {
    /// Each who asks.
    Each,
    /// One, and the others wait.
    Single,
    /// Whoever is polled. What the body borrows of the first one is made owned: these arguments.
    Polled(Vec<Rebound>),
}

/// An argument that the body gets from a copy of its own.
pub(super) struct Rebound {
    pub(super) part: Part,
    pub(super) mutable: Option<Token![mut]>,
}

/// What tells calls apart.
pub(super) enum Key {
    /// These arguments.
    Arguments(Vec<Part>),
    /// What a closure makes of some arguments.
    Computed {
        lent: Vec<Lent>,
        part: Box<Part>,
        /// As the user wrote it.
        ty: Box<Type>,
        body: Vec<Stmt>,
    },
}

/// A part of the key, which is borrowed for a look-up.
pub(super) struct Part {
    /// The argument; of a computed key the name of its variable.
    pub(super) value: Ident,
    pub(super) how: How,
    /// Without references.
    pub(super) ty: Type,
}

/// How the value of a part is lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// It is a value.
    Value,
    /// It is so many references to one.
    Reference(usize),
    /// It is an `Option` of a reference.
    Optional,
    /// It is a receiver of another type than `Self` or `&Self`.
    Receiver,
}

/// An argument in the closure that makes the key.
pub(super) struct Lent {
    /// As the closure calls it.
    pub(super) name: Ident,
    /// It is a value, of which the closure gets a reference.
    pub(super) by_value: bool,
}

/// Which results are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keep {
    All,
    Ok,
    Some,
}

/// Where they are kept.
pub(super) enum Source {
    /// In a cache of the user's own.
    Given(Expr),
    /// In one that belongs to the function.
    Own(Box<Own>),
}

/// The cache of a function.
pub(super) struct Own {
    pub(super) capacity: Option<Expr>,
    /// The type of the runtime.
    pub(super) policy: Option<Ident>,
    pub(super) ttl: Option<Life>,
    pub(super) tti: Option<Life>,
    pub(super) weigh: Option<Expr>,
    /// The cache counts what is looked up.
    pub(super) stats: bool,
    pub(super) companion: Option<Companion>,
}

/// A function that gives the cache.
pub(super) struct Companion {
    pub(super) name: Ident,
    pub(super) associated: bool,
    pub(super) vis: Visibility,
    /// The conditions under which the function is there.
    pub(super) conditions: Vec<Attribute>,
}
