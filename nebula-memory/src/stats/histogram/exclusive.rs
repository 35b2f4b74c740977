use core::fmt;
use core::ops::RangeInclusive;
use std::vec::Vec;

use super::buckets;

/// How values are distributed: sizes, durations in whatever unit.
///
/// Any 64-bit number is counted in O(1), with those that are near it: what is said of values later is off by less than **0.8 %**, and
/// exact below 128; the smallest and the largest are exact. Takes 8 bytes for each bucket up to the largest value's, which are 33 KiB
/// at most.
///
/// Many threads record in a [`SharedHistogram`](super::SharedHistogram).
///
/// ```
/// use nebula_memory::stats::Histogram;
///
/// let mut sizes = Histogram::new();
/// for size in 1..=1000 {
///     sizes.record(size);
/// }
/// assert_eq!((sizes.count(), sizes.min(), sizes.max()), (1000, Some(1), Some(1000)));
/// assert!((sizes.mean().unwrap() - 500.5).abs() < 4.0);
/// assert!(sizes.percentile(99.0).unwrap().abs_diff(990) < 8);
/// ```
#[derive(Clone)]
pub struct Histogram {
    /// By bucket, as far as the largest that has anything.
    ///
    /// Empty if and only if nothing was counted; else at least as long as the largest value needs.
    pub(super) counts: Vec<u64>,
    /// Of nothing, as if the largest number had been counted.
    min: u64,
    /// By how much the largest is larger than the smallest: so one comparison tells whether a value is in between.
    span: u64,
}

impl Histogram {
    /// Nothing recorded. Takes no memory yet.
    pub const fn new() -> Self {
        Self { counts: Vec::new(), min: u64::MAX, span: 0 }
    }

    /// Counts a value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        match buckets::quick(value) {
            Some(bucket) if value.wrapping_sub(self.min) <= self.span => {
                // SAFETY: the value is not above the largest that was counted, which there is, as this is not the largest number; so
                // neither is its bucket, and that one is there.
                let count = unsafe { self.counts.get_unchecked_mut(bucket) };
                *count += 1;
            }
            _ => self.record_many(value, 1),
        }
    }

    /// Counts a value this many times.
    #[inline(never)]
    pub fn record_many(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        let bucket = buckets::bucket(value);
        self.stretch(value, value, bucket + 1);
        self.counts[bucket] = self.counts[bucket].saturating_add(times);
    }

    /// There are these values too, and at least so many buckets.
    fn stretch(&mut self, min: u64, max: u64, buckets: usize) {
        let (mut low, mut high) = (min, max);
        if !self.is_empty() {
            low = low.min(self.min);
            high = high.max(self.min + self.span);
        }
        // First this: whatever becomes of it, there are never values without a bucket.
        if buckets > self.counts.len() {
            self.counts.resize(buckets, 0);
        }
        (self.min, self.span) = (low, high - low);
    }

    /// A histogram of counts by bucket, of which somebody has kept the extremes.
    pub(super) fn from_counts(mut counts: Vec<u64>, min: u64, max: u64) -> Self {
        // What was counted while they were read may be in one and not in the other.
        let first = counts.iter().position(|count| *count > 0);
        let last = counts.iter().rposition(|count| *count > 0);
        let (Some(first), Some(last)) = (first, last) else { return Self::new() };
        counts.truncate(last + 1);
        let within = |bucket, value: u64| value.clamp(buckets::lowest(bucket), buckets::highest(bucket));
        let (min, max) = (within(first, min), within(last, max));
        // Of one bucket, smallest and largest may have been read in the wrong order.
        Self { counts, min, span: max.saturating_sub(min) }
    }

    /// How many values were counted; the largest number if there were more. O(buckets).
    pub fn count(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The sum of all values, off by less than 0.8 %; the largest number if it is larger than that. Never becomes less by what is
    /// recorded. O(buckets).
    pub fn sum(&self) -> u64 {
        // Of the buckets' own middles, which do not depend on other values.
        let sum: u128 = self
            .filled()
            .map(|(bucket, count)| u128::from(buckets::middle(bucket)) * u128::from(count))
            .sum();
        u64::try_from(sum).unwrap_or(u64::MAX)
    }

    /// The smallest value.
    pub fn min(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.min)
    }

    /// The largest value.
    pub fn max(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.min + self.span)
    }

    /// The mean of all values, off by less than 0.8 %. O(buckets).
    #[expect(clippy::cast_precision_loss, reason = "a mean is rounded")]
    pub fn mean(&self) -> Option<f64> {
        let (min, max) = (self.min()?, self.max()?);
        let sum: f64 = self.middles().map(|(value, count)| value * count).sum();
        Some((sum / self.count() as f64).clamp(min as f64, max as f64))
    }

    /// The standard deviation, of all values and not of a sample. O(buckets).
    #[expect(clippy::cast_precision_loss, reason = "a deviation is rounded")]
    pub fn stddev(&self) -> Option<f64> {
        // From the distances to the mean, which is stable, and not from a sum of squares.
        let mean = self.mean()?;
        let squares: f64 = self.middles().map(|(value, count)| (value - mean).powi(2) * count).sum();
        Some((squares / self.count() as f64).sqrt())
    }

    /// The values that stand for the buckets, and how often they were counted.
    #[expect(clippy::cast_precision_loss, reason = "for sums that are rounded")]
    fn middles(&self) -> impl Iterator<Item = (f64, f64)> {
        self.filled().map(|(bucket, count)| (self.middle(bucket) as f64, count as f64))
    }

    /// The value that stands for a bucket: no less and no more than any that was counted.
    fn middle(&self, bucket: usize) -> u64 {
        buckets::middle(bucket).clamp(self.min, self.min + self.span)
    }

    fn filled(&self) -> impl Iterator<Item = (usize, u64)> {
        self.counts.iter().copied().enumerate().filter(|(_, count)| *count > 0)
    }

    /// The value that `percent` of all values are not larger than; between the smallest and the largest. O(buckets).
    ///
    /// Zero and less is the smallest, 100 and more the largest.
    pub fn percentile(&self, percent: f64) -> Option<u64> {
        let [value] = self.percentiles([percent])?;
        Some(value)
    }

    /// Several percentiles, which are given in ascending order. O(buckets).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
    pub fn percentiles<const N: usize>(&self, percents: [f64; N]) -> Option<[u64; N]> {
        let (min, max) = (self.min()?, self.max()?);
        #[expect(clippy::cast_precision_loss, reason = "a rank")]
        let count = self.count() as f64;
        let (mut buckets, mut passed, mut value) = (self.filled(), 0, min);
        Some(percents.map(|percent| {
            if percent >= 100.0 {
                return max;
            }
            let rank = (percent / 100.0 * count).ceil() as u64;
            while passed < rank {
                let Some((bucket, count)) = buckets.next() else { return max };
                passed = passed.saturating_add(count);
                value = self.middle(bucket);
            }
            value
        }))
    }

    /// The usual figures.
    pub fn summary(&self) -> HistogramStats {
        let percentiles = self.percentiles([50.0, 75.0, 90.0, 95.0, 99.0, 99.9, 99.99]).unwrap_or_default();
        let [p50, p75, p90, p95, p99, p999, p9999] = percentiles;
        HistogramStats {
            count: self.count(),
            sum: self.sum(),
            min: self.min().unwrap_or(0),
            max: self.max().unwrap_or(0),
            mean: self.mean().unwrap_or(0.0),
            stddev: self.stddev().unwrap_or(0.0),
            p50,
            p75,
            p90,
            p95,
            p99,
            p999,
            p9999,
        }
    }

    /// The buckets that have anything, smallest first: which values are counted together, and how many there were.
    pub fn buckets(&self) -> impl Iterator<Item = (RangeInclusive<u64>, u64)> {
        self.filled().map(|(bucket, count)| (buckets::lowest(bucket)..=buckets::highest(bucket), count))
    }

    /// Adds what another one has counted.
    pub fn merge(&mut self, other: &Self) {
        let (Some(min), Some(max)) = (other.min(), other.max()) else { return };
        self.stretch(min, max, other.counts.len());
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine = mine.saturating_add(*theirs);
        }
    }

    /// What was counted since `earlier`, which is an earlier state of the same histogram. Of the smallest and the largest value since,
    /// only the buckets are known.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut counts = self.counts.clone();
        for (now, then) in counts.iter_mut().zip(&earlier.counts) {
            *now = now.saturating_sub(*then);
        }
        Self::from_counts(counts, self.min, self.min + self.span)
    }

    /// Begins anew. The memory stays.
    pub fn clear(&mut self) {
        self.counts.clear();
        *self = Self { counts: core::mem::take(&mut self.counts), ..Self::new() };
    }
}

/// The same counts of the same buckets, and the same extremes.
impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        (self.min(), self.max()) == (other.min(), other.max()) && self.filled().eq(other.filled())
    }
}

impl Eq for Histogram {}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Extend<u64> for Histogram {
    fn extend<I: IntoIterator<Item = u64>>(&mut self, values: I) {
        values.into_iter().for_each(|value| self.record(value));
    }
}

impl FromIterator<u64> for Histogram {
    fn from_iter<I: IntoIterator<Item = u64>>(values: I) -> Self {
        let mut histogram = Self::new();
        Extend::extend(&mut histogram, values);
        histogram
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.summary().fmt(f)
    }
}

/// What a [`Histogram`] says, in the unit of its values. All zero if nothing was counted.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistogramStats {
    /// How many values.
    pub count: u64,
    /// Their sum, off by less than 0.8 %; the largest number if it is larger than that.
    pub sum: u64,
    /// The smallest.
    pub min: u64,
    /// The largest.
    pub max: u64,
    /// The mean, off by less than 0.8 %.
    pub mean: f64,
    /// The standard deviation.
    pub stddev: f64,
    /// The median.
    pub p50: u64,
    /// The 75th percentile.
    pub p75: u64,
    /// The 90th percentile.
    pub p90: u64,
    /// The 95th percentile.
    pub p95: u64,
    /// The 99th percentile.
    pub p99: u64,
    /// The 99.9th percentile.
    pub p999: u64,
    /// The 99.99th percentile.
    pub p9999: u64,
}
