use alloc_crate::{vec, vec::Vec};

/// How often hashes were seen lately, at most 15 times: a guess that is never too low, in 4 bytes for each entry of the cache.
///
/// Four counters of four bits each, in one cache line, of which the least counts. All are halved when many have come, so that what
/// was wanted long ago is forgotten.
///
/// Graham Cormode, S. Muthukrishnan: An Improved Data Stream Summary: The Count-Min Sketch and its Applications, Journal of
/// Algorithms 55, 2005; the aging of Gil Einziger, Roy Friedman, Ben Manes: `TinyLFU`: A Highly Efficient Cache Admission Policy, ACM
/// Transactions on Storage 13, 2017.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    /// A power of two of them.
    lines: Vec<Line>,
    /// Since the last halving.
    additions: u64,
}

/// Two words for each of the four counters of a hash.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u64; 8]);

/// Entries for each line.
const ENTRIES: usize = 8;
/// Additions for each entry until all counters are halved.
const SAMPLE: u64 = 10;

impl Sketch {
    /// For a cache of so many entries.
    pub(crate) fn new(entries: u32) -> Self {
        let lines = (entries as usize).div_ceil(ENTRIES).next_power_of_two();
        Self { lines: vec![Line::default(); lines], additions: 0 }
    }

    /// The cache has so many entries by now: twice as many counters if need be, which say what the others have said.
    #[inline]
    pub(crate) fn fit(&mut self, entries: u32) {
        if entries as usize > self.lines.len() * ENTRIES {
            self.lines.extend_from_within(..);
        }
    }

    /// The line of a hash, and bits to choose counters by.
    #[inline(always)]
    fn place(&self, hash: u32) -> (usize, u64) {
        let mixed = u64::from(hash).wrapping_add(0x51_7C_C1_B7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93);
        // The upper bits, of which there are enough.
        let line = usize::try_from(mixed >> 32).unwrap_or(usize::MAX) & (self.lines.len() - 1);
        (line, mixed ^ mixed >> 33)
    }

    /// The word of a line and the shift of the counter of one of the four.
    #[inline(always)]
    fn counter(bits: u64, row: usize) -> (usize, u32) {
        let bits = (bits >> (row * 5)) & 31;
        (row * 2 + usize::from(bits & 16 != 0), (bits & 15) as u32 * 4)
    }

    /// How often a hash was seen lately.
    #[inline]
    pub(crate) fn count(&self, hash: u32) -> u64 {
        let (line, bits) = self.place(hash);
        let line = &self.lines[line].0;
        let count = |row| {
            let (word, shift) = Self::counter(bits, row);
            (line[word] >> shift) & 15
        };
        count(0).min(count(1)).min(count(2)).min(count(3))
    }

    /// A hash is seen, in a cache of so many entries.
    #[inline]
    pub(crate) fn add(&mut self, hash: u32, entries: u32) {
        let (line, bits) = self.place(hash);
        let line = &mut self.lines[line].0;
        let mut added = false;
        for row in 0..4 {
            let (word, shift) = Self::counter(bits, row);
            if line[word] >> shift & 15 < 15 {
                line[word] += 1 << shift;
                added = true;
            }
        }
        if added {
            self.additions += 1;
            if self.additions >= SAMPLE * u64::from(entries.max(1)) {
                self.halve();
            }
        }
    }

    /// Takes time in proportion to the cache, once for ten times as many additions.
    #[cold]
    fn halve(&mut self) {
        for line in &mut self.lines {
            for word in &mut line.0 {
                *word = *word >> 1 & 0x7777_7777_7777_7777;
            }
        }
        self.additions /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_too_low_and_seldom_too_high() {
        let mut sketch = Sketch::new(1000);
        for hash in 0..1000_u32 {
            for _ in 0..hash % 8 {
                sketch.add(hash, 1000);
            }
        }
        let more = (0..1000).filter(|&hash| sketch.count(hash) > u64::from(hash % 8)).count();
        assert!((0..1000).all(|hash| sketch.count(hash) >= u64::from(hash % 8)));
        assert!(more < 100, "{more}");
    }

    #[test]
    fn old_counts_fade() {
        let mut sketch = Sketch::new(8);
        for _ in 0..100 {
            sketch.add(1, 8);
        }
        assert_eq!(sketch.count(1), 15);
        for hash in 2..200 {
            sketch.add(hash, 8);
        }
        assert!(sketch.count(1) < 8);
    }

    #[test]
    fn growing_forgets_nothing() {
        let mut sketch = Sketch::new(8);
        for hash in 0..20 {
            sketch.add(hash, 1000);
        }
        let before: Vec<u64> = (0..40).map(|hash| sketch.count(hash)).collect();
        sketch.fit(9);
        sketch.fit(17);
        assert_eq!(before, (0..40).map(|hash| sketch.count(hash)).collect::<Vec<u64>>());
    }
}
