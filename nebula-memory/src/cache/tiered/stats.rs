use crate::cache::CacheStats;

/// What a [`TieredCache`](super::TieredCache) has counted, and how full its tiers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TieredStats {
    /// Of the tier of values. What was evicted there has gone to the second.
    pub first: CacheStats,
    /// Of the tier of bytes, in bytes: of the look-ups that found nothing in the first. What was evicted there has left.
    pub second: CacheStats,
    /// Entries of the tier of bytes.
    pub packed: u64,
    /// Values that the codec could not encode: they have left.
    pub unpackable: u64,
    /// Bytes that were no value any more: a miss each.
    pub corrupt: u64,
}

impl TieredStats {
    /// Look-ups that have found something in either tier.
    #[must_use]
    pub fn hits(&self) -> u64 {
        self.first.hits + self.second.hits
    }

    /// Look-ups that have found nothing in both.
    #[must_use]
    pub fn misses(&self) -> u64 {
        self.second.misses
    }

    /// Hits among look-ups, from 0 to 1; 0 if there were none.
    #[must_use]
    pub fn hit_rate(&self) -> f64 {
        let both = CacheStats { hits: self.hits(), misses: self.misses(), ..CacheStats::default() };
        both.hit_rate()
    }
}
