use core::hash::{BuildHasher, Hash};
use core::iter::FusedIterator;

use equivalent::Equivalent;

use crate::cache::policy::{Lfu, Lru};
use crate::cache::{
    Cache, CacheStats, DefaultHashBuilder, InOrder, IntoIter, Iter, IterMut, NoListener, Refused,
};

macro_rules! by_use {
    ($(#[$docs:meta])* $name:ident, $policy:ident, $victim:literal) => {
        $(#[$docs])*
        #[derive(Clone, Debug)]
        pub struct $name<K, V, S = DefaultHashBuilder>(pub(super) Cache<K, V, $policy, S>);

        impl<K, V> $name<K, V> {
            /// A cache for so many entries.
            ///
            /// # Panics
            ///
            /// If the capacity is 2³⁰ or more.
            #[must_use]
            pub fn new(capacity: usize) -> Self {
                Self(Cache::builder().capacity(capacity).policy($policy).build())
            }
        }

        impl<K, V, S> $name<K, V, S> {
            /// A cache for so many entries whose keys are hashed with `hasher`.
            ///
            /// # Panics
            ///
            /// If the capacity is 2³⁰ or more.
            #[must_use]
            pub fn with_hasher(capacity: usize, hasher: S) -> Self {
                Self(Cache::builder().capacity(capacity).policy($policy).hasher(hasher).build())
            }

            /// How many entries there are.
            pub fn len(&self) -> usize {
                self.0.len()
            }

            /// Whether there are none.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// How many there may be.
            pub fn capacity(&self) -> usize {
                self.0.capacity()
            }

            /// Hits, misses, and how full the cache is. Exact.
            pub fn stats(&self) -> CacheStats {
                self.0.stats()
            }

            /// All entries in the order in which they leave if nobody uses them any more, the next in front; `rev` is the other way
            /// round. This is no use of them.
            pub fn in_order(&self) -> InOrder<'_, K, V, $policy> {
                self.0.in_order()
            }

            /// All entries, in no particular order, which is faster.
            pub fn iter(&self) -> Iter<'_, K, V, $policy> {
                self.0.iter()
            }

            /// All entries, in no particular order, their values to be changed.
            pub fn iter_mut(&mut self) -> IterMut<'_, K, V, $policy> {
                self.0.iter_mut()
            }

            /// All keys, in no particular order.
            pub fn keys(&self) -> impl FusedIterator<Item = &K> + Clone {
                self.0.keys()
            }

            /// All values, in no particular order.
            pub fn values(&self) -> impl FusedIterator<Item = &V> + Clone {
                self.0.values()
            }

            #[doc = concat!("Takes out ", $victim, ".")]
            pub fn pop(&mut self) -> Option<(K, V)> {
                self.0.pop()
            }

            /// The same as a [`Cache`], which can do more.
            pub fn as_cache(&mut self) -> &mut Cache<K, V, $policy, S> {
                &mut self.0
            }

            /// The same as a [`Cache`], which can do more.
            pub fn into_cache(self) -> Cache<K, V, $policy, S> {
                self.0
            }
        }

        impl<K, V, S: BuildHasher> $name<K, V, S> {
            /// The value of a key, and a use of it.
            #[inline]
            pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&V> {
                self.0.get(key)
            }

            /// The value of a key, to be changed, and a use of it.
            #[inline]
            pub fn get_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
                self.0.get_mut(key)
            }

            /// The value of a key, which is no use of it.
            #[inline]
            pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<&V> {
                self.0.peek(key)
            }

            /// The value of a key, to be changed, which is no use of it.
            pub fn peek_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
                self.0.peek_mut(key)
            }

            /// The key that is in the cache, and its value, and a use of them.
            pub fn get_key_value<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<(&K, &V)> {
                self.0.get_key_value(key)
            }

            /// Whether a key is there, which is no use of it.
            #[inline]
            pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
                self.0.contains(key)
            }

            #[doc = concat!("Puts a value in, and gives the one that its key had. If there is no room, ", $victim, " leaves.")]
            #[inline]
            pub fn put(&mut self, key: K, value: V) -> Option<V>
            where
                K: Hash + Eq,
            {
                self.0.insert(key, value)
            }

            #[doc = concat!("Puts a value in, and gives what is not in the cache any more: the old value with the key that is left over, ")]
            #[doc = concat!("or ", $victim, ", if it had to leave. A cache of capacity 0 gives back what was put in.")]
            pub fn push(&mut self, key: K, value: V) -> Option<(K, V)>
            where
                K: Hash + Eq,
            {
                self.0.push(key, value)
            }

            /// The value of a key, and a use of it; what `make` gives, if there is none, is put in.
            ///
            /// # Errors
            ///
            /// The new entry comes back from a cache of capacity 0.
            pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> Result<&mut V, Refused<K, V>>
            where
                K: Hash + Eq,
            {
                self.0.get_or_insert_with(key, make)
            }

            /// Keeps the entries of which `keep` says so.
            pub fn retain(&mut self, keep: impl FnMut(&K, &mut V) -> bool) {
                self.0.retain(keep);
            }

            /// Takes everything out.
            pub fn clear(&mut self) {
                self.0.clear();
            }

            /// Another capacity; what is too much leaves.
            pub fn resize(&mut self, capacity: usize) {
                self.0.resize(capacity);
            }

            /// Takes the value of a key out.
            pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
                self.0.remove(key)
            }

            /// Takes the entry of a key out.
            #[doc(alias = "pop_entry")]
            pub fn remove_entry<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<(K, V)> {
                self.0.remove_entry(key)
            }
        }

        impl<K, V> From<$name<K, V>> for Cache<K, V, $policy> {
            fn from(cache: $name<K, V>) -> Self {
                cache.0
            }
        }

        impl<'c, K, V, S> IntoIterator for &'c $name<K, V, S> {
            type Item = (&'c K, &'c V);
            type IntoIter = Iter<'c, K, V, $policy>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter()
            }
        }

        impl<'c, K, V, S> IntoIterator for &'c mut $name<K, V, S> {
            type Item = (&'c K, &'c mut V);
            type IntoIter = IterMut<'c, K, V, $policy>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.iter_mut()
            }
        }

        impl<K, V, S> IntoIterator for $name<K, V, S> {
            type Item = (K, V);
            type IntoIter = IntoIter<K, V, $policy, NoListener>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }

        impl<K: Hash + Eq, V, S: BuildHasher> Extend<(K, V)> for $name<K, V, S> {
            fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
                self.0.extend(entries);
            }
        }
    };
}

by_use! {
    /// A cache from which the least recently used entry leaves when there is no room: a [`Cache`] with [`Lru`].
    ///
    /// ```
    /// use nebula_memory::cache::LruCache;
    ///
    /// let mut cache = LruCache::new(2);
    /// cache.put("a", 1);
    /// cache.put("b", 2);
    /// assert_eq!(cache.get("a"), Some(&1));
    /// cache.put("c", 3);
    /// assert_eq!(cache.get("b"), None);
    /// assert_eq!(cache.remove("a"), Some(1));
    /// ```
    LruCache, Lru, "the entry that was used least recently"
}

by_use! {
    /// A cache from which the least frequently used entry leaves when there is no room, of several the one that was not used for
    /// longest: a [`Cache`] with [`Lfu`].
    ///
    /// ```
    /// use nebula_memory::cache::LfuCache;
    ///
    /// let mut cache = LfuCache::new(2);
    /// cache.put("often", 1);
    /// cache.get("often");
    /// cache.put("once", 2);
    /// cache.put("new", 3);
    /// assert_eq!(cache.get("often"), Some(&1));
    /// assert_eq!(cache.get("once"), None);
    /// ```
    LfuCache, Lfu, "the entry that was used least often"
}
