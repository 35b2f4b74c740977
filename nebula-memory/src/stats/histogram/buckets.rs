//! Which values count as one: log-linear buckets (as in Tene's `HdrHistogram`, 2012).
//!
//! Between a power of two and the next there are as many buckets, equally wide. So a bucket is never wider than a sixty-fourth of
//! what is in it, and its middle is off by less than 0.8 %. Values below 128 have a bucket each.

/// Buckets between a power of two and the next: as a power of two.
const BITS: u32 = 6;

/// How many buckets there are for all 64-bit numbers.
pub(super) const COUNT: usize = ((u64::BITS - BITS + 1) << BITS) as usize;

/// The bucket of a value. Less than [`COUNT`].
#[inline(always)]
pub(super) const fn bucket(value: u64) -> usize {
    // As if it were at least the first power of two that has all its buckets.
    let log = (value | 1 << BITS).ilog2();
    let shift = log - BITS;
    // The value's leading bits number the bucket within its power of two, and their leading one makes up for the rows of
    // smaller values, of which there is one less.
    #[expect(clippy::cast_possible_truncation, reason = "some thousand")]
    let bucket = ((shift as u64) << BITS) as usize + (value >> shift) as usize;
    bucket
}

/// The smallest value in a bucket.
pub(super) const fn lowest(bucket: usize) -> u64 {
    let row = bucket >> BITS;
    if row < 2 { bucket as u64 } else { ((bucket & ((1 << BITS) - 1)) as u64 | 1 << BITS) << (row - 1) }
}

/// The largest value in a bucket.
pub(super) const fn highest(bucket: usize) -> u64 {
    let row = bucket >> BITS;
    let width = if row < 2 { 1 } else { 1 << (row - 1) };
    lowest(bucket) + (width - 1)
}

/// The value that stands for a bucket: the middle.
pub(super) const fn middle(bucket: usize) -> u64 {
    let lowest = lowest(bucket);
    lowest + (highest(bucket) - lowest) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bucket_begins_after_the_one_before() {
        assert_eq!((lowest(0), highest(COUNT - 1)), (0, u64::MAX));
        for at in 0..COUNT {
            assert_eq!((bucket(lowest(at)), bucket(highest(at))), (at, at));
            if at > 0 {
                assert_eq!(lowest(at), highest(at - 1) + 1);
            }
        }
    }

    #[test]
    fn the_middle_is_near() {
        for at in 0..COUNT {
            for value in [lowest(at), highest(at)] {
                let off = middle(at).abs_diff(value);
                assert!(
                    u128::from(off) * 1000 <= u128::from(value) * 8,
                    "{value} is taken for {}",
                    middle(at)
                );
            }
        }
    }
}
