//! An expression or a type of allocators, as plain data: everything in it has been checked.

use proc_macro2::{Group, Ident, Span};
use syn::{Attribute, Expr, Visibility};

use crate::crate_path::CratePath;
use crate::size::Bytes;

/// A kind of allocator, with how much memory.
pub(super) enum Kind {
    Bump(Bytes),
    Stack(Bytes),
    /// A size, and how many blocks.
    Pool(Bytes, Bytes),
    System,
}

/// An allocator that is made where the macro stands.
pub(super) struct Expression {
    pub(super) krate: CratePath,
    pub(super) kind: Kind,
    pub(super) shared: bool,
    pub(super) stats: bool,
    pub(super) align: Option<Expr>,
    pub(super) budget: Option<Bytes>,
    /// The name of the scope, and what is done in it.
    pub(super) body: Option<(Ident, Group)>,
}

/// A type of allocators.
pub(super) struct Item {
    pub(super) krate: CratePath,
    pub(super) attrs: Vec<Attribute>,
    /// The `cfg`s among them, for all else that is generated.
    pub(super) cfgs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    /// From the smallest blocks to all that are larger. There is one at least.
    pub(super) classes: Vec<Class>,
    pub(super) fallback: Option<Fallback>,
    pub(super) budget: Option<Number>,
    pub(super) stats: bool,
    pub(super) shared: bool,
    /// What the compiler is to check, because the numbers are constants that only it knows.
    pub(super) rules: Vec<Rule>,
    /// Something is wrong: enough of the type is generated to keep the user's code free of errors that follow from that.
    pub(super) broken: bool,
}

/// Memory for blocks up to a size.
pub(super) struct Class {
    pub(super) name: Ident,
    pub(super) docs: Vec<Attribute>,
    pub(super) part: Part,
    /// The largest block; `None` for the last class.
    pub(super) limit: Option<Number>,
}

/// An allocator inside of another one.
pub(super) enum Part {
    Bump(Number),
    Stack(Number),
    Pool(Number, Number),
    System,
}

/// What serves the blocks that the classes refuse.
pub(super) enum Fallback {
    System,
    Bump(Number),
}

/// A number that is a constant of the type.
#[derive(Clone)]
pub(super) struct Number {
    /// What the constant is called.
    pub(super) name: Ident,
    pub(super) value: Bytes,
}

/// What must hold, or the message is an error at the span.
pub(super) struct Rule {
    pub(super) left: Term,
    pub(super) relation: Relation,
    pub(super) right: Term,
    pub(super) message: String,
    pub(super) span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Less,
    AtMost,
}

#[derive(Clone)]
pub(super) enum Term {
    Zero,
    /// What no block of memory is larger than.
    Most,
    Number(Number),
    Product(Number, Number),
}

impl Term {
    /// The value, if the numbers are literals.
    pub(super) fn literal(&self) -> Option<u128> {
        match self {
            Self::Zero => Some(0),
            Self::Most => Some(i64::MAX as u128),
            Self::Number(number) => number.value.literal(),
            Self::Product(a, b) => Some(a.value.literal()?.saturating_mul(b.value.literal()?)),
        }
    }
}
