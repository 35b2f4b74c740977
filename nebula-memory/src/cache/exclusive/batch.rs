use core::array;
use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::Cache;
use crate::cache::core::Half;
use crate::cache::policy::Policy;
use crate::cache::{Listener, Weigher};

/// So many keys are hashed, and what they need fetched, before the first of them is looked up.
const AHEAD: usize = 16;

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Looks up one key after the other, as [`get`](Self::get) does, and calls `found` with each.
    ///
    /// The memory that the next keys need is asked for in advance: where the cache is larger than the processor's, this is
    /// faster than looking up each by itself.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.extend([("a", 1), ("b", 2)]);
    /// let mut sum = 0;
    /// cache.get_many(["a", "x", "b"], |_, value| sum += value.unwrap_or(&100));
    /// assert_eq!(sum, 103);
    /// ```
    pub fn get_many<'q, Q>(
        &mut self,
        keys: impl IntoIterator<Item = &'q Q>,
        mut found: impl FnMut(&'q Q, Option<&V>),
    ) where
        Q: ?Sized + Hash + Equivalent<K> + 'q,
    {
        let mut keys = keys.into_iter();
        loop {
            let mut batch: [Option<(&Q, u64)>; AHEAD] = [None; AHEAD];
            for (place, key) in batch.iter_mut().zip(keys.by_ref()) {
                let hash = self.cache_hash(key);
                self.core.fetch(Half::of(hash));
                *place = Some((key, hash));
            }
            for &(_, hash) in batch.iter().flatten() {
                self.core.fetch_entry(Half::of(hash));
            }
            for &(key, hash) in batch.iter().flatten() {
                found(key, self.get_by_hash(hash, |other| key.equivalent(other)));
            }
            if batch[AHEAD - 1].is_none() {
                return;
            }
        }
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The values of several keys, to be changed at the same time: a hit for each that is there. What they weigh is not asked again.
    ///
    /// # Panics
    ///
    /// If two keys are those of the same entry.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.extend([("a", 1), ("b", 2)]);
    /// if let [Some(a), Some(b), None] = cache.get_disjoint_mut(["a", "b", "x"]) {
    ///     core::mem::swap(a, b);
    /// }
    /// assert_eq!((cache.peek("a"), cache.peek("b")), (Some(&2), Some(&1)));
    /// ```
    #[doc(alias = "get_many_mut")]
    pub fn get_disjoint_mut<Q, const N: usize>(&mut self, keys: [&Q; N]) -> [Option<&mut V>; N]
    where
        Q: ?Sized + Hash + Equivalent<K>,
    {
        let ids = keys.map(|key| self.hit(self.cache_hash(key), |other| key.equivalent(other)));
        let mut places: [usize; N] = array::from_fn(|place| place);
        places.sort_unstable_by_key(|&place| ids[place]);
        let (mut slots, mut before) = (self.core.slots_mut(), 0);
        let mut values = [const { None }; N];
        for place in places {
            let Some(id) = ids[place] else { continue };
            let skip = (id as usize).checked_sub(before).expect("two keys of the same entry");
            // All slots behind this one are still to be had.
            let Some((slot, rest)) = slots.get_mut(skip..).and_then(<[_]>::split_first_mut) else { break };
            values[place] = slot.get_mut().map(|(_, value)| value);
            (slots, before) = (rest, id as usize + 1);
        }
        values
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Inserts one entry after the other, as [`insert`](Self::insert) does; the memory that the next ones need is asked for in
    /// advance.
    pub fn insert_many(&mut self, entries: impl IntoIterator<Item = (K, V)>) {
        let mut entries = entries.into_iter();
        loop {
            let mut batch: [Option<(K, V, u64)>; AHEAD] = [const { None }; AHEAD];
            for (place, (key, value)) in batch.iter_mut().zip(entries.by_ref()) {
                let hash = self.cache_hash(&key);
                self.core.fetch(Half::of(hash));
                *place = Some((key, value, hash));
            }
            let more = batch[AHEAD - 1].is_some();
            for (key, value, hash) in batch.into_iter().flatten() {
                drop(self.put(hash, key, value, drop, |_, _| {}));
            }
            if !more {
                return;
            }
        }
    }
}
