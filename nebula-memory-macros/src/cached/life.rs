//! How long something lives: `"5m"`, or an expression.

use std::time::Duration;

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Expr, Lit};

use crate::attrs::{kind_of, ungroup};
use crate::suggest::nearest;

/// A time as the user wrote it.
pub(super) enum Life {
    /// From a literal; not zero.
    Known(Duration, Lit),
    /// Of type `Duration`, for the compiler to check.
    Computed(Expr),
}

impl Life {
    /// What stands there, for messages.
    pub(super) fn at(&self) -> TokenStream {
        match self {
            Self::Known(_, literal) => literal.to_token_stream(),
            Self::Computed(expr) => expr.to_token_stream(),
        }
    }
}

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
    ("w", 604_800_000_000_000),
];

/// Words that look like units, and what they mean.
const LONG: [(&str, &str); 14] = [
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "w"),
    ("weeks", "w"),
];

const ALL: &str = "the units are `ns`, `us`, `ms`, `s`, `m`, `h`, `d` and `w`";

impl FromMeta for Life {
    fn from_word() -> darling::Result<Self> {
        Err(darling::Error::custom("expected a time: `= \"5m\"`, or an expression of type `Duration`"))
    }

    fn from_list(_: &[NestedMeta]) -> darling::Result<Self> {
        Self::from_word()
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        let Expr::Lit(literal) = ungroup(expr) else { return Ok(Self::Computed(expr.clone())) };
        let message = match &literal.lit {
            Lit::Str(text) => match duration(&text.value()) {
                Ok(time) => return Ok(Self::Known(time, literal.lit.clone())),
                Err(message) => message,
            },
            Lit::Int(number) => {
                let unit =
                    if UNITS.iter().any(|unit| unit.0 == number.suffix()) { number.suffix() } else { "s" };
                format!("a time has a unit, in quotes: write `\"{}{unit}\"`", number.base10_digits())
            }
            other => format!("expected a time, `\"5m\"`, found {}", kind_of(other)),
        };
        Err(darling::Error::custom(message).with_span(literal))
    }
}

/// The time that a text says: numbers with units, one behind the other.
fn duration(text: &str) -> Result<Duration, String> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err("expected a time: `\"5m\"`".to_owned());
    }
    let mut nanos = 0_u128;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|letter: char| !letter.is_alphabetic()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        if number.is_empty() {
            return Err(format!("`{text}` is no time: write whole numbers with units, `\"1h 30m\"`"));
        }
        if unit.is_empty() {
            return match tail.strip_prefix('.') {
                Some(_) => {
                    Err(format!("`{text}` is no time: write whole numbers with units, `\"1s 500ms\"`"))
                }
                None => Err(format!("`{number}` has no unit, {ALL}")),
            };
        }
        let factor = factor(unit)?;
        let number: u128 = number.parse().map_err(|_| TOO_LONG.to_owned())?;
        nanos = number
            .checked_mul(factor.into())
            .and_then(|part| nanos.checked_add(part))
            .ok_or_else(|| TOO_LONG.to_owned())?;
        rest = tail.trim_start();
    }
    if nanos == 0 {
        return Err("a time of zero keeps nothing: leave the attribute out".to_owned());
    }
    let seconds = u64::try_from(nanos / 1_000_000_000).map_err(|_| TOO_LONG.to_owned())?;
    let below = u32::try_from(nanos % 1_000_000_000).unwrap_or_default();
    Ok(Duration::new(seconds, below))
}

const TOO_LONG: &str = "this time is longer than can be told: leave the key out";

fn factor(unit: &str) -> Result<u64, String> {
    if let Some((_, factor)) = UNITS.iter().find(|known| known.0 == unit) {
        return Ok(*factor);
    }
    let lower = unit.to_lowercase();
    let meant = LONG.iter().find(|known| known.0 == lower).map(|known| known.1);
    let names = UNITS.map(|unit| unit.0);
    match meant.or_else(|| names.into_iter().find(|name| *name == lower)).or_else(|| nearest(unit, &names)) {
        Some(meant) => Err(format!("unknown unit `{unit}`; did you mean `{meant}`? {}", capital(ALL))),
        None => Err(format!("unknown unit `{unit}`; {ALL}")),
    }
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    text.get_mut(..1).map(str::make_ascii_uppercase).unwrap_or_default();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_numbers_with_units() {
        for (text, time) in [
            ("5m", Duration::from_secs(300)),
            ("1h30m", Duration::from_secs(5_400)),
            (" 1h 30 m ", Duration::from_secs(5_400)),
            ("250ms", Duration::from_millis(250)),
            ("1s 1ns", Duration::new(1, 1)),
            ("2w", Duration::from_secs(1_209_600)),
        ] {
            assert_eq!(duration(text), Ok(time), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_told_so() {
        for (text, message) in [
            ("", "expected a time"),
            ("m", "no time"),
            ("5", "has no unit"),
            ("1.5s", "1s 500ms"),
            ("5min", "did you mean `m`?"),
            ("5S", "did you mean `s`?"),
            ("5 fortnights", "unknown unit `fortnights`; the units are"),
            ("0s", "keeps nothing"),
            ("99999999999999999999999999999999999999999w", "longer than can be told"),
            ("99999999999999999999w", "longer than can be told"),
        ] {
            let found = duration(text).unwrap_err();
            assert!(found.contains(message), "{text}: {found}");
        }
    }
}
