use core::fmt;

/// A number of bytes as people read it: in the largest unit that it has one of, with a digit after the point if it needs one.
pub(super) struct Bytes(pub(super) u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 7] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        let power = (self.0.max(1).ilog2() / 10) as usize;
        let unit = 1_u128 << (10 * power);
        // Rounded down, as the percentages beside it: what is not full does not read as if it were.
        let tenths = u128::from(self.0) * 10 / unit;
        match (tenths / 10, tenths % 10) {
            (whole, 0) => write!(f, "{whole} {}", UNITS[power]),
            (whole, tenth) => write!(f, "{whole}.{tenth} {}", UNITS[power]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::string::ToString;

    use super::Bytes;

    #[test]
    fn reads_well() {
        let text = |bytes| Bytes(bytes).to_string();
        assert_eq!([text(0), text(1), text(1023)], ["0 B", "1 B", "1023 B"]);
        assert_eq!([text(1024), text(1536), text(1 << 20)], ["1 KiB", "1.5 KiB", "1 MiB"]);
        assert_eq!([text((1 << 20) - 1), text(u64::MAX)], ["1023.9 KiB", "15.9 EiB"]);
    }
}
