//! Many keys at once.

use core::hash::{BuildHasher, Hash};
use std::vec::Vec;

use equivalent::Equivalent;

use super::cache::SharedCache;
use crate::cache::listener::Listener;
use crate::cache::policy::Policy;
use crate::cache::weight::Weigher;

/// Keys that are looked for ahead.
const AHEAD: usize = 16;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Clones of the values of many keys, in their order. Faster than one by one if the cache is large, because memory is asked for ahead.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert_many([("a", 1), ("b", 2)]);
    /// assert_eq!(cache.get_many(&["b", "x", "a"]), [Some(2), None, Some(1)]);
    /// ```
    pub fn get_many<Q: ?Sized + Hash + Equivalent<K>>(&self, keys: &[&Q]) -> Vec<Option<V>>
    where
        V: Clone,
    {
        let mut values = Vec::with_capacity(keys.len());
        for keys in keys.chunks(AHEAD) {
            let mut hashes = [0; AHEAD];
            for (hash, key) in hashes.iter_mut().zip(keys) {
                *hash = self.cache_hash(*key);
                let (shard, half) = self.place(*hash);
                shard.table().prefetch(half);
            }
            let found = keys.iter().zip(hashes);
            values.extend(found.map(|(key, hash)| self.get_by_hash(hash, |other| key.equivalent(other))));
        }
        values
    }

    /// Puts many values in, one after the other.
    pub fn insert_many(&self, entries: impl IntoIterator<Item = (K, V)>) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}
