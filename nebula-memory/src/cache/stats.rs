/// What a cache has counted, and how full it is.
///
/// ```
/// use nebula_memory::cache::Cache;
///
/// let mut cache = Cache::new(2);
/// cache.insert_many([("a", 1), ("b", 2), ("c", 3)]);
/// cache.get("c");
/// cache.get("d");
/// let stats = cache.stats();
/// assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions), (1, 1, 3, 1));
/// assert_eq!((stats.size, stats.capacity, stats.hit_rate()), (2, 2, 0.5));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Look-ups that have found something.
    pub hits: u64,
    /// Look-ups that have found nothing.
    pub misses: u64,
    /// Entries that came in, those that have replaced another included.
    pub insertions: u64,
    /// Entries that had to go for want of room, or because their time was over.
    pub evictions: u64,
    /// What is there: entries, or their weight if they are weighed.
    pub size: u64,
    /// As much there may be.
    pub capacity: u64,
}

impl CacheStats {
    /// Hits among look-ups, from 0 to 1; 0 if there were none.
    #[must_use]
    pub fn hit_rate(&self) -> f64 {
        share(self.hits, self.misses)
    }

    /// Misses among look-ups, from 0 to 1; 0 if there were none.
    #[must_use]
    pub fn miss_rate(&self) -> f64 {
        share(self.misses, self.hits)
    }
}

/// What has happened in a cache, or a part of it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) hits: u64,
    pub(crate) misses: u64,
    pub(crate) insertions: u64,
    pub(crate) evictions: u64,
}

impl Counts {
    /// Adds it, and how full the cache is.
    pub(crate) fn add_to(self, stats: &mut CacheStats, size: u64, capacity: u64) {
        stats.hits += self.hits;
        stats.misses += self.misses;
        stats.insertions += self.insertions;
        stats.evictions += self.evictions;
        stats.size += size;
        stats.capacity += capacity;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn share(part: u64, rest: u64) -> f64 {
    let all = part as f64 + rest as f64;
    if all == 0.0 { 0.0 } else { part as f64 / all }
}
