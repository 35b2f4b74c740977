//! One cell of a record.

use std::cmp::Ordering;

use crate::flow::{expr::Number, memory::Memory};

/// A cell that owns its text, as far as its memory knows owning.
pub(crate) enum Value<'s, M: Memory> {
    Missing,
    Int(i64),
    Float(f64),
    Truth(bool),
    Text(M::Text<'s>),
}

/// A cell that borrows its text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scalar<'v> {
    Missing,
    Int(i64),
    Float(f64),
    Truth(bool),
    Text(&'v str),
}

impl<'s, M: Memory> Value<'s, M> {
    /// Keeps a copy of `scalar` in `space`.
    #[inline]
    pub(crate) fn keep(space: M::Space<'s>, scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Missing => Self::Missing,
            Scalar::Int(value) => Self::Int(value),
            Scalar::Float(value) => Self::Float(value),
            Scalar::Truth(value) => Self::Truth(value),
            Scalar::Text(text) => Self::Text(M::text(space, text)),
        }
    }

    #[inline]
    pub(crate) fn scalar(&self) -> Scalar<'_> {
        match self {
            Self::Missing => Scalar::Missing,
            Self::Int(value) => Scalar::Int(*value),
            Self::Float(value) => Scalar::Float(*value),
            Self::Truth(value) => Scalar::Truth(*value),
            Self::Text(text) => Scalar::Text(text),
        }
    }

    /// For a record that lives shorter than this value.
    #[inline]
    pub(crate) fn lend<'short>(&self) -> Value<'short, M>
    where
        's: 'short,
    {
        match self {
            Self::Missing => Value::Missing,
            Self::Int(value) => Value::Int(*value),
            Self::Float(value) => Value::Float(*value),
            Self::Truth(value) => Value::Truth(*value),
            Self::Text(text) => Value::Text(M::lend(text)),
        }
    }

    /// The same, leaving nothing behind.
    pub(crate) fn take<'short>(&mut self) -> Value<'short, M>
    where
        's: 'short,
    {
        match std::mem::replace(self, Self::Missing) {
            Self::Missing => Value::Missing,
            Self::Int(value) => Value::Int(value),
            Self::Float(value) => Value::Float(value),
            Self::Truth(value) => Value::Truth(value),
            Self::Text(text) => Value::Text(M::shorten(text)),
        }
    }
}

impl Scalar<'_> {
    /// The number, if this is one.
    #[inline]
    pub(crate) fn number(self) -> Option<Number> {
        match self {
            Self::Int(value) => Some(Number::Int(value)),
            Self::Float(value) => Some(Number::Float(value)),
            _ => None,
        }
    }

    /// The order of two present values of one column.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Truth(a), Self::Truth(b)) => a.cmp(&b),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a.compare(b),
                _ => Ordering::Equal,
            },
        }
    }
}
