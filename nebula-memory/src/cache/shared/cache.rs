use core::fmt::{self, Debug};
use core::hash::{BuildHasher, Hash};
use std::boxed::Box;

use equivalent::Equivalent;

use super::reclaim::cells_for;
use super::shard::Shard;
use crate::cache::CacheBuilder;
use crate::cache::hash::DefaultHashBuilder;
use crate::cache::listener::{Listener, NoListener};
use crate::cache::policy::{Elastic, Policy};
use crate::cache::stats::{CacheStats, Counts};
use crate::cache::tags::spread;
use crate::cache::tally::Tally;
use crate::cache::weight::{UnitWeight, Weigher};
use crate::pool::panics::FirstPanic;
use crate::sync::{AtomicU64, Ordering};

/// A cache for many threads.
///
/// A look-up takes no lock and waits for nobody; of what threads share it writes at most the mark of the entry that it has found.
/// An insertion locks one of the *shards* that keys are spread over, each with a part of the capacity. What code of yours does
/// (`Hash`, `Eq`, `Clone`, `Drop`, weigher, listener, computations) runs under no lock, may use the cache and may panic.
///
/// The capacity is never exceeded by what comes in, not for a moment. A value that has left is dropped when nobody reads it any more, as soon as a
/// few others have left (a sixteenth of the shard, at least 64); [`reclaim`](Self::reclaim) does it at once.
///
/// It keeps what `P` says, by default [`Elastic`]. The order of hits that come from several threads is
/// approximate for policies that depend on it, such as LRU; that of one thread is exact.
///
/// ```
/// use nebula_memory::cache::SharedCache;
///
/// let cache = SharedCache::<u64, String>::new(1000);
/// std::thread::scope(|threads| {
///     for n in 0..4 {
///         let cache = &cache;
///         threads.spawn(move || cache.insert(n, format!("value of {n}")));
///     }
/// });
/// assert_eq!(cache.get(&3).as_deref(), Some("value of 3"));
/// assert_eq!(cache.read(&2, String::len), Some(10)); // without a clone
/// assert_eq!(cache.get_or_insert_with(7, || "computed".to_string()), "computed");
/// assert_eq!(cache.len(), 5);
/// ```
pub struct SharedCache<K, V, P: Policy = Elastic, S = DefaultHashBuilder, W = UnitWeight, L = NoListener> {
    pub(super) shards: Box<[ShardOf<K, V, P, W>]>,
    pub(super) hasher: S,
    pub(super) weigher: W,
    pub(super) listener: L,
    /// How often the capacity was changed.
    resized: AtomicU64,
}

/// A shard of a cache with this policy.
pub(super) type ShardOf<K, V, P, W> = Shard<K, V, <P as Policy>::Ranking, W>;

/// Shards for each processor, so that few threads want the same one.
const SHARDS_PER_CPU: usize = 4;
/// More shards would refuse entries that are a small part of all.
const WEIGHED: usize = 8;
/// A shard of fewer entries would lose some for want of balance.
const SMALLEST: u64 = 1024;
/// Entries that cells are made for at first: more if they are counted, up to the second.
const FEW: u64 = 256;
const MANY: u64 = 1 << 16;

impl<K, V> SharedCache<K, V> {
    /// A cache of at most so many entries, with the policy and the hasher that caches have unless told otherwise;
    /// [`builder`](Self::builder) makes others.
    ///
    /// # Panics
    ///
    /// If the capacity is 2³⁰ or more.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self::builder().capacity(capacity).build_shared()
    }

    /// Says what a cache shall be like, step by step: the builder of all caches, to be ended by
    /// [`build_shared`](CacheBuilder::build_shared).
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::SharedCache;
    ///
    /// let cache = SharedCache::builder().capacity(1000).counted().build_shared();
    /// cache.insert(1, "one");
    /// assert_eq!((cache.get(&1), cache.stats().hits), (Some("one"), 1));
    /// ```
    pub fn builder() -> CacheBuilder<K, V> {
        CacheBuilder::new()
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> SharedCache<K, V, P, S, W, L> {
    /// Out of all its parts.
    pub(crate) fn assemble(
        capacity: u64,
        shards: Option<usize>,
        policy: &P,
        hasher: S,
        weigher: W,
        listener: L,
    ) -> Self {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        let count = shards.unwrap_or_else(|| {
            let most = usize::try_from(capacity / SMALLEST).unwrap_or(usize::MAX);
            let most = if W::UNIT { most } else { most.min(WEIGHED) };
            (cpus * SHARDS_PER_CPU).next_power_of_two().min(most)
        });
        // A shard with no part of the capacity would refuse all keys that are its own.
        let count = (count.clamp(1, 1 << 16) as u64).min(capacity.max(1));
        let shard = |index| {
            let share = share(capacity, count, index);
            let expected = if W::UNIT { share.min(MANY) } else { FEW };
            #[expect(clippy::cast_possible_truncation, reason = "few enough")]
            let cells = cells_for(expected as usize) as u32;
            Shard::new(policy.ranking(share.max(1)), share, cells, cpus.next_power_of_two().min(16))
        };
        Self {
            shards: (0..count).map(shard).collect(),
            hasher,
            weigher,
            listener,
            resized: AtomicU64::new(0),
        }
    }
}

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The hash of a key, for [`get_by_hash`](Self::get_by_hash). Another cache has others.
    #[inline(always)]
    pub fn cache_hash<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The shard of a hash, and the half of it that says where in it.
    #[inline(always)]
    pub(super) fn place(&self, hash: u64) -> (&Shard<K, V, P::Ranking, W>, u32) {
        (&self.shards[self.index(hash)], (spread(hash) >> 32) as u32)
    }

    /// Which shard that is.
    #[inline(always)]
    pub(super) fn index(&self, hash: u64) -> usize {
        (((spread(hash) & u64::from(u32::MAX)) * self.shards.len() as u64) >> 32) as usize
    }

    /// How many entries there are, those included that have expired but are not collected yet.
    ///
    /// While others change the cache it is what was there lately. It is never more than the capacity, unless that was
    /// [made less](Self::resize) than what cannot leave, as it is pinned.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.written.len.load(Ordering::Relaxed)).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What the entries weigh together: their number if they are not weighed.
    #[must_use]
    pub fn weight(&self) -> usize {
        let weight: u64 = self.shards.iter().map(|shard| shard.written.used.load(Ordering::Relaxed)).sum();
        usize::try_from(weight).unwrap_or(usize::MAX)
    }

    /// What they may weigh.
    #[must_use]
    pub fn capacity(&self) -> usize {
        usize::try_from(self.sum_of_capacities()).unwrap_or(usize::MAX)
    }

    /// In how many parts the capacity is divided. No entry may weigh more than one has.
    #[must_use]
    pub fn shards(&self) -> usize {
        self.shards.len()
    }

    /// Figures: what is there, and what was counted. Look-ups, insertions and evictions are 0 unless the builder was told
    /// [`counted`](CacheBuilder::counted); then they are exact as soon as no other thread is in the midst of a call.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::builder().capacity(2).counted().build_shared();
    /// cache.insert_many([("a", 1), ("b", 2), ("c", 3)]);
    /// cache.get("c");
    /// let stats = cache.stats();
    /// assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions, stats.size), (1, 0, 3, 1, 2));
    /// ```
    #[must_use]
    pub fn stats(&self) -> CacheStats {
        let counts = self.listener.tally().map_or(Counts::default(), Tally::read);
        let mut stats = CacheStats::default();
        counts.add_to(&mut stats, self.weight() as u64, self.capacity() as u64);
        stats
    }

    /// Whether look-ups are counted.
    #[cfg(feature = "stats")]
    pub(in crate::cache) fn is_counted(&self) -> bool {
        self.listener.tally().is_some()
    }

    /// Changes the capacity. If there is more than that then, some of it leaves.
    ///
    /// There are as many [`shards`](Self::shards) as before, and each has its part. If the capacity is less than they are many, some
    /// have none: they refuse the keys that are theirs. Of several calls at once the one that began last counts.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert_many((0..10).map(|n| (n, n)));
    /// cache.resize(4);
    /// assert_eq!((cache.len(), cache.capacity()), (4, 4));
    /// ```
    pub fn resize(&self, capacity: usize) {
        let mut first = FirstPanic::default();
        let turn = self.resized.fetch_add(1, Ordering::Relaxed) + 1;
        let count = self.shards.len() as u64;
        for (index, shard) in (0..).zip(&self.shards) {
            let share = share(capacity as u64, count, index);
            first.run(|| self.change(shard, |books, gone| shard.resize(books, turn, share, gone)));
        }
    }

    /// Removes all entries, those that come in meanwhile perhaps.
    pub fn clear(&self) {
        let mut first = FirstPanic::default();
        for shard in &self.shards {
            first.run(|| self.change(shard, |books, gone| shard.remove_all(books, gone)));
            shard.clean(&mut first);
        }
    }

    /// Drops the keys and values that have left, but for those that somebody reads at this moment.
    ///
    /// That is done anyway, sooner or later. It costs a few microseconds for each shard.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// use std::sync::Arc;
    ///
    /// let (cache, value) = (SharedCache::new(1), Arc::new(0));
    /// cache.insert("a", value.clone());
    /// cache.insert("b", Arc::new(1)); // the other has left
    /// cache.reclaim();
    /// assert_eq!(Arc::strong_count(&value), 1);
    /// ```
    pub fn reclaim(&self) {
        let mut first = FirstPanic::default();
        for shard in &self.shards {
            shard.clean(&mut first);
        }
    }
}

impl<K, V, P: Policy, S, W, L> SharedCache<K, V, P, S, W, L> {
    fn sum_of_capacities(&self) -> u64 {
        let each = self.shards.iter().map(|shard| shard.written.capacity.load(Ordering::Relaxed));
        // While it is changed, some may have their part of what it was.
        each.fold(0, u64::saturating_add)
    }
}

/// What a shard has of the capacity.
fn share(capacity: u64, shards: u64, index: u64) -> u64 {
    capacity / shards + u64::from(index < capacity % shards)
}

impl<K, V, P: Policy, S, W, L> Debug for SharedCache<K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sum = |of: fn(&ShardOf<K, V, P, W>) -> u64| self.shards.iter().map(of).sum::<u64>();
        f.debug_struct("SharedCache")
            .field("len", &sum(|shard| shard.written.len.load(Ordering::Relaxed) as u64))
            .field("weight", &sum(|shard| shard.written.used.load(Ordering::Relaxed)))
            .field("capacity", &self.sum_of_capacities())
            .field("shards", &self.shards.len())
            .finish_non_exhaustive()
    }
}
