//! Which values count as one: log-linear buckets (as in Tene's `HdrHistogram`, 2012).
//!
//! Between a power of two and the next there are as many buckets, equally wide. So a bucket is never wider than a sixty-fourth of
//! what is in it, and its middle is off by less than 0.8 %. Values below 128 have a bucket each, and zero has the first one.
//!
//! A floating-point number is log-linear by itself: its exponent and the leading bits of its fraction are the bucket. So the
//! processor finds it with one conversion, as long as that does not round.

/// Buckets between a power of two and the next: as a power of two.
const BITS: u32 = 6;

/// How many buckets there are for all 64-bit numbers: one for zero, and 64 rows.
pub(super) const COUNT: usize = (64 << BITS) + 1;

/// The first bucket of values that floating-point numbers would round.
const ROUNDED: u64 = 1 + ((f64::MANTISSA_DIGITS as u64) << BITS);

/// The bucket of a value, if it is one of those that are found quickly: below 2⁵³.
#[inline(always)]
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "what is too large is recognised")]
pub(super) fn quick(value: u64) -> Option<usize> {
    /// What is added to exponents.
    const BIAS: u64 = f64::MAX_EXP as u64 - 1;
    // The conversion of signed numbers is one instruction. Those that come out as negative, come out as too large.
    let number = (value as i64 as f64).to_bits();
    // Zero has no exponent, and is below all that have one.
    let bucket = (number >> (f64::MANTISSA_DIGITS - 1 - BITS)).saturating_sub((BIAS << BITS) - 1);
    (bucket < ROUNDED).then_some(bucket as usize)
}

/// The bucket of a value: less than [`COUNT`], and no less than that of a smaller value.
pub(super) fn bucket(value: u64) -> usize {
    quick(value).unwrap_or_else(|| {
        let row = value.ilog2();
        // Of the bits after the first.
        let rest = (value >> (row - BITS)) ^ (1 << BITS);
        #[expect(clippy::cast_possible_truncation, reason = "less than a row")]
        let rest = rest as usize;
        1 + ((row as usize) << BITS) + rest
    })
}

/// The smallest value in a bucket.
#[expect(clippy::cast_possible_truncation, reason = "less than 2⁶⁴")]
pub(super) const fn lowest(bucket: usize) -> u64 {
    let Some(bucket) = bucket.checked_sub(1) else { return 0 };
    let (row, rest) = (bucket >> BITS, bucket & ((1 << BITS) - 1));
    // Of small numbers there are fewer than buckets.
    ((1 << BITS | rest as u128) << row).div_ceil(1 << BITS) as u64
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

    /// Those that any number is in.
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
        assert!((0..128).all(|value| bucket(value) < bucket(value + 1)));
    }

    #[test]
    fn the_quick_way_is_the_exact_one_as_far_as_it_goes() {
        let last = (1 << f64::MANTISSA_DIGITS) - 1;
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
