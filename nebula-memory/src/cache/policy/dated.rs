use alloc_crate::{vec, vec::Vec};

/// In a cache line.
const SLOTS: usize = 16;

/// Hashes of entries that went, and when each of them was used last: 4 bytes each.
///
/// There is room for a number of them, and in each cache line the one that came in first makes room for the next: nearly as if that
/// were so of all. Of a hash, its line says some bits, and 16 others are written down: among many thousands of hashes, one is
/// taken for another now and then.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dated {
    lines: Vec<Line>,
}

/// The newest first: what is left of their hashes, or [`NONE`], and times.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line {
    hashes: [u16; SLOTS],
    times: [u16; SLOTS],
}

impl Line {
    const EMPTY: Self = Self { hashes: [NONE; SLOTS], times: [0; SLOTS] };
}

/// Nothing is left of no hash.
const NONE: u16 = 0;

impl Dated {
    /// From now on there is room for so many, to an eighth. All are forgotten if that is far from what it was.
    #[inline]
    pub(crate) fn fit(&mut self, most: usize) {
        let lines = most.div_ceil(SLOTS);
        if lines > self.lines.len() || lines < self.lines.len() / 4 {
            // What was is lost: a cache that grows gets some more room at once, so that it happens seldom.
            let lines = if self.lines.is_empty() { lines } else { lines + lines / 8 };
            self.lines = vec![Line::EMPTY; lines];
        }
    }

    /// The line of a hash, and what is left of it there.
    #[inline(always)]
    fn line(&mut self, hash: u32) -> Option<(&mut Line, u16)> {
        let mixed = hash.wrapping_mul(0x9E37_79B1);
        let scaled = u64::from(mixed) * self.lines.len() as u64;
        // The line has the upper bits.
        #[expect(clippy::cast_possible_truncation, reason = "some bits are meant")]
        let rest = (mixed as u16).max(NONE + 1);
        Some((self.lines.get_mut((scaled >> 32) as usize)?, rest))
    }

    /// Takes a hash out; its time, if it was there.
    #[inline]
    pub(crate) fn take(&mut self, hash: u32) -> Option<u16> {
        let (line, rest) = self.line(hash)?;
        // All are looked at, which takes no longer than to look at one.
        let found = line.hashes.iter().rev().fold(0_u32, |found, &hash| found << 1 | u32::from(hash == rest));
        if found == 0 {
            return None;
        }
        let slot = found.trailing_zeros() as usize;
        let time = line.times[slot];
        line.hashes.copy_within(slot + 1.., slot);
        line.times.copy_within(slot + 1.., slot);
        line.hashes[SLOTS - 1] = NONE;
        Some(time)
    }

    /// A hash comes in, with a time.
    #[inline]
    pub(crate) fn push(&mut self, hash: u32, time: u16) {
        if let Some((line, rest)) = self.line(hash) {
            line.hashes.copy_within(..SLOTS - 1, 1);
            line.times.copy_within(..SLOTS - 1, 1);
            (line.hashes[0], line.times[0]) = (rest, time);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_there_with_their_times() {
        let mut dated = Dated::default();
        assert_eq!(dated.take(1), None);
        dated.fit(1000);
        for hash in 0..5000_u16 {
            dated.push(hash.into(), hash * 2);
        }
        let found = (4000..5000_u16).filter(|&hash| dated.take(hash.into()) == Some(hash * 2)).count();
        assert!(found > 700, "{found}");
        assert!((4000..5000).all(|hash| dated.take(hash).is_none()));
        dated.push(7, 1);
        dated.push(7, 2);
        assert_eq!((dated.take(7), dated.take(7), dated.take(7)), (Some(2), Some(1), None));
    }

    #[test]
    fn what_is_taken_makes_room() {
        let mut dated = Dated::default();
        dated.fit(16);
        for hash in 0..16_u16 {
            dated.push(hash.into(), hash);
        }
        assert_eq!(dated.take(3), Some(3));
        dated.push(16, 16);
        assert_eq!(dated.take(0), Some(0));
        dated.push(17, 17);
        dated.push(18, 18);
        assert_eq!((dated.take(1), dated.take(2)), (None, Some(2)));
    }
}
