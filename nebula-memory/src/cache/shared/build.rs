use super::cache::SharedCache;
use crate::cache::policy::Policy;
use crate::cache::{CacheBuilder, CacheError, Counted, Weigher};

impl<K, V, P, S, W, L> CacheBuilder<K, V, P, S, W, L> {
    /// Into how many parts a shared cache divides its capacity, by the hashes of keys: as many threads can write at once, at most.
    ///
    /// Each part has its own order in which entries leave, and no entry can weigh more than a part holds. Unless this is said, there are
    /// a few for each processor, and fewer if the capacity is small. There are no more than the capacity.
    ///
    /// ```
    /// use nebula_memory::cache::{SharedCache, policy::Lru};
    ///
    /// // One order for all, so that it is the least recently used that leaves.
    /// let cache = SharedCache::builder().capacity(2).policy(Lru).shards(1).build_shared();
    /// cache.insert_many([("a", 1), ("b", 2)]);
    /// cache.get("a");
    /// cache.insert("c", 3);
    /// assert!(cache.contains("a") && !cache.contains("b"));
    /// ```
    pub fn shards(mut self, shards: usize) -> Self {
        self.shards = Some(shards);
        self
    }

    /// Has a shared cache count look-ups, insertions and evictions: what [`SharedCache::stats`] tells.
    pub fn counted(self) -> CacheBuilder<K, V, P, S, W, Counted<L>> {
        let Self { capacity, policy, hasher, weigher, listener, shards, entries } = self;
        let listener = Counted::new(listener);
        CacheBuilder { capacity, policy, hasher, weigher, listener, shards, entries }
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> CacheBuilder<K, V, P, S, W, L> {
    /// The cache, for many threads.
    ///
    /// # Errors
    ///
    /// If there is no capacity, or it is for more entries than a cache can have.
    pub fn try_build_shared(self) -> Result<SharedCache<K, V, P, S, W, L>, CacheError> {
        let capacity = self.checked_capacity()?;
        let Self { policy, hasher, weigher, listener, shards, .. } = self;
        Ok(SharedCache::assemble(capacity, shards, &policy, hasher, weigher, listener))
    }

    /// The cache, for many threads.
    ///
    /// # Panics
    ///
    /// Where [`try_build_shared`](Self::try_build_shared) gives an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, policy::S3Fifo};
    ///
    /// let cache = Cache::builder().capacity(100).policy(S3Fifo).shards(4).counted().build_shared();
    /// cache.insert("key", 1);
    /// assert_eq!((cache.get("key"), cache.get("other")), (Some(1), None));
    /// assert_eq!((cache.stats().hits, cache.stats().misses), (1, 1));
    /// ```
    #[must_use]
    pub fn build_shared(self) -> SharedCache<K, V, P, S, W, L> {
        match self.try_build_shared() {
            Ok(cache) => cache,
            Err(error) => panic!("{error}"),
        }
    }
}
