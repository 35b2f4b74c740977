use core::fmt;
use core::hash::{BuildHasher, Hash};
use std::time::Instant;

use equivalent::Equivalent;

use crate::cache::policy::Lru;
use crate::cache::{Cache, CacheStats, DefaultHashBuilder, Weigher};

/// An entry, as an [`EvictionStrategy`] sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvictionEntry<K, V> {
    /// Its key. The cache has one of its own: changing this changes nothing but what the strategy sees.
    pub key: K,
    /// Its value.
    pub value: V,
    /// How often it was put in or found.
    pub access_count: u64,
    /// When it was last.
    pub last_access: Instant,
    /// How much of the capacity it takes. What it was when the entry came in counts.
    pub size: usize,
}

/// A policy written by the user of a [`StrategyCache`].
pub trait EvictionStrategy<K, V> {
    /// An entry has come in, or was found.
    fn on_access(&mut self, entry: &mut EvictionEntry<K, V>);

    /// The key of the entry that is to leave. Nothing, or a key that is not there, leaves the choice to the cache.
    fn choose_victim(&self) -> Option<K>;

    /// An entry has left, for whatever reason.
    fn on_remove(&mut self, entry: &EvictionEntry<K, V>) {
        let _ = entry;
    }
}

/// A cache whose user says who leaves.
///
/// If the [strategy](EvictionStrategy) names nobody, or a key that is not there, the least recently used entry goes, and the
/// [wrong choice is counted](Self::wrong_choices): a mistake in it costs hits, nothing else. What the calls cost is up to it; where
/// one of the [policies](crate::cache::policy) does, a [`Cache`] is faster.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{EvictionEntry, EvictionStrategy, StrategyCache};
///
/// /// The longest text goes first.
/// #[derive(Default)]
/// struct Longest(std::collections::BTreeSet<(usize, u32)>);
///
/// impl EvictionStrategy<u32, String> for Longest {
///     fn on_access(&mut self, entry: &mut EvictionEntry<u32, String>) {
///         self.0.insert((entry.value.len(), entry.key));
///     }
///
///     fn choose_victim(&self) -> Option<u32> {
///         self.0.last().map(|&(_, key)| key)
///     }
///
///     fn on_remove(&mut self, entry: &EvictionEntry<u32, String>) {
///         self.0.remove(&(entry.value.len(), entry.key));
///     }
/// }
///
/// let mut cache = StrategyCache::new(2, Longest::default());
/// cache.insert(1, "short".to_string());
/// cache.insert(2, "a longer one".to_string());
/// cache.insert(3, "medium".to_string());
/// assert!(cache.contains(&1) && !cache.contains(&2) && cache.contains(&3));
/// ```
#[derive(Clone)]
pub struct StrategyCache<K, V, E, S = DefaultHashBuilder, Z = fn(&K, &V) -> usize> {
    cache: Cache<K, EvictionEntry<K, V>, Lru, S, Sizes>,
    strategy: E,
    size: Z,
    /// Whether anything has a size other than 1.
    sized: bool,
    evictions: u64,
    wrong: u64,
}

/// The size that an entry says it has.
#[derive(Clone)]
struct Sizes;

impl<K, V> Weigher<K, EvictionEntry<K, V>> for Sizes {
    fn weigh(&self, _: &K, entry: &EvictionEntry<K, V>) -> u32 {
        // Larger ones do not get here.
        u32::try_from(entry.size).unwrap_or(u32::MAX)
    }
}

impl<K, V, E> StrategyCache<K, V, E> {
    /// A cache for so many entries: the size of each is 1.
    #[must_use]
    pub fn new(capacity: usize, strategy: E) -> Self {
        Self { sized: false, ..Self::with_sizes(capacity, strategy, |_, _| 1) }
    }
}

impl<K, V, E, Z> StrategyCache<K, V, E, DefaultHashBuilder, Z> {
    /// A cache for entries of so much in all, whose sizes `size` says. One of 0 counts as 1, one of 4 GiB or more is refused.
    #[must_use]
    pub fn with_sizes(capacity: usize, strategy: E, size: Z) -> Self {
        let cache = Cache::builder().capacity(capacity).policy(Lru).weigher(Sizes).build();
        Self { cache, strategy, size, sized: true, evictions: 0, wrong: 0 }
    }
}

impl<K, V, E, S, Z> StrategyCache<K, V, E, S, Z> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.cache.is_empty()
    }

    /// What the sizes of all entries may be together.
    pub fn capacity(&self) -> usize {
        self.cache.capacity()
    }

    /// What the sizes of all entries are together; never more than the capacity.
    pub fn size(&self) -> usize {
        self.cache.weight()
    }

    /// Hits, misses, evictions, and how full the cache is. Exact.
    pub fn stats(&self) -> CacheStats {
        CacheStats { evictions: self.evictions, ..self.cache.stats() }
    }

    /// Whether anybody says what sizes entries have.
    #[cfg(feature = "stats")]
    pub(in crate::cache) fn is_sized(&self) -> bool {
        self.sized
    }

    /// How often the strategy was asked who leaves, and named nobody who was there.
    pub fn wrong_choices(&self) -> u64 {
        self.wrong
    }

    /// The strategy.
    pub fn strategy(&self) -> &E {
        &self.strategy
    }

    /// The strategy, to be changed.
    pub fn strategy_mut(&mut self) -> &mut E {
        &mut self.strategy
    }

    /// All entries, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = &EvictionEntry<K, V>> {
        self.cache.iter().map(|(_, entry)| entry)
    }
}

impl<K, V, E, S, Z> StrategyCache<K, V, E, S, Z>
where
    K: Hash + Eq + Clone,
    E: EvictionStrategy<K, V>,
    S: BuildHasher,
    Z: Fn(&K, &V) -> usize,
{
    /// The value of a key, if it is there: the strategy is told.
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&V> {
        self.get_mut(key).map(|value| &*value)
    }

    /// The value of a key, to be changed, if it is there: the strategy is told. Its size is not asked again.
    pub fn get_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
        let entry = self.cache.get_mut(key)?;
        entry.access_count = entry.access_count.saturating_add(1);
        entry.last_access = Instant::now();
        self.strategy.on_access(entry);
        Some(&mut entry.value)
    }

    /// An entry, without the strategy being told.
    pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<&EvictionEntry<K, V>> {
        self.cache.peek(key)
    }

    /// Whether a key is there, without the strategy being told.
    pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.cache.contains(key)
    }

    /// Puts a value in, and gives the one that its key had. Entries leave until there is room; what is larger than the capacity is
    /// dropped, and with it what its key had, which is out of date.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let size = (self.size)(&key, &value).max(1);
        let old = self.take(&key);
        let access_count = old.as_ref().map_or(1, |old| old.access_count.saturating_add(1));
        if size <= self.cache.capacity() && u32::try_from(size).is_ok() {
            self.make_room(size);
            let mut entry =
                EvictionEntry { key: key.clone(), value, access_count, last_access: Instant::now(), size };
            self.strategy.on_access(&mut entry);
            // What the strategy may have changed does not change what there is room for.
            entry.size = size;
            self.cache.insert(key, entry);
        }
        old.map(|old| old.value)
    }

    /// Takes the value of a key out.
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
        self.take(key).map(|entry| entry.value)
    }

    /// Keeps the entries of which `keep` says so; the strategy is told of the others.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{EvictionEntry, EvictionStrategy, StrategyCache};
    /// # struct Any;
    /// # impl EvictionStrategy<u32, u32> for Any {
    /// #     fn on_access(&mut self, _: &mut EvictionEntry<u32, u32>) {}
    /// #     fn choose_victim(&self) -> Option<u32> { None }
    /// # }
    /// let mut cache = StrategyCache::new(10, Any);
    /// cache.extend((0..10).map(|n| (n, n * n)));
    /// cache.retain(|_, square| *square % 2 == 0);
    /// assert_eq!(cache.len(), 5);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        let Self { cache, strategy, .. } = self;
        cache.retain(|key, entry| {
            let kept = keep(key, &mut entry.value);
            if !kept {
                strategy.on_remove(entry);
            }
            kept
        });
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        while let Some((_, entry)) = self.cache.pop() {
            self.strategy.on_remove(&entry);
        }
    }

    fn take<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<EvictionEntry<K, V>> {
        let entry = self.cache.remove(key)?;
        self.strategy.on_remove(&entry);
        Some(entry)
    }

    /// Lets entries go until there is room for so much. Each round takes one out, so that there is an end of it.
    fn make_room(&mut self, size: usize) {
        while self.cache.weight() > self.cache.capacity() - size {
            let chosen = self.strategy.choose_victim();
            let gone = chosen.and_then(|key| self.cache.remove(&key)).or_else(|| {
                self.wrong += 1;
                self.cache.pop().map(|(_, entry)| entry)
            });
            let Some(gone) = gone else { return };
            self.evictions += 1;
            self.strategy.on_remove(&gone);
        }
    }
}

/// Inserts one after the other.
impl<K, V, E, S, Z> Extend<(K, V)> for StrategyCache<K, V, E, S, Z>
where
    K: Hash + Eq + Clone,
    E: EvictionStrategy<K, V>,
    S: BuildHasher,
    Z: Fn(&K, &V) -> usize,
{
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            drop(self.insert(key, value));
        }
    }
}

impl<K, V, E: fmt::Debug, S, Z> fmt::Debug for StrategyCache<K, V, E, S, Z> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StrategyCache")
            .field("stats", &self.stats())
            .field("sized", &self.sized)
            .field("strategy", &self.strategy)
            .finish_non_exhaustive()
    }
}
