use core::fmt;
use core::hash::{BuildHasher, Hash};
use std::sync::{Arc, PoisonError};

use equivalent::Equivalent;

use super::packed::Packed;
use super::shard::{Found, Rubbish, Shard, Shards};
use super::{Codec, Raw, TieredCacheBuilder, TieredStats};
use crate::cache::after::after;
use crate::cache::core::Half;
use crate::cache::policy::{Elastic, Policy};
use crate::cache::{DefaultHashBuilder, UnitWeight, Weigher};
use crate::pool::panics::FirstPanic;
use crate::sync::{Mutex, MutexGuard};
use crate::unwind::guarded;

/// A cache of two tiers for many threads: values, and behind them compressed bytes, of which many more fit into the same memory.
///
/// What has to leave the first tier is encoded by the codec `C`, compressed with LZ4 if that saves an eighth, and goes to the
/// second. A hit there is decoded and comes up again. Each entry is in one tier only, and neither tier holds more than its
/// capacity; besides there is what a call has just pushed out of the first and is packing: it is found all the while.
///
/// Threads that work on the same key see one order: a removal leaves nothing behind, and a new value wins over an old one that is
/// on its way up or down at that moment. Bytes that turn out to be no value are a miss, and [counted](TieredStats::corrupt); so
/// are values that [cannot be encoded](TieredStats::unpackable). Encoding, compressing and dropping happen outside of locks; keys
/// are compared under the lock of a part of the cache, so their `Eq` must not use the cache.
///
/// Values are handed out as clones, or [by `Arc`](Self::get_arc). A hit in the first tier takes the lock of a shard, for the time
/// of a look-up. An insertion that pushes something out packs it, which takes as long as the codec and LZ4 take.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::TieredCache;
///
/// // Two pages as they are, and a megabyte of those that were used before.
/// let pages: TieredCache<u32, String> = TieredCache::builder().first(2).second(1 << 20).build();
/// for number in 0..10 {
///     pages.insert(number, format!("<p>page {number}</p>").repeat(100));
/// }
/// assert_eq!((pages.len(), pages.stats().packed), (10, 8));
/// assert!(pages.stats().second.size < 8 * 300); // of 1,400 each
/// assert!(pages.get(&0).is_some_and(|page| page.starts_with("<p>page 0")));
/// ```
pub struct TieredCache<K, V, C = Raw, P: Policy = Elastic, S = DefaultHashBuilder, W = UnitWeight> {
    shards: Shards<K, V, P, W>,
    parts: Parts<C, S, W>,
}

/// What a cache asks about its entries.
pub(super) struct Parts<C, S, W> {
    pub(super) codec: C,
    pub(super) hasher: S,
    pub(super) weigher: W,
}

impl<K: Hash + Eq, V> TieredCache<K, V>
where
    Raw: Codec<V>,
{
    /// A cache for so many values and so many bytes of packed ones, for values that are bytes or text.
    ///
    /// # Panics
    ///
    /// If the first capacity is 2³⁰ or more.
    #[must_use]
    pub fn new(first: usize, second_bytes: usize) -> Self {
        Self::builder().first(first).second(second_bytes).build()
    }
}

impl<K, V> TieredCache<K, V> {
    /// Says what a tiered cache shall be like, step by step.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[cfg(feature = "json")] {
    /// use nebula_memory::cache::policy::Lru;
    /// use nebula_memory::cache::{Json, TieredCache};
    ///
    /// let users = TieredCache::builder().first(1000).second(16 << 20).codec(Json).policy(Lru).build();
    /// users.insert("ada", vec![1815, 12, 10]);
    /// assert_eq!(users.get("ada"), Some(vec![1815, 12, 10]));
    /// # }
    /// ```
    pub fn builder() -> TieredCacheBuilder<K, V> {
        TieredCacheBuilder::new()
    }
}

impl<K, V, C, P: Policy, S, W: Weigher<K, V>> TieredCache<K, V, C, P, S, W> {
    pub(super) fn assemble(shards: Shards<K, V, P, W>, parts: Parts<C, S, W>) -> Self {
        Self { shards, parts }
    }

    /// A shard, even if a key has panicked while it was compared: it is in order.
    pub(super) fn lock(shard: &Mutex<Shard<K, V, P, W>>) -> MutexGuard<'_, Shard<K, V, P, W>> {
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sum(&self, figure: impl Fn(&Shard<K, V, P, W>) -> usize) -> usize {
        self.shards.iter().map(|shard| figure(&Self::lock(shard))).sum()
    }

    /// How many entries there are in both tiers, and on their way.
    pub fn len(&self) -> usize {
        self.sum(Shard::len)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was counted, and how full the tiers are. Exact for what was over before the call.
    pub fn stats(&self) -> TieredStats {
        self.shards.iter().fold(TieredStats::default(), |mut stats, shard| {
            Self::lock(shard).add_to(&mut stats);
            stats
        })
    }

    /// Counts from 0 again.
    pub fn reset_stats(&self) {
        self.shards.iter().for_each(|shard| Self::lock(shard).reset_counts());
    }

    /// Takes everything out, shard by shard.
    pub fn clear(&self) {
        let mut first = FirstPanic::default();
        for shard in &self.shards {
            let rubbish = Self::lock(shard).clear();
            first.run(|| drop(rubbish));
        }
    }

    /// Removes the entries of which `is_invalid` says so by their keys, and says how many. It is called under the lock of a shard,
    /// and must not use the cache.
    pub fn invalidate_if(&self, mut is_invalid: impl FnMut(&K) -> bool) -> usize {
        let of = |shard| {
            let mut rubbish = Rubbish::new();
            Self::lock(shard).remove_if(&mut is_invalid, &mut rubbish)
        };
        self.shards.iter().map(of).sum()
    }
}

impl<K, V, C, P, S, W> TieredCache<K, V, C, P, S, W>
where
    C: Codec<V>,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
{
    /// The hash of a key, and the shard that it belongs to.
    pub(super) fn place<Q: ?Sized + Hash>(&self, key: &Q) -> (Half, &Mutex<Shard<K, V, P, W>>) {
        let hash = self.parts.hasher.hash_one(key);
        // Other bits than those that the shard itself works with.
        let other = hash.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32;
        let at = (other * self.shards.len() as u64) >> 32;
        let shard = &self.shards[at as usize];
        (Half::of(hash), shard)
    }

    /// A clone of the value of a key: a hit, if it is there.
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.get_arc(key).map(Arc::unwrap_or_clone)
    }

    /// The value of a key: a hit, if it is there. One of the second tier comes up to the first.
    pub fn get_arc<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<Arc<V>> {
        let (half, shard) = self.place(key);
        let is_it = |other: &K| key.equivalent(other);
        let found = Self::lock(shard).look_up(half, is_it)?;
        let packed = match found {
            Found::Value(value) => return Some(value),
            Found::Bytes(packed) => packed,
        };
        let value = self.unpack(&packed, half, shard, is_it);
        let mut rubbish = Rubbish::new();
        let mut locked = Self::lock(shard);
        let Some(value) = value else {
            locked.miss();
            return None;
        };
        let left = locked.rise(half, is_it, &packed, &value, &mut rubbish);
        drop(locked);
        self.pack(shard, &left);
        Some(after((left, rubbish), value))
    }

    /// A clone of the value of a key, without this being a use of it: it is not counted, and stays in its tier.
    pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        let (half, shard) = self.place(key);
        let is_it = |other: &K| key.equivalent(other);
        let found = Self::lock(shard).peek(half, is_it)?;
        let value = match found {
            Found::Value(value) => value,
            Found::Bytes(packed) => self.unpack(&packed, half, shard, is_it)?,
        };
        Some(Arc::unwrap_or_clone(value))
    }

    /// Whether a key is there, without this being a use of it. Bytes that are no value any more count as there.
    pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        let (half, shard) = self.place(key);
        let found = Self::lock(shard).peek(half, |other| key.equivalent(other));
        found.is_some()
    }

    /// Puts a value in, in the place of the one that its key had. One that weighs more than the first tier can have is packed at
    /// once.
    pub fn insert(&self, key: K, value: V)
    where
        K: Hash + Eq,
    {
        self.insert_arc(key, Arc::new(value));
    }

    /// Puts a value in that others have as well.
    pub fn insert_arc(&self, key: K, value: Arc<V>)
    where
        K: Hash + Eq,
    {
        let weight = self.weigh(&key, &value);
        let (half, shard) = self.place(&key);
        let mut rubbish = Rubbish::new();
        let mut entry = Some((key, value));
        let left = Self::lock(shard).insert(half, &mut entry, weight, &mut rubbish);
        self.pack(shard, &left);
    }

    /// The value of a key, or what `make` makes, which is put in. Nothing is locked while it is made.
    ///
    /// Threads that miss at once make one each, and the last one stays.
    pub fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V
    where
        K: Hash + Eq,
        V: Clone,
    {
        if let Some(value) = self.get(&key) {
            return after((key, make), value);
        }
        let value = Arc::new(make());
        self.insert_arc(key, Arc::clone(&value));
        Arc::unwrap_or_clone(value)
    }

    /// Takes the value of a key out, of whichever tier it is in. Bytes that are no value any more go as well.
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.remove_arc(key).map(Arc::unwrap_or_clone)
    }

    /// The same for values that are not to be cloned, should others have them.
    pub fn remove_arc<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<Arc<V>> {
        let (half, shard) = self.place(key);
        let mut rubbish = Rubbish::new();
        let found = Self::lock(shard).remove(half, |other| key.equivalent(other), &mut rubbish)?;
        match found {
            Found::Value(value) => Some(after(rubbish, value)),
            Found::Bytes(packed) => after(rubbish, self.unpack(&packed, half, shard, |_| false)),
        }
    }

    /// Takes an entry out without looking at it; whether there was one.
    pub fn invalidate<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        let (half, shard) = self.place(key);
        let mut rubbish = Rubbish::new();
        let found = Self::lock(shard).remove(half, |other| key.equivalent(other), &mut rubbish);
        found.is_some()
    }

    /// What an entry weighs in the first tier.
    pub(super) fn weigh(&self, key: &K, value: &V) -> u32 {
        self.parts.weigher.weigh(key, value).max(1)
    }

    /// Makes the value of these bytes. If they are none, or the codec panics, the entry that has them goes.
    pub(super) fn unpack(
        &self,
        packed: &Packed,
        half: Half,
        shard: &Mutex<Shard<K, V, P, W>>,
        is_it: impl Fn(&K) -> bool,
    ) -> Option<Arc<V>> {
        let spoil = OnDrop(Some(|| {
            let mut rubbish = Rubbish::new();
            Self::lock(shard).spoil(half, &is_it, packed, &mut rubbish);
            rubbish
        }));
        let value = packed.unpack(&self.parts.codec).ok()?;
        spoil.disarm();
        Some(Arc::new(value))
    }

    /// Packs what has left the first tier, and brings it to the second. Only then anything is dropped, as that may panic.
    pub(super) fn pack(&self, shard: &Mutex<Shard<K, V, P, W>>, left: &[Arc<V>]) {
        let mut rubbish = Rubbish::new();
        for (at, value) in left.iter().enumerate() {
            // Should the codec panic, nobody packs the others either.
            let abandon = OnDrop(Some(|| {
                let mut rubbish = Rubbish::new();
                let mut locked = Self::lock(shard);
                left[at..].iter().for_each(|value| locked.give_up(value, &mut rubbish));
                drop(locked);
                rubbish
            }));
            let packed = Packed::pack(&self.parts.codec, &**value).ok();
            abandon.disarm();
            let mut locked = Self::lock(shard);
            match packed {
                Some(packed) => locked.arrive(value, packed, &mut rubbish),
                None => locked.give_up(value, &mut rubbish),
            }
        }
    }
}

/// Does something unless it is disarmed; what comes of it is dropped last.
struct OnDrop<R, F: FnOnce() -> R>(Option<F>);

impl<R, F: FnOnce() -> R> OnDrop<R, F> {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl<R, F: FnOnce() -> R> Drop for OnDrop<R, F> {
    fn drop(&mut self) {
        let Some(act) = self.0.take() else { return };
        if std::thread::panicking() {
            // A second panic would be the end of the process.
            guarded(|| drop(act()));
        } else {
            drop(act());
        }
    }
}

impl<K, V, C, P: Policy, S, W: Weigher<K, V>> fmt::Debug for TieredCache<K, V, C, P, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TieredCache")
            .field("len", &self.len())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
