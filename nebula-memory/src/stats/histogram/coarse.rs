//! The shape of a histogram in a few buckets, for charts: eight for each power of two, or less if there are many.

use std::vec::Vec;

use super::Histogram;

/// How many values of a histogram lie between two bounds.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bucket {
    /// The smallest value that is counted here.
    pub lower: u64,
    /// The largest value that is counted here.
    pub upper: u64,
    /// How many there were.
    pub count: u64,
}

/// As few buckets as these are enough, and there is one more at most.
const ENOUGH: u32 = 64;

/// Where the eighths of a power of two begin, in sixty-fourths: near powers of its eighth root, so that they look equally wide on a
/// logarithmic axis, and where a bucket of the histogram begins.
const EIGHTHS: [u64; 8] = [64, 70, 76, 83, 91, 99, 108, 117];

impl Histogram {
    /// The histogram in at most 65 buckets that are equally wide on a logarithmic axis: an eighth, a quarter, a half of a power of two, or
    /// a whole one, depending on how far the values span and how large they are. Empty ones are left out. O(buckets).
    ///
    /// ```
    /// use nebula_memory::stats::Histogram;
    ///
    /// let sizes: Histogram = [90, 96, 98, 100, 4096].into_iter().collect();
    /// let coarse = sizes.coarse_buckets();
    /// assert_eq!(coarse.iter().map(|bucket| bucket.count).collect::<Vec<_>>(), [1, 2, 1, 1]);
    /// assert_eq!((coarse[1].lower, coarse[1].upper), (91, 98));
    /// ```
    pub fn coarse_buckets(&self) -> Vec<Bucket> {
        let (Some(min), Some(max)) = (self.min(), self.max()) else { return Vec::new() };
        let powers = (max | 1).ilog2() - (min | 1).ilog2() + 1;
        // Of small numbers, parts of a power of two have one or two, in turn, and would look as if that were how they are spread.
        let even = |width| self.percentile(50.0) >= Some(64 / (u64::from(width) * u64::from(width)));
        let width =
            [1, 2, 4].into_iter().find(|&width| powers * 8 / width <= ENOUGH && even(width)).unwrap_or(8);
        let mut coarse = Vec::<Bucket>::new();
        for (range, count) in self.buckets() {
            let (lower, upper) = bounds(*range.start(), width);
            match coarse.last_mut() {
                Some(last) if last.lower == lower => last.count = last.count.saturating_add(count),
                _ => coarse.push(Bucket { lower, upper, count }),
            }
        }
        coarse
    }
}

/// The bucket of a value that is `width` eighths of a power of two wide.
fn bounds(value: u64, width: u32) -> (u64, u64) {
    if value == 0 {
        return (0, 0);
    }
    let log = value.ilog2();
    // The seven leading bits, as if there were so many.
    let leading = if log < 6 { value << (6 - log) } else { value >> (log - 6) };
    let mut first = log * 8 + 7;
    while EIGHTHS[(first % 8) as usize] > leading || !first.is_multiple_of(width) {
        first -= 1;
    }
    (begin(first), begin(first + width).wrapping_sub(1))
}

/// The smallest value of an eighth; of the one after the last, zero, so that the last one ends at the largest number.
fn begin(eighth: u32) -> u64 {
    let leading = EIGHTHS[(eighth % 8) as usize];
    match eighth / 8 {
        64.. => 0,
        log @ 6.. => leading << (log - 6),
        log => leading.div_ceil(1 << (6 - log)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_within_its_bounds_and_those_do_not_overlap() {
        for width in [1, 2, 4, 8] {
            let (mut lower, mut upper) = (0, 0);
            let mut number = 1_u32;
            loop {
                assert_eq!(bounds(lower, width), (lower, upper));
                assert_eq!(bounds(upper, width), (lower, upper));
                if upper == u64::MAX {
                    break;
                }
                lower = upper + 1;
                upper = bounds(lower, width).1;
                assert!(upper >= lower);
                number += 1;
            }
            // One for zero; small numbers are not divided.
            assert!(number <= 1 + 64 * 8 / width && number > 1 + 58 * 8 / width);
        }
    }

    #[test]
    fn nothing_is_lost_and_no_value_is_in_a_bucket_that_it_is_not_within() {
        let values: Vec<u64> = (0..64).flat_map(|log| [(1 << log) - 1, 1 << log, 3 << (log / 2)]).collect();
        for values in [&values[..], &values[..60], &[0], &[u64::MAX], &[0, u64::MAX]] {
            let histogram: Histogram = values.iter().copied().collect();
            let coarse = histogram.coarse_buckets();
            assert!(coarse.len() <= 65);
            assert!(coarse.iter().all(|bucket| bucket.count > 0));
            for bucket in &coarse {
                let within = values.iter().filter(|value| (bucket.lower..=bucket.upper).contains(value));
                assert_eq!(bucket.count, within.count() as u64);
            }
            assert_eq!(coarse.iter().map(|bucket| bucket.count).sum::<u64>(), values.len() as u64);
        }
        assert!(Histogram::new().coarse_buckets().is_empty());
    }
}
