use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::{LfuCache, LruCache};

/// The ends of the order, by the names that they have elsewhere.
///
/// ```
/// use nebula_memory::cache::LruCache;
///
/// let mut cache = LruCache::new(3);
/// cache.extend([("a", 1), ("b", 2), ("c", 3)]);
/// assert_eq!((cache.peek_lru(), cache.peek_mru()), (Some((&"a", &1)), Some((&"c", &3))));
/// assert!(cache.promote("a") && cache.demote("c"));
/// assert_eq!((cache.pop_lru(), cache.pop_mru()), (Some(("c", 3)), Some(("a", 1))));
/// ```
impl<K, V, S> LruCache<K, V, S> {
    /// The entry that was used least recently. This is no use of it.
    pub fn peek_lru(&self) -> Option<(&K, &V)> {
        self.0.peek_next()
    }

    /// The entry that was used last. This is no use of it.
    pub fn peek_mru(&self) -> Option<(&K, &V)> {
        self.0.peek_last()
    }

    /// Takes out the entry that was used least recently: [`pop`](Self::pop).
    pub fn pop_lru(&mut self) -> Option<(K, V)> {
        self.0.pop()
    }
}

impl<K, V, S: BuildHasher> LruCache<K, V, S> {
    /// Takes out the entry that was used last.
    pub fn pop_mru(&mut self) -> Option<(K, V)> {
        self.0.pop_last()
    }

    /// A use of the entry of a key, whose value is not wanted: whether it is there. It counts as a look-up.
    pub fn promote<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> bool {
        self.0.get(key).is_some()
    }

    /// The entry of a key leaves next, as if it was used before all others: whether it is there.
    pub fn demote<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> bool {
        self.0.demote(key)
    }
}

/// The ends of the order, by the names that they have elsewhere.
///
/// ```
/// use nebula_memory::cache::LfuCache;
///
/// let mut cache = LfuCache::new(3);
/// cache.extend([("a", 1), ("b", 2)]);
/// cache.get("a");
/// assert_eq!(cache.peek_lfu(), Some((&"b", &2)));
/// assert_eq!(cache.pop_lfu(), Some(("b", 2)));
/// ```
impl<K, V, S> LfuCache<K, V, S> {
    /// The entry that was used least often. This is no use of it.
    pub fn peek_lfu(&self) -> Option<(&K, &V)> {
        self.0.peek_next()
    }

    /// Takes out the entry that was used least often: [`pop`](Self::pop).
    pub fn pop_lfu(&mut self) -> Option<(K, V)> {
        self.0.pop()
    }
}
