//! One field of a CSV file as a value.

use std::ops::Range;

use crate::flow::engine::{Kind, Scalar};

/// Whether a field stands for no value.
#[inline]
pub(super) fn is_missing(field: &[u8]) -> bool {
    field.is_empty() || field == b"NA"
}

/// The value of the field at `range` of `text`, in a column of `kind`; `None` if it cannot be one.
#[inline(always)]
pub(super) fn parse(kind: Kind, text: &str, range: Range<usize>) -> Option<Scalar<'_>> {
    let field = &text.as_bytes()[range.clone()];
    match kind {
        // Most fields of such a column are integers, so that is what is tried first.
        Kind::Int | Kind::Unknown => int(field).map(Scalar::Int).or_else(|| unusual(field)),
        Kind::Text if !is_missing(field) => Some(Scalar::Text(&text[range])),
        Kind::Float if !is_missing(field) => float(field).map(Scalar::Float),
        Kind::Truth if !is_missing(field) => match field {
            b"true" => Some(Scalar::Truth(true)),
            b"false" => Some(Scalar::Truth(false)),
            _ => None,
        },
        Kind::Text | Kind::Float | Kind::Truth => Some(Scalar::Missing),
    }
}

/// A field of an integer column that is none: missing, or a float, which is then kept as one.
#[inline(never)]
fn unusual<'f>(field: &[u8]) -> Option<Scalar<'f>> {
    if is_missing(field) { Some(Scalar::Missing) } else { float(field).map(Scalar::Float) }
}

/// Digits, perhaps after a sign.
#[inline(always)]
pub(super) fn int(field: &[u8]) -> Option<i64> {
    let (negative, digits) = match field {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] | digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return long_int(field);
    }
    let mut value = 0_i64;
    for &digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// Near the limits, where overflow must be looked at.
#[cold]
fn long_int(field: &[u8]) -> Option<i64> {
    str::from_utf8(field).ok()?.parse().ok()
}

/// A decimal number; the words `inf` and `nan` are none.
pub(super) fn float(field: &[u8]) -> Option<f64> {
    match field {
        [b'-' | b'+', b'0'..=b'9' | b'.', ..] | [b'0'..=b'9' | b'.', ..] => {
            fast_float2::parse(field).ok().filter(|value: &f64| value.is_finite())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: Kind, field: &str) -> Option<Scalar<'_>> {
        super::parse(kind, field, 0..field.len())
    }

    #[test]
    fn fields_become_what_their_column_says() {
        assert_eq!(parse(Kind::Int, "-17"), Some(Scalar::Int(-17)));
        assert_eq!(parse(Kind::Int, "2.5"), Some(Scalar::Float(2.5)));
        assert_eq!(parse(Kind::Int, "N14"), None);
        assert_eq!(parse(Kind::Float, "7"), Some(Scalar::Float(7.0)));
        assert_eq!(parse(Kind::Float, "nan"), None);
        assert_eq!(parse(Kind::Float, "1e999"), None);
        assert_eq!(parse(Kind::Text, "12"), Some(Scalar::Text("12")));
        assert_eq!(parse(Kind::Text, "NA"), Some(Scalar::Missing));
        assert_eq!(parse(Kind::Int, ""), Some(Scalar::Missing));
    }

    #[test]
    fn integers_are_read_up_to_their_limits() {
        for value in [0, 7, -7, i64::MAX, i64::MIN, 999_999_999_999_999_999] {
            assert_eq!(int(value.to_string().as_bytes()), Some(value));
        }
        for bad in ["", "-", "+", "1x", "9223372036854775808", "--1", " 1"] {
            assert_eq!(int(bad.as_bytes()), None, "{bad}");
        }
    }
}
