//! Evaluation over one record. Nothing here allocates and nothing can fail.

use std::cmp::Ordering;

use super::{
    ast::{Arithmetic, Comparison},
    program::{Number, NumberMap, NumberTree, Text, Truth, Typed},
};
use crate::flow::{
    engine::{Scalar, Value},
    memory::Memory,
};

impl<M: Memory> Typed<'_, M> {
    /// The value for `record`.
    #[inline]
    pub(crate) fn eval<'v>(&'v self, record: &'v [Value<'_, M>]) -> Scalar<'v> {
        match self {
            Self::Truth(tree) => tree.eval(record).map_or(Scalar::Missing, Scalar::Truth),
            Self::Number(tree) => match tree.eval(record) {
                None => Scalar::Missing,
                Some(Number::Int(value)) => Scalar::Int(value),
                Some(Number::Float(value)) => Scalar::Float(value),
            },
            Self::Text(tree) => tree.eval(record).map_or(Scalar::Missing, Scalar::Text),
            Self::Missing => Scalar::Missing,
        }
    }
}

impl<M: Memory> Truth<'_, M> {
    /// True, false or missing; `&&` and `||` follow SQL: what decides the outcome may stand beside a missing.
    pub(crate) fn eval(&self, record: &[Value<'_, M>]) -> Option<bool> {
        match self {
            Self::Constant(value) => *value,
            Self::Column(at) => match record[*at] {
                Value::Truth(value) => Some(value),
                _ => None,
            },
            Self::Not(tree) => tree.eval(record).map(|value| !value),
            Self::And(a, b) => match a.eval(record) {
                Some(false) => Some(false),
                Some(true) => b.eval(record),
                None => b.eval(record).filter(|&value| !value),
            },
            Self::Or(a, b) => match a.eval(record) {
                Some(true) => Some(true),
                Some(false) => b.eval(record),
                None => b.eval(record).filter(|&value| value),
            },
            Self::Equal(a, b) => Some(a.eval(record)? == b.eval(record)?),
            Self::NotEqual(a, b) => Some(a.eval(record)? != b.eval(record)?),
            Self::Numbers(comparison, a, b) => {
                Some(comparison.accepts(a.eval(record)?.compare(b.eval(record)?)))
            }
            Self::Texts(comparison, a, b) => Some(comparison.accepts(a.eval(record)?.cmp(b.eval(record)?))),
            Self::IsMissing(value) => Some(matches!(value.eval(record), Scalar::Missing)),
            Self::If(condition, a, b) => {
                if condition.eval(record) == Some(true) {
                    a.eval(record)
                } else {
                    b.eval(record)
                }
            }
            Self::Coalesce(a, b) => a.eval(record).or_else(|| b.eval(record)),
        }
    }
}

impl<M: Memory> NumberTree<'_, M> {
    fn eval(&self, record: &[Value<'_, M>]) -> Option<Number> {
        match self {
            Self::Constant(value) => *value,
            Self::Column(at) => match record[*at] {
                Value::Int(value) => Some(Number::Int(value)),
                Value::Float(value) => Some(Number::Float(value)),
                _ => None,
            },
            Self::Map(map, tree) => tree.eval(record).map(|number| map.apply(number)),
            Self::Arithmetic(arithmetic, a, b) => arithmetic.apply(a.eval(record)?, b.eval(record)?),
            Self::Extreme(smaller, a, b) => {
                let (a, b) = (a.eval(record)?, b.eval(record)?);
                Some(if (a.compare(b) == Ordering::Greater) == *smaller { b } else { a })
            }
            Self::If(condition, a, b) => {
                if condition.eval(record) == Some(true) {
                    a.eval(record)
                } else {
                    b.eval(record)
                }
            }
            Self::Coalesce(a, b) => a.eval(record).or_else(|| b.eval(record)),
        }
    }
}

impl<M: Memory> Text<'_, M> {
    fn eval<'v>(&'v self, record: &'v [Value<'_, M>]) -> Option<&'v str> {
        match self {
            Self::Constant(value) => value.as_deref(),
            Self::Column(at) => match &record[*at] {
                Value::Text(value) => Some(value),
                _ => None,
            },
            Self::If(condition, a, b) => {
                if condition.eval(record) == Some(true) {
                    a.eval(record)
                } else {
                    b.eval(record)
                }
            }
            Self::Coalesce(a, b) => a.eval(record).or_else(|| b.eval(record)),
        }
    }
}

impl Comparison {
    fn accepts(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

impl Number {
    /// The number as a float; integers beyond 2^53 are rounded.
    #[expect(clippy::cast_precision_loss, reason = "this is what `as a float` means")]
    pub(crate) fn float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }

    /// The order of two numbers; floats are never NaN here.
    pub(crate) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (a, b) => a.float().partial_cmp(&b.float()).unwrap_or(Ordering::Equal),
        }
    }

    /// A float that is a number; anything else (an overflow, 0 / 0) is missing.
    fn finite(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self::Float(value))
    }
}

impl Arithmetic {
    /// Integers stay integers where the result is one and fits; division always gives a float.
    fn apply(self, a: Number, b: Number) -> Option<Number> {
        if let (Number::Int(a), Number::Int(b)) = (a, b) {
            let exact = match self {
                Self::Add => a.checked_add(b),
                Self::Subtract => a.checked_sub(b),
                Self::Multiply => a.checked_mul(b),
                Self::Remainder if b == 0 => return None,
                Self::Remainder => Some(a.wrapping_rem(b)),
                Self::Divide => None,
            };
            if let Some(value) = exact {
                return Some(Number::Int(value));
            }
        }
        let (a, b) = (a.float(), b.float());
        Number::finite(match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide => a / b,
            Self::Remainder => a % b,
        })
    }
}

impl NumberMap {
    fn apply(self, number: Number) -> Number {
        match (self, number) {
            (Self::Negate, Number::Int(value)) => {
                value.checked_neg().map_or_else(|| Number::Float(-number.float()), Number::Int)
            }
            (Self::Abs, Number::Int(value)) => {
                value.checked_abs().map_or_else(|| Number::Float(number.float().abs()), Number::Int)
            }
            (Self::Floor | Self::Ceil | Self::Round, Number::Int(_)) => number,
            (Self::Negate, Number::Float(value)) => Number::Float(-value),
            (Self::Abs, Number::Float(value)) => Number::Float(value.abs()),
            (Self::Floor, Number::Float(value)) => whole(value.floor()),
            (Self::Ceil, Number::Float(value)) => whole(value.ceil()),
            (Self::Round, Number::Float(value)) => whole(value.round()),
        }
    }
}

/// A rounded float as an integer, if one can hold it.
fn whole(value: f64) -> Number {
    const LIMIT: f64 = 9_007_199_254_740_992.0; // 2^53: up to here every integer is a float and back
    if value.abs() <= LIMIT {
        #[expect(clippy::cast_possible_truncation, reason = "it is whole, and within the limit")]
        return Number::Int(value as i64);
    }
    Number::Float(value)
}
