//! What layers need of a cache for many threads.

use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::cache::SharedCache;
use crate::cache::layers::Store;
use crate::cache::listener::{Cause, Listener};
use crate::cache::policy::Policy;
use crate::cache::weight::Weigher;

impl<K, V, P, S, W, L> Store<K, V> for SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    V: Clone,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    #[inline]
    fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.get(key)
    }

    #[inline]
    fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.peek(key)
    }

    #[inline]
    fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.contains(key)
    }

    #[inline]
    fn insert(&self, key: K, value: V) {
        self.insert(key, value);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        self.put_new(self.cache_hash(&key), (key, value), false, wanted)
    }

    /// Unlike [`SharedCache::remove`] it locks the shard also if there is nothing to be found, so that an
    /// [`insert_new`](Store::insert_new) is before this, and removed, or after it.
    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        let (shard, half) = self.place(self.cache_hash(key));
        let known = shard.find(half, shard.hold(), |other| key.equivalent(other));
        let (books, found) = shard.open_at(half, |other| key.equivalent(other), known);
        let Some(found) = found else {
            drop(books);
            return None;
        };
        let cause = self.take_open(shard, books, &found);
        (cause != Cause::Expired).then(|| found.contents().value.clone())
    }

    fn clear(&self) {
        self.clear();
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn capacity(&self) -> usize {
        self.capacity()
    }
}
