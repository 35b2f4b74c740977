//! The figures of a group. Missing values do not take part.

use std::cmp::Ordering;

use crate::flow::{
    engine::{Scalar, Value},
    expr::Number,
    memory::Memory,
    workflow::Function,
};

/// A figure on its way.
pub(super) enum Accumulator<'r, M: Memory> {
    Count(u64),
    Sum(Sum),
    Mean(Sum),
    /// The smallest (`Less`) or largest (`Greater`) so far.
    Extreme(Ordering, Value<'r, M>),
    /// The numbers are kept elsewhere: in the list of this position.
    Median,
}

/// Integers are added exactly as long as the sum is one; floats one after the other.
#[derive(Default)]
pub(super) struct Sum {
    ints: i64,
    floats: f64,
    count: u64,
    any_float: bool,
}

impl Sum {
    fn add(&mut self, number: Number) {
        self.count += 1;
        if let Number::Int(value) = number
            && let Some(sum) = self.ints.checked_add(value)
        {
            self.ints = sum;
        } else {
            self.floats += number.float();
            self.any_float = true;
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "the result is a float")]
    fn float(&self) -> f64 {
        self.ints as f64 + self.floats
    }
}

impl<'r, M: Memory> Accumulator<'r, M> {
    pub(super) fn new(function: Function) -> Self {
        match function {
            Function::Count => Self::Count(0),
            Function::Sum => Self::Sum(Sum::default()),
            Function::Mean => Self::Mean(Sum::default()),
            Function::Min => Self::Extreme(Ordering::Less, Value::Missing),
            Function::Max => Self::Extreme(Ordering::Greater, Value::Missing),
            Function::Median => Self::Median,
        }
    }

    /// Counts a record, whatever it holds.
    pub(super) fn add_record(&mut self) {
        if let Self::Count(count) = self {
            *count += 1;
        }
    }

    #[inline]
    pub(super) fn add(&mut self, space: M::Space<'r>, value: Scalar<'_>) {
        if value == Scalar::Missing {
            return;
        }
        match self {
            Self::Count(count) => *count += 1,
            Self::Sum(sum) | Self::Mean(sum) => {
                if let Some(number) = value.number() {
                    sum.add(number);
                }
            }
            Self::Extreme(wanted, best) => {
                if matches!(best, Value::Missing) || value.compare(best.scalar()) == *wanted {
                    *best = Value::keep(space, value);
                }
            }
            Self::Median => {}
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a mean is a float")]
    pub(super) fn finish<'b>(&mut self) -> Value<'b, M>
    where
        'r: 'b,
    {
        match self {
            Self::Count(count) => i64::try_from(*count).map_or(Value::Missing, Value::Int),
            Self::Sum(sum) if sum.count == 0 => Value::Missing,
            Self::Sum(sum) if sum.any_float => finite(sum.float()),
            Self::Sum(sum) => Value::Int(sum.ints),
            Self::Mean(sum) if sum.count == 0 => Value::Missing,
            Self::Mean(sum) => finite(sum.float() / sum.count as f64),
            Self::Extreme(_, best) => best.take(),
            Self::Median => Value::Missing,
        }
    }
}

fn finite<'b, M: Memory>(value: f64) -> Value<'b, M> {
    if value.is_finite() { Value::Float(value) } else { Value::Missing }
}

/// The number in the middle; the mean of the two in the middle where there are two.
pub(super) fn median(numbers: &mut [f64]) -> Option<f64> {
    let middle = numbers.len() / 2;
    if numbers.is_empty() {
        return None;
    }
    let even = numbers.len().is_multiple_of(2);
    let (below, &mut high, _) = numbers.select_nth_unstable_by(middle, f64::total_cmp);
    if !even {
        return Some(high);
    }
    let low = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(low, high))
}
