//! Which values count as one: log-linear buckets (as in Tene's `HdrHistogram`, 2012).
//!
//! Between a power of two and the next there are as many buckets, equally wide. So a bucket is never wider than a sixty-fourth of
//! what is in it, and its middle is off by less than 0.8 %. What is sorted is the value and one, so that zero has a place; values below
//! 127 have a bucket each.
//!
//! A floating-point number is log-linear by itself: its exponent and the leading bits of its fraction are the bucket. So the
//! processor finds it with one conversion, as long as that does not round.

/// Buckets between a power of two and the next: as a power of two.
const BITS: u32 = 6;

/// How many buckets there are for all 64-bit numbers: 64 rows, and one for the largest number.
pub(super) const COUNT: usize = (64 << BITS) + 1;

/// The first bucket of values that floating-point numbers would round.
const ROUNDED: u64 = (f64::MANTISSA_DIGITS as u64) << BITS;

/// The bucket of a value, if it is one of those that are found quickly: below 2⁵³ − 1.
#[inline(always)]
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "what is too large is recognised")]
pub(super) fn quick(value: u64) -> Option<usize> {
    /// What is added to exponents.
    const BIAS: u64 = f64::MAX_EXP as u64 - 1;
    // The conversion of signed numbers is one instruction. A negative one, and zero, come out as too large.
    let number = (value.wrapping_add(1) as i64 as f64).to_bits();
    let bucket = (number >> (f64::MANTISSA_DIGITS - 1 - BITS)).wrapping_sub(BIAS << BITS);
    (bucket < ROUNDED).then_some(bucket as usize)
}

/// The bucket of a value: less than [`COUNT`], and no less than that of a smaller value.
pub(super) fn bucket(value: u64) -> usize {
    quick(value).unwrap_or_else(|| {
        let number = u128::from(value) + 1;
        let row = number.ilog2();
        // Of the bits after the first.
        let rest = (number >> (row - BITS)) ^ (1 << BITS);
        let rest = rest as usize;
        ((row as usize) << BITS) + rest
    })
}

/// The smallest value in a bucket.
#[expect(clippy::cast_possible_truncation, reason = "of the largest bucket, the largest number")]
pub(super) const fn lowest(bucket: usize) -> u64 {
    let (row, rest) = (bucket >> BITS, bucket & ((1 << BITS) - 1));
    let number = ((1 << BITS | rest as u128) << row).div_ceil(1 << BITS);
    (number - 1) as u64
}

/// The largest value in a bucket.
pub(super) const fn highest(bucket: usize) -> u64 {
    if bucket + 1 == COUNT { u64::MAX } else { lowest(bucket + 1) - 1 }
}

/// The value that stands for a bucket: the middle.
pub(super) const fn middle(bucket: usize) -> u64 {
    let lowest = lowest(bucket);
    lowest + (highest(bucket) - lowest) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of small numbers there are fewer than buckets.
    fn used() -> impl Iterator<Item = usize> {
        (0..COUNT).filter(|at| bucket(lowest(*at)) == *at)
    }

    #[test]
    fn every_bucket_begins_after_the_one_before() {
        let mut next = 0;
        for at in used() {
            assert_eq!((lowest(at), bucket(highest(at))), (next, at));
            next = highest(at).wrapping_add(1);
        }
        assert_eq!((next, bucket(u64::MAX)), (0, COUNT - 1));
        assert!((0..126).all(|value| bucket(value) < bucket(value + 1)));
    }

    #[test]
    fn the_quick_way_is_the_exact_one_as_far_as_it_goes() {
        let last = (1 << f64::MANTISSA_DIGITS) - 2;
        assert!(quick(last).is_some());
        assert!(
            [last + 1, 1 << 62, (1 << 63) - 2, (1 << 63) - 1, 1 << 63, u64::MAX]
                .iter()
                .all(|v| quick(*v).is_none())
        );
        assert_eq!(bucket(last) + 1, bucket(last + 1));
    }

    #[test]
    fn the_middle_is_near() {
        for at in used() {
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
