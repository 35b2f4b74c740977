//! A number of bytes: any expression, or a literal with a unit (`64 bytes`, `1 MiB`).

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, LitInt, UnOp};

use crate::attrs::{kind_of, ungroup};
use crate::diagnostics::Diagnostics;

const UNITS: [(&str, u128); 6] =
    [("byte", 1), ("bytes", 1), ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

/// Words that look like units to people, and are ambiguous or none.
const NO_UNITS: [(&str, &str); 9] = [
    ("k", "KiB"),
    ("kb", "KiB"),
    ("kib", "KiB"),
    ("m", "MiB"),
    ("mb", "MiB"),
    ("mib", "MiB"),
    ("g", "GiB"),
    ("gb", "GiB"),
    ("gib", "GiB"),
];

/// What the user wrote where a number of bytes goes. Not judged, but for the unit.
#[derive(Clone)]
pub(crate) struct Bytes(Box<Expr>);

impl Bytes {
    /// Reads an expression, and a unit if it is a literal.
    pub(crate) fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let expr: Expr = input.parse()?;
        let Some(number) = integer(&expr) else {
            not_whole(&expr, input)?;
            return Ok(Self::plain(expr));
        };
        if !number.suffix().is_empty() {
            return with_suffix(&expr, number);
        }
        match input.fork().parse::<Ident>() {
            Ok(word) => match factor(&word.to_string(), word.span())? {
                Some(factor) => {
                    input.parse::<Ident>()?;
                    times(number, factor)
                }
                None => Ok(Self::plain(expr)),
            },
            Err(_) => Ok(Self::plain(expr)),
        }
    }

    /// A number that has no unit.
    pub(crate) fn plain(expr: Expr) -> Self {
        Self(Box::new(expr))
    }

    /// The value, if it is a literal.
    pub(crate) fn literal(&self) -> Option<u128> {
        integer(&self.0).and_then(|number| number.base10_parse().ok())
    }

    /// The word or the boolean that it is instead of a number.
    pub(crate) fn word(&self) -> Option<String> {
        match ungroup(&self.0) {
            Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
            Expr::Lit(ExprLit { lit: Lit::Bool(flag), .. }) => Some(flag.value.to_string()),
            _ => None,
        }
    }

    /// The expression without a unit.
    pub(crate) fn expr(&self) -> &Expr {
        &self.0
    }

    /// What can be said without knowing more than the literal; the rest is for the compiler. `what` begins the message.
    pub(crate) fn check(&self, what: &str, diagnostics: &mut Diagnostics) -> bool {
        let size = ungroup(&self.0);
        let message = match size {
            _ if self.literal() == Some(0) => format!("{what} must be greater than zero"),
            Expr::Unary(negative) if matches!(negative.op, UnOp::Neg(_)) => {
                format!("{what} must not be negative")
            }
            Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)) => {
                format!("{what} must be an integer, found {}", kind_of(&literal.lit))
            }
            _ => return true,
        };
        diagnostics.error_over(size, message);
        false
    }

    /// Where it is.
    pub(crate) fn span(&self) -> Span {
        self.0.span()
    }
}

impl ToTokens for Bytes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.0.to_tokens(tokens);
    }
}

fn integer(expr: &Expr) -> Option<&LitInt> {
    match ungroup(expr) {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => Some(number),
        _ => None,
    }
}

/// How many bytes a unit is; `None` if the word is something else.
fn factor(word: &str, span: Span) -> syn::Result<Option<u128>> {
    if let Some((_, factor)) = UNITS.iter().find(|unit| unit.0 == word) {
        return Ok(Some(*factor));
    }
    match NO_UNITS.iter().find(|other| other.0 == word.to_lowercase()) {
        Some((_, meant)) => {
            let units = "the units are `bytes`, `KiB` (1024 bytes), `MiB` and `GiB`";
            Err(syn::Error::new(span, format_args!("unknown unit `{word}`; did you mean `{meant}`? {units}")))
        }
        None => Ok(None),
    }
}

/// The bytes of a literal with a unit, in an attribute; `None` if it has none, or is no number.
pub(crate) fn bytes_of(number: &Literal, unit: Option<&TokenTree>) -> syn::Result<Option<u128>> {
    let tokens: TokenStream = [Some(number.clone().into()), unit.cloned()].into_iter().flatten().collect();
    let has_unit =
        |word: &str| self::unit(word) || NO_UNITS.iter().any(|other| other.0 == word.to_lowercase());
    let suffix = match Lit::new(number.clone()) {
        Lit::Int(number) => number.suffix().to_owned(),
        Lit::Float(number) => number.suffix().to_owned(),
        _ => return Ok(None),
    };
    if !(has_unit(&suffix) || unit.is_some_and(|unit| has_unit(&unit.to_string()))) {
        return Ok(None);
    }
    Bytes::parse.parse2(tokens).map(|bytes| bytes.literal())
}

/// Whether a word is a unit.
pub(crate) fn unit(word: &str) -> bool {
    UNITS.iter().any(|unit| unit.0 == word)
}

/// Refuses a unit behind what is no whole number.
fn not_whole(expr: &Expr, input: ParseStream<'_>) -> syn::Result<()> {
    let unit = match (ungroup(expr), input.fork().parse::<Ident>()) {
        (Expr::Lit(ExprLit { lit: Lit::Float(number), .. }), _) if unit(number.suffix()) => {
            number.suffix().to_owned()
        }
        (_, Ok(word)) if unit(&word.to_string()) => word.to_string(),
        _ => return Ok(()),
    };
    let message = match ungroup(expr) {
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => match smaller(number.base10_digits(), &unit) {
            Some(instead) => format!("a size is a whole number: write `{instead}`"),
            None => "a size is a whole number, of this unit or of a smaller one".to_owned(),
        },
        expr => {
            let text = match expr {
                Expr::Path(path) => path.to_token_stream().to_string().replace(' ', ""),
                _ => "(…)".to_owned(),
            };
            match unit.as_str() {
                "KiB" | "MiB" | "GiB" => {
                    format!("a unit goes with a number only: write `{text} * {}`", unit.to_uppercase())
                }
                _ => format!("a unit goes with a number only: write `{text}`"),
            }
        }
    };
    let mut all = expr.to_token_stream();
    if let Ok(word) = input.parse::<Ident>() {
        word.to_tokens(&mut all);
    }
    Err(syn::Error::new_spanned(all, message))
}

/// The same size as a whole number of a smaller unit.
fn smaller(digits: &str, unit: &str) -> Option<String> {
    let (whole, fraction) = digits.split_once('.')?;
    let bytes = UNITS.iter().find(|known| known.0 == unit)?.1;
    let scale = 10_u128.checked_pow(fraction.len().try_into().ok()?)?;
    let tenths = format!("{whole}{fraction}").parse::<u128>().ok()?.checked_mul(bytes)?;
    let bytes = (tenths % scale == 0).then_some(tenths / scale)?;
    let (name, factor) = UNITS.iter().rev().find(|known| bytes % known.1 == 0 && known.0 != "B")?;
    Some(format!("{} {name}", bytes / factor))
}

fn times(number: &LitInt, factor: u128) -> syn::Result<Bytes> {
    let bytes = number.base10_parse::<u128>()?.saturating_mul(factor);
    let bytes = LitInt::new(&bytes.to_string(), number.span());
    Ok(Bytes::plain(Expr::Lit(ExprLit { attrs: Vec::new(), lit: Lit::Int(bytes) })))
}

/// `64KiB`, `64x1024` and `64usize` are one literal each.
fn with_suffix(expr: &Expr, number: &LitInt) -> syn::Result<Bytes> {
    let suffix = number.suffix();
    if let Some(factor) = factor(suffix, number.span())? {
        return times(number, factor);
    }
    if let Some(count) = suffix.strip_prefix('x') {
        let size = number.base10_digits();
        let message = format!("write it with spaces: `{size} x {count}`");
        return Err(syn::Error::new(number.span(), message));
    }
    Ok(Bytes::plain(expr.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn parse(tokens: TokenStream) -> Result<Option<u128>, String> {
        Bytes::parse.parse2(tokens).map(|bytes| bytes.literal()).map_err(|error| error.to_string())
    }

    #[test]
    fn literals_have_units() {
        assert_eq!(parse(quote!(64)), Ok(Some(64)));
        assert_eq!(parse(quote!(64 bytes)), Ok(Some(64)));
        assert_eq!(parse(quote!(2 KiB)), Ok(Some(2048)));
        assert_eq!(parse(quote!(1_0MiB)), Ok(Some(10 << 20)));
        assert_eq!(parse(quote!(3usize)), Ok(Some(3)));
        assert_eq!(parse(quote!(64 * KIB)), Ok(None));
    }

    #[test]
    fn a_unit_goes_with_a_whole_number() {
        assert!(parse(quote!(1.5 MiB)).unwrap_err().contains("`1536 KiB`"));
        assert!(parse(quote!(0.5KiB)).unwrap_err().contains("`512 bytes`"));
        assert!(parse(quote!(1.3 KiB)).unwrap_err().contains("smaller"));
        assert!(parse(quote!(x KiB)).unwrap_err().contains("`x * KIB`"));
        assert!(parse(quote!(Self::N bytes)).unwrap_err().contains("`Self::N`"));
    }

    #[test]
    fn other_words_are_no_units() {
        assert!(parse(quote!(64 kB)).unwrap_err().contains("did you mean `KiB`?"));
        assert!(parse(quote!(64M)).unwrap_err().contains("did you mean `MiB`?"));
        assert!(parse(quote!(64x10)).unwrap_err().contains("`64 x 10`"));
        assert_eq!(parse(quote!(340282366920938463463374607431768211455 GiB)), Ok(Some(u128::MAX)));
    }
}
