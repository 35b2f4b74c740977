//! The tree with types: what is evaluated.

use super::ast::{Arithmetic, Comparison};
use crate::flow::memory::Memory;

/// An expression that has been checked against the columns of its records.
pub(crate) enum Typed<'s, M: Memory> {
    /// Gives true, false or missing.
    Truth(Truth<'s, M>),
    /// Gives a number or missing.
    Number(NumberTree<'s, M>),
    /// Gives a text or missing.
    Text(Text<'s, M>),
    /// Always missing.
    Missing,
}

/// A number that is present.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

type Boxed<'s, M, T> = <M as Memory>::Boxed<'s, T>;

/// Gives true, false or missing.
pub(crate) enum Truth<'s, M: Memory> {
    Constant(Option<bool>),
    Column(usize),
    Not(Boxed<'s, M, Self>),
    And(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Or(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Equal(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    NotEqual(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Numbers(Comparison, Boxed<'s, M, NumberTree<'s, M>>, Boxed<'s, M, NumberTree<'s, M>>),
    Texts(Comparison, Boxed<'s, M, Text<'s, M>>, Boxed<'s, M, Text<'s, M>>),
    IsMissing(Boxed<'s, M, Typed<'s, M>>),
    If(Boxed<'s, M, Truth<'s, M>>, Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Coalesce(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
}

/// Gives a number or missing.
pub(crate) enum NumberTree<'s, M: Memory> {
    Constant(Option<Number>),
    Column(usize),
    Map(NumberMap, Boxed<'s, M, Self>),
    Arithmetic(Arithmetic, Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    /// The smaller (`true`) or the larger of two.
    Extreme(bool, Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    If(Boxed<'s, M, Truth<'s, M>>, Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Coalesce(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
}

/// From one number to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberMap {
    Negate,
    Abs,
    Floor,
    Ceil,
    Round,
}

/// Gives a text or missing.
pub(crate) enum Text<'s, M: Memory> {
    Constant(Option<M::Text<'s>>),
    Column(usize),
    If(Boxed<'s, M, Truth<'s, M>>, Boxed<'s, M, Self>, Boxed<'s, M, Self>),
    Coalesce(Boxed<'s, M, Self>, Boxed<'s, M, Self>),
}
