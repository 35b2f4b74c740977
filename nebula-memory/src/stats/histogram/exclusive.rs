use core::fmt;
use core::ops::RangeInclusive;
use std::vec::Vec;

use super::buckets;

/// How values are distributed: sizes, durations in whatever unit.
///
/// Any 64-bit number is counted in O(1), with those that are near it: what is said of values later is off by less than **0.8 %**, and
/// exact below 128; smallest, largest and mean are exact. Takes 8 bytes for each bucket up to the largest value's, which are 30 KiB
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
/// assert_eq!(sizes.mean(), Some(500.5));
/// assert!(sizes.percentile(99.0).unwrap().abs_diff(990) < 8);
/// ```
#[derive(Clone)]
pub struct Histogram {
    /// By bucket, as far as the largest that has anything.
    counts: Vec<u64>,
    /// Stays at the largest number when it gets there.
    sum: u64,
    min: u64,
    max: u64,
}

impl Histogram {
    /// Nothing recorded. Takes no memory yet.
    pub const fn new() -> Self {
        Self { counts: Vec::new(), sum: 0, min: u64::MAX, max: 0 }
    }

    /// Counts a value.
    #[inline]
    pub fn record(&mut self, value: u64) {
        let bucket = buckets::bucket(value);
        let (sum, is_too_large) = self.sum.overflowing_add(value);
        // One test for what hardly ever happens.
        if bucket >= self.counts.len() || value < self.min || value > self.max || is_too_large {
            return self.record_many(value, 1);
        }
        self.counts[bucket] += 1;
        self.sum = sum;
    }

    /// Counts a value this many times.
    #[inline(never)]
    pub fn record_many(&mut self, value: u64, times: u64) {
        if times == 0 {
            return;
        }
        let bucket = buckets::bucket(value);
        if bucket >= self.counts.len() {
            self.counts.resize(bucket + 1, 0);
        }
        self.counts[bucket] += times;
        self.note(value.saturating_mul(times), value, value);
    }

    fn note(&mut self, sum: u64, min: u64, max: u64) {
        self.sum = self.sum.saturating_add(sum);
        self.min = self.min.min(min);
        self.max = self.max.max(max);
    }

    /// A histogram of counts by bucket, of which somebody has kept the sum and the extremes.
    pub(super) fn from_counts(mut counts: Vec<u64>, sum: u64, min: u64, max: u64) -> Self {
        // What was counted while they were read may be in one and not in the other.
        let first = counts.iter().position(|count| *count > 0);
        let last = counts.iter().rposition(|count| *count > 0);
        let (Some(first), Some(last)) = (first, last) else { return Self::new() };
        counts.truncate(last + 1);
        let within = |bucket, value: u64| value.clamp(buckets::lowest(bucket), buckets::highest(bucket));
        Self { sum, min: within(first, min), max: within(last, max), counts }
    }

    /// How many values were counted. O(buckets).
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Whether none was.
    pub const fn is_empty(&self) -> bool {
        self.min > self.max
    }

    /// The sum of all values; the largest number if it is larger than that.
    pub const fn sum(&self) -> u64 {
        self.sum
    }

    /// The smallest value.
    pub fn min(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.min)
    }

    /// The largest value.
    pub fn max(&self) -> Option<u64> {
        (!self.is_empty()).then_some(self.max)
    }

    /// The mean of all values.
    #[expect(clippy::cast_precision_loss, reason = "a mean is rounded")]
    pub fn mean(&self) -> Option<f64> {
        if self.is_empty() {
            return None;
        }
        if self.sum < u64::MAX {
            return Some(self.sum as f64 / self.count() as f64);
        }
        let sum: f64 = self.middles().map(|(value, count)| value * count).sum();
        Some(sum / self.count() as f64)
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
        buckets::middle(bucket).clamp(self.min, self.max)
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
                passed += count;
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
            sum: self.sum,
            min: self.min().unwrap_or(0),
            max: self.max,
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
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.note(other.sum, other.min, other.max);
    }

    /// What was counted since `earlier`, which is an earlier state of the same histogram. Of the smallest and the largest value since,
    /// only the buckets are known.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut counts = self.counts.clone();
        for (now, then) in counts.iter_mut().zip(&earlier.counts) {
            *now = now.saturating_sub(*then);
        }
        let (sum, max) = (self.sum.saturating_sub(earlier.sum), self.max);
        Self::from_counts(counts, sum, self.min, max)
    }

    /// Begins anew. The memory stays.
    pub fn clear(&mut self) {
        self.counts.clear();
        *self = Self { counts: core::mem::take(&mut self.counts), ..Self::new() };
    }
}

/// The same counts of the same buckets, and the same sum and extremes.
impl PartialEq for Histogram {
    fn eq(&self, other: &Self) -> bool {
        (self.sum, self.min, self.max) == (other.sum, other.min, other.max)
            && self.filled().eq(other.filled())
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
    /// Their sum; the largest number if it is larger than that.
    pub sum: u64,
    /// The smallest.
    pub min: u64,
    /// The largest.
    pub max: u64,
    /// The mean.
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
