use core::fmt;
use core::str::FromStr;
use std::format;
use std::string::String;

use super::number::{Number, number};
use super::text::ParseError;

/// A number of bytes, as people write it: `64 MiB`, `1.5GiB`, `10 MB`, `4096`.
///
/// KiB, MiB, GiB, TiB, PiB and EiB are powers of 1024; kB, MB, GB, TB, PB and EB are powers of 1000. Upper and lower case are
/// the same, a number without a unit is bytes, and there may be underscores in it. Displayed, it is exact: what is read
/// again is the same number.
///
/// ```
/// use nebula_memory::observe::config::ByteSize;
///
/// let size: ByteSize = "1.5 GiB".parse()?;
/// assert_eq!((size.get(), size.to_string()), (3 << 29, String::from("1.5 GiB")));
/// assert_eq!("10 kB".parse::<ByteSize>()?, ByteSize::new(10_000));
///
/// let error = "64M".parse::<ByteSize>().unwrap_err();
/// assert_eq!(error.to_string(), "`M` is no unit of size: write `MiB` (1024s) or `MB` (1000s)");
/// # Ok::<(), nebula_memory::observe::config::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(u64);

/// What is said of a unit that is missing or wrong.
const UNITS: &str = "write `B`, `KiB`, `MiB`, `GiB` or `TiB`; `kB`, `MB` and so on for powers of 1000";
const LETTERS: &str = "KMGTPE";

impl ByteSize {
    /// So many bytes.
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number of bytes, as the sizes of allocators are; the largest there is, if it is more.
    pub fn as_usize(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// How many bytes a unit has.
    fn unit(unit: &str) -> Result<u64, ParseError> {
        if unit.is_empty() || unit.eq_ignore_ascii_case("b") {
            return Ok(1);
        }
        let upper = unit.to_ascii_uppercase();
        let mut letters = upper.chars();
        let power = letters.next().and_then(|first| LETTERS.find(first)).map(|at| at + 1);
        let power = power.and_then(|power| u32::try_from(power).ok());
        match (power, letters.as_str()) {
            (Some(power), "IB") => Ok(1 << (10 * power)),
            (Some(power), "B") => Ok(1000_u64.pow(power)),
            (Some(1), "" | "I") => Err(ParseError::new(format!(
                "`{unit}` is no unit of size: write `KiB` (1024) or `kB` (1000)"
            ))),
            (Some(_), "" | "I") => {
                let letter = &upper[..1];
                Err(ParseError::new(format!(
                    "`{unit}` is no unit of size: write `{letter}iB` (1024s) or `{letter}B` (1000s)"
                )))
            }
            _ => Err(ParseError::new(format!("`{unit}` is no unit of size: {UNITS}"))),
        }
    }
}

impl FromStr for ByteSize {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let Some((Number { digits, places }, unit)) = number(text)? else {
            return Err(ParseError::new(format!(
                "`{text}` is no size: write a number and a unit, such as `64 MiB`"
            )));
        };
        let unit = Self::unit(unit.trim())?;
        let large = || ParseError::new(format!("`{text}` is more than 16 EiB"));
        let scaled = digits.checked_mul(u128::from(unit)).ok_or_else(large)?;
        let one = 10_u128.pow(places);
        if !scaled.is_multiple_of(one) {
            return Err(ParseError::new(format!("`{text}` is not a whole number of bytes")));
        }
        u64::try_from(scaled / one).map(Self).map_err(|_| large())
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The largest unit in which it has two digits after the point at most.
        let hundredths = u128::from(self.0) * 100;
        let power = (1..=6).rev().find(|power| {
            let unit = 1_u128 << (10 * power);
            u128::from(self.0) >= unit && hundredths.is_multiple_of(unit)
        });
        let Some(power) = power else { return write!(f, "{} B", self.0) };
        let hundredths = hundredths >> (10 * power);
        let letter = char::from(LETTERS.as_bytes()[power - 1]);
        match (hundredths / 100, hundredths % 100) {
            (whole, 0) => write!(f, "{whole} {letter}iB"),
            (whole, part) if part % 10 == 0 => write!(f, "{whole}.{} {letter}iB", part / 10),
            (whole, part) => write!(f, "{whole}.{part:02} {letter}iB"),
        }
    }
}

impl From<u64> for ByteSize {
    fn from(bytes: u64) -> Self {
        Self(bytes)
    }
}

impl From<usize> for ByteSize {
    fn from(bytes: usize) -> Self {
        Self(bytes as u64)
    }
}

impl From<ByteSize> for u64 {
    fn from(size: ByteSize) -> Self {
        size.0
    }
}

impl From<ByteSize> for String {
    fn from(size: ByteSize) -> Self {
        format!("{size}")
    }
}
