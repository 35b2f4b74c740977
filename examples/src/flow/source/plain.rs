//! Lines without quotes, cut eight bytes at a time.
//!
//! Most lines of most files are of this kind. All others go through `csv-core`, which knows every rule.

/// What stands at the start of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A newline and nothing before it.
    Blank,
    /// This many fields, and this many bytes with the newline.
    Fields(usize, usize),
    /// No end, or more fields than there is room for.
    Open,
}

const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
const LOW: u64 = u64::from_ne_bytes([0x7F; 8]);

/// The top bit of every byte of `word` that is equal to the byte that `pattern` repeats; no other bit.
#[inline]
fn equal(word: u64, pattern: u64) -> u64 {
    let different = word ^ pattern;
    !(((different & LOW) + LOW) | different | LOW)
}

/// Cuts the first line of `bytes`, which hold no quotes and no carriage returns, and notes where each field
/// ends.
#[inline]
pub(super) fn cut(bytes: &[u8], delimiter: u8, ends: &mut [usize]) -> Line {
    let delimiters = ONES * u64::from(delimiter);
    let newlines = ONES * u64::from(b'\n');
    let mut fields = 0;
    let (words, rest) = bytes.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let newline = equal(word, newlines);
        let mut hits = equal(word, delimiters) | newline;
        while hits != 0 {
            let at = i * 8 + hits.trailing_zeros() as usize / 8;
            let Some(end) = ends.get_mut(fields) else { return Line::Open };
            *end = at;
            fields += 1;
            if hits & hits.wrapping_neg() & newline != 0 {
                return whole(fields, at);
            }
            hits &= hits - 1;
        }
    }
    let done = bytes.len() - rest.len();
    for (i, &byte) in rest.iter().enumerate() {
        if byte == delimiter || byte == b'\n' {
            let Some(end) = ends.get_mut(fields) else { return Line::Open };
            *end = done + i;
            fields += 1;
            if byte == b'\n' {
                return whole(fields, done + i);
            }
        }
    }
    Line::Open
}

fn whole(fields: usize, newline: usize) -> Line {
    if newline == 0 { Line::Blank } else { Line::Fields(fields, newline + 1) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_cut_at_delimiters() {
        let mut ends = [0; 4];
        assert_eq!(cut(b"a,,long field,d\nmore", b',', &mut ends), Line::Fields(4, 16));
        assert_eq!(ends, [1, 2, 13, 15]);
        assert_eq!(cut(b"\nrest", b',', &mut ends), Line::Blank);
        assert_eq!(cut(b"no end, here", b',', &mut ends), Line::Open);
        assert_eq!(cut(b"1;2;3;4;5\n", b';', &mut ends), Line::Open);
        assert_eq!(cut(b"", b',', &mut ends), Line::Open);
    }

    proptest! {
        #[test]
        fn cutting_agrees_with_splitting(line in "[a-z0-9,\u{e9} \t\u{80}-]{0,60}") {
            let bytes = format!("{line}\nnext line, of no concern");
            let mut ends = [0; 64];
            let outcome = cut(bytes.as_bytes(), b',', &mut ends);
            if line.is_empty() {
                prop_assert_eq!(outcome, Line::Blank);
            } else {
                let fields: Vec<_> = line.split(',').collect();
                prop_assert_eq!(outcome, Line::Fields(fields.len(), line.len() + 1));
                let mut start = 0;
                for (field, &end) in fields.iter().zip(&ends) {
                    prop_assert_eq!(*field, &line[start..end]);
                    start = end + 1;
                }
            }
        }
    }
}
