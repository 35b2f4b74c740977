use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::format;

use super::number::{Number, number};
use super::text::ParseError;

/// A length of time, as people write it: `250ms`, `5 min`, `1h 30min`, `0.5 s`.
///
/// The units are `ns`, `us` (or `µs`), `ms`, `s`, `min` (or `m`), `h` and `d`; a number without one is refused, unless it is 0.
/// Displayed, it is exact: what is read again is the same.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::observe::config::HumanDuration;
///
/// let HumanDuration(timeout) = "1h 30min".parse()?;
/// assert_eq!(timeout, Duration::from_secs(5400));
/// assert_eq!(HumanDuration(Duration::from_millis(1250)).to_string(), "1 s 250 ms");
///
/// let error = "30".parse::<HumanDuration>().unwrap_err();
/// assert_eq!(error.to_string(), "`30` has no unit: write `30 s`, `30 ms` or `30 min`");
/// # Ok::<(), nebula_memory::observe::config::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HumanDuration(pub Duration);

/// What they are called, the first as they are written, and how many nanoseconds they have.
const UNITS: [(&[&str], u64); 7] = [
    (&["d", "day", "days"], 86_400_000_000_000),
    (&["h", "hour", "hours"], 3_600_000_000_000),
    (&["min", "m", "minute", "minutes"], 60_000_000_000),
    (&["s", "sec", "second", "seconds"], 1_000_000_000),
    (&["ms", "milliseconds"], 1_000_000),
    (&["us", "µs", "μs", "microseconds"], 1000),
    (&["ns", "nanoseconds"], 1),
];

impl FromStr for HumanDuration {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let large = || ParseError::new(format!("`{text}` is too long a time"));
        let (mut rest, mut nanoseconds, mut parts) = (text, 0_u128, 0);
        while !rest.is_empty() {
            let Some((Number { digits, places }, after)) = number(rest)? else {
                let what = "write a number and a unit, such as `250 ms` or `5 min`";
                return Err(ParseError::new(format!("`{text}` is no length of time: {what}")));
            };
            let after = after.trim_start();
            let end = after.find(|letter: char| !letter.is_alphabetic()).unwrap_or(after.len());
            let (unit, after) = after.split_at(end);
            if unit.is_empty() && parts == 0 && after.is_empty() {
                if digits == 0 {
                    return Ok(Self(Duration::ZERO));
                }
                return Err(ParseError::new(format!(
                    "`{text}` has no unit: write `{text} s`, `{text} ms` or `{text} min`"
                )));
            }
            let known = UNITS.iter().find(|(names, _)| names.contains(&unit));
            let Some((_, size)) = known else {
                let units = "write `ns`, `us`, `ms`, `s`, `min`, `h` or `d`";
                return Err(ParseError::new(format!("`{unit}` is no unit of time: {units}")));
            };
            let scaled = digits.checked_mul((*size).into()).ok_or_else(large)?;
            let one = 10_u128.pow(places);
            if !scaled.is_multiple_of(one) {
                return Err(ParseError::new(format!("`{text}` is not a whole number of nanoseconds")));
            }
            nanoseconds = nanoseconds.checked_add(scaled / one).ok_or_else(large)?;
            (rest, parts) = (after.trim_start(), parts + 1);
        }
        if parts == 0 {
            return Err(ParseError::new("there is no time in it: write `250 ms` or `5 min`".into()));
        }
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).map_err(|_| large())?;
        let below = u32::try_from(nanoseconds % 1_000_000_000).map_err(|_| large())?;
        Ok(Self(Duration::new(seconds, below)))
    }
}

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0.as_nanos();
        if left == 0 {
            return f.write_str("0 s");
        }
        let mut between = "";
        for (names, size) in UNITS {
            let (count, below) = (left / u128::from(size), left % u128::from(size));
            if count > 0 {
                write!(f, "{between}{count} {}", names[0])?;
                (left, between) = (below, " ");
            }
        }
        Ok(())
    }
}
