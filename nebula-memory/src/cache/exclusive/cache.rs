use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use crate::cache::core::{Core, Half};
use crate::cache::index::Near;
use crate::cache::policy::{Elastic, Id, Policy};
use crate::cache::stats::Counts;
use crate::cache::{
    CacheBuilder, CacheStats, Cause, DefaultHashBuilder, Listener, NoListener, UnitWeight, Weigher,
};

/// A cache of one owner: of what was put in, it keeps what its policy `P` thinks will be used again.
///
/// It never holds more than its capacity: room is made before an entry comes in. That is a number of entries, or of whatever the
/// weigher `W` measures; what weighs more than the capacity by itself is refused. All calls take constant time (in a cache that
/// is weighed: and that of the entries which have to go), and none allocates once the cache is full.
///
/// Keys are looked up by anything [`Equivalent`], a `String` by a `&str`. What the cache calls (`Hash`, `Eq`, `Drop`, the
/// weigher, the listener) may panic: the call ends there, and the cache is in order.
///
/// For many threads there is [`SharedCache`](super::super).
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::Cache;
///
/// let mut cache = Cache::new(2);
/// cache.insert("one", 1);
/// cache.insert("two", 2);
/// assert_eq!(cache.get("one"), Some(&1));
///
/// cache.insert("three", 3);
/// assert_eq!(cache.len(), 2);
/// assert_eq!(cache.stats().evictions, 1);
/// ```
pub struct Cache<K, V, P: Policy = Elastic, S = DefaultHashBuilder, W = UnitWeight, L = NoListener> {
    pub(super) core: Core<K, V, P, W>,
    pub(super) policy: P,
    pub(super) hasher: S,
    pub(super) weigher: W,
    pub(super) listener: L,
    pub(super) counts: Counts,
}

impl<K: Hash + Eq, V> Cache<K, V> {
    /// A cache for so many entries, with the policy and the hasher that caches have unless told otherwise.
    ///
    /// A cache of capacity 0 refuses all. Nothing is allocated for entries before they come.
    ///
    /// # Panics
    ///
    /// If the capacity is 2³⁰ or more.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache: Cache<u64, String> = Cache::new(1000);
    /// assert_eq!(cache.insert(7, "seven".to_string()), None);
    /// ```
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self::builder().capacity(capacity).build()
    }
}

impl<K, V> Cache<K, V> {
    /// Says what a cache shall be like, step by step.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, policy::Fifo};
    ///
    /// let mut pages = Cache::builder()
    ///     .capacity(64 * 1024)
    ///     .policy(Fifo)
    ///     .weigher(|_: &String, page: &Vec<u8>| page.len() as u32)
    ///     .build();
    /// pages.insert("index".to_string(), vec![0; 1000]);
    /// assert_eq!((pages.len(), pages.weight()), (1, 1000));
    /// ```
    pub fn builder() -> CacheBuilder<K, V> {
        CacheBuilder::new()
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> Cache<K, V, P, S, W, L> {
    pub(crate) fn assemble(capacity: u64, policy: P, hasher: S, weigher: W, listener: L) -> Self {
        let core = Core::new(&policy, capacity);
        Self { core, policy, hasher, weigher, listener, counts: Counts::default() }
    }

    /// How many entries there are, those included whose time is over, but who are still there.
    #[inline]
    pub fn len(&self) -> usize {
        self.core.len()
    }

    /// Whether there are no entries.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What entries may weigh together; how many there may be if they are not weighed.
    #[inline]
    pub fn capacity(&self) -> usize {
        usize::try_from(self.core.capacity()).unwrap_or(usize::MAX)
    }

    /// What the entries weigh together; how many there are if they are not weighed. Never more than the capacity.
    #[inline]
    pub fn weight(&self) -> usize {
        usize::try_from(self.core.used()).unwrap_or(usize::MAX)
    }

    /// Who leaves first.
    pub fn policy(&self) -> &P {
        &self.policy
    }

    /// What keys are hashed with.
    pub fn hasher(&self) -> &S {
        &self.hasher
    }

    /// What was counted, and how full the cache is. Exact.
    pub fn stats(&self) -> CacheStats {
        let mut stats = CacheStats::default();
        self.counts.add_to(&mut stats, self.core.used(), self.core.capacity());
        stats
    }

    /// Counts from 0 again.
    pub fn reset_stats(&mut self) {
        self.counts = Counts::default();
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The value of a key: a hit, if it is there.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("seven".to_string(), 7);
    /// assert_eq!(cache.get("seven"), Some(&7));
    /// assert_eq!(cache.get("eight"), None);
    /// assert_eq!(cache.stats().hit_rate(), 0.5);
    /// ```
    #[inline(always)]
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&V> {
        self.get_by_hash(self.cache_hash(key), |other| key.equivalent(other))
    }

    /// The value of a key, to be changed: a hit, if it is there. What it weighs is not asked again.
    #[inline]
    pub fn get_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
        let id = self.hit(self.cache_hash(key), |other| key.equivalent(other))?;
        self.core.get_mut(id).map(|(_, value)| value)
    }

    /// The key that is in the cache, and its value: a hit, if they are there.
    #[inline]
    pub fn get_key_value<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<(&K, &V)> {
        let id = self.hit(self.cache_hash(key), |other| key.equivalent(other))?;
        self.core.get(id)
    }

    /// The value of a key, without this being a use of it: it is not counted, and leaves no later for it.
    #[inline]
    pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<&V> {
        let hash = Half::of(self.cache_hash(key));
        let id = self.core.find(hash, |other| key.equivalent(other))?;
        self.core.get(id).filter(|_| self.core.is_live(id)).map(|(_, value)| value)
    }

    /// The same, the value to be changed. What it weighs is not asked again.
    #[inline]
    pub fn peek_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
        let hash = Half::of(self.cache_hash(key));
        let id = self.core.find(hash, |other| key.equivalent(other))?;
        if !self.core.is_live(id) {
            return None;
        }
        self.core.get_mut(id).map(|(_, value)| value)
    }

    /// Whether a key is there, without this being a use of it.
    #[inline]
    pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.peek(key).is_some()
    }

    /// The hash of a key in this cache, for [`get_by_hash`](Self::get_by_hash).
    #[inline(always)]
    pub fn cache_hash<Q: ?Sized + Hash>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The value of the key with this [hash](Self::cache_hash) of which `is_it` says that it is meant: a hit, if there is one.
    ///
    /// For keys that are looked up often and hashed once. `is_it` decides: other keys may have the same hash.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("seven".to_string(), 7);
    /// let hash = cache.cache_hash("seven");
    /// assert_eq!(cache.get_by_hash(hash, |key| key == "seven"), Some(&7));
    /// ```
    #[inline(always)]
    pub fn get_by_hash(&mut self, hash: u64, mut is_it: impl FnMut(&K) -> bool) -> Option<&V> {
        let half = Half::of(hash);
        let found = match self.core.find_near(half, &mut is_it) {
            Near::Found(id) => Some(id),
            Near::Absent => None,
            Near::Unknown => return self.get_after(half, is_it),
        };
        let id = self.count(found)?;
        self.core.get(id).map(|(_, value)| value)
    }

    /// The same where it is not near: all the rest of the call, so that the others need keep nothing for it.
    #[cold]
    #[inline(never)]
    fn get_after(&mut self, half: Half, is_it: impl FnMut(&K) -> bool) -> Option<&V> {
        let found = self.core.find_after(half, is_it);
        let id = self.count(found)?;
        self.core.get(id).map(|(_, value)| value)
    }

    /// Looks an entry up, and counts that.
    #[inline(always)]
    pub(super) fn hit(&mut self, hash: u64, is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        let found = self.core.find(Half::of(hash), is_it);
        self.count(found)
    }

    /// Counts what a look-up has found, if its time is not over.
    #[inline(always)]
    fn count(&mut self, found: Option<Id>) -> Option<Id> {
        let Some(id) = found else {
            self.counts.misses += 1;
            return None;
        };
        if !self.core.hit(id) {
            self.counts.misses += 1;
            self.drop_expired(id);
            return None;
        }
        self.counts.hits += 1;
        Some(id)
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L: Listener<K, V>> Cache<K, V, P, S, W, L> {
    /// An entry whose time is over leaves.
    #[cold]
    pub(super) fn drop_expired(&mut self, id: Id) {
        if let Some((key, value)) = self.core.remove(id) {
            self.counts.evictions += 1;
            self.tell(&key, &value, Cause::Expired);
        }
    }

    /// Tells the listener, if there is one, of what has left.
    #[inline(always)]
    pub(super) fn tell(&self, key: &K, value: &V, cause: Cause) {
        if L::LISTENS {
            self.listener.left(key, value, cause);
        }
    }
}
