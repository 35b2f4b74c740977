use std::str::FromStr;

/// How large a cache is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// So many entries, or so much weight.
    Absolute(u64),
    /// Such a share of what the whole trace takes: of its keys, or of what they weigh together.
    Share(f64),
}

impl Size {
    /// Of a trace that takes so much.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share"
    )]
    pub fn of(self, whole: u64) -> u64 {
        match self {
            Self::Absolute(size) => size,
            Self::Share(share) => (whole as f64 * share).round() as u64,
        }
    }
}

impl FromStr for Size {
    type Err = String;

    /// A number like `1000`, with `k`, `M` or `G` for powers of 1000, or a share like `2.5%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no size: say 1000, 64k, 1.5G or 2.5%");
        let number =
            |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite() && *number > 0.0);
        if let Some(percent) = text.strip_suffix('%') {
            let percent = number(percent).ok_or_else(wrong)?;
            return Ok(Self::Share(percent / 100.0));
        }
        let units = [('k', 1e3), ('M', 1e6), ('G', 1e9)];
        let unit = units.iter().find_map(|(unit, times)| Some((text.strip_suffix(*unit)?, *times)));
        let (digits, times) = unit.unwrap_or((text, 1.0));
        let size = number(digits).ok_or_else(wrong)? * times;
        let whole = Self::Share(size).of(1);
        if whole == 0 { Err(wrong()) } else { Ok(Self::Absolute(whole)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!("17".parse(), Ok(Size::Absolute(17)));
        assert_eq!("1.5k".parse(), Ok(Size::Absolute(1500)));
        assert_eq!("2G".parse(), Ok(Size::Absolute(2_000_000_000)));
        assert_eq!("2.5%".parse::<Size>().map(|size| size.of(1000)), Ok(25));
        for wrong in ["", "0", "-1", "k", "%", "0%", "nan", "inf", "1e400", "5 %", "0.2"] {
            assert!(wrong.parse::<Size>().is_err(), "{wrong}");
        }
    }
}
