use alloc_crate::{vec, vec::Vec};

/// In a cache line.
const SLOTS: usize = 8;

/// Hashes of entries that went, and when each of them was used last: 8 bytes each.
///
/// There is room for a number of them, and in each cache line the one that came in first makes room for the next: nearly as if that
/// were so of all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dated {
    lines: Vec<Line>,
}

/// The newest first: hashes, and times with which [`TAKEN`] says that there is nothing.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line {
    hashes: [u32; SLOTS],
    times: [u32; SLOTS],
}

impl Line {
    const EMPTY: Self = Self { hashes: [0; SLOTS], times: [TAKEN; SLOTS] };
}

/// No time.
const TAKEN: u32 = u32::MAX;

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

    #[inline(always)]
    fn line(&mut self, hash: u32) -> Option<&mut Line> {
        let scaled = u64::from(hash.wrapping_mul(0x9E37_79B1)) * self.lines.len() as u64;
        self.lines.get_mut((scaled >> 32) as usize)
    }

    /// Takes a hash out; its time, if it was there.
    #[inline]
    pub(crate) fn take(&mut self, hash: u32) -> Option<u32> {
        let line = self.line(hash)?;
        let slot = (0..SLOTS).find(|&slot| line.hashes[slot] == hash && line.times[slot] != TAKEN)?;
        let time = line.times[slot];
        line.hashes.copy_within(slot + 1.., slot);
        line.times.copy_within(slot + 1.., slot);
        line.times[SLOTS - 1] = TAKEN;
        Some(time)
    }

    /// A hash comes in, with a time of less than 2³² - 1.
    #[inline]
    pub(crate) fn push(&mut self, hash: u32, time: u32) {
        if let Some(line) = self.line(hash) {
            line.hashes.copy_within(..SLOTS - 1, 1);
            line.times.copy_within(..SLOTS - 1, 1);
            (line.hashes[0], line.times[0]) = (hash, time);
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
        for hash in 0..5000_u32 {
            dated.push(hash, hash * 2);
        }
        let found = (4000..5000_u32).filter(|&hash| dated.take(hash) == Some(hash * 2)).count();
        assert!(found > 700, "{found}");
        assert!((4000..5000).all(|hash| dated.take(hash).is_none()));
        dated.push(7, 1);
        dated.push(7, 2);
        assert_eq!((dated.take(7), dated.take(7), dated.take(7)), (Some(2), Some(1), None));
    }

    #[test]
    fn what_is_taken_makes_room() {
        let mut dated = Dated::default();
        dated.fit(8);
        for hash in 0..8 {
            dated.push(hash, hash);
        }
        assert_eq!(dated.take(3), Some(3));
        dated.push(8, 8);
        assert_eq!(dated.take(0), Some(0));
    }
}
