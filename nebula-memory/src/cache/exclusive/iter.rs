use core::fmt;
use core::iter::FusedIterator;
use core::slice;

use super::Cache;
use super::rest::{FirstPanic, Rest};
use crate::cache::after::after;
use crate::cache::core::{NodeOf, SlotOf};
use crate::cache::entries::Entries;
use crate::cache::policy::Policy;
use crate::cache::table::Slot;
use crate::cache::{Listener, Weigher};

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> Cache<K, V, P, S, W, L> {
    /// The entries, in no order that means anything. This is no use of them.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("a", 1);
    /// cache.insert("b", 2);
    /// assert_eq!(cache.iter().map(|(_, n)| n).sum::<i32>(), 3);
    /// ```
    pub fn iter(&self) -> Iter<'_, K, V, P> {
        Iter { entries: self.core.entries() }
    }

    /// The entries, their values to be changed. What they weigh is not asked again.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V, P> {
        IterMut { entries: self.core.entries_mut() }
    }

    /// The keys, in no order that means anything.
    pub fn keys(&self) -> impl FusedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in no order that means anything.
    pub fn values(&self) -> impl FusedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L: Listener<K, V>> Cache<K, V, P, S, W, L> {
    /// Takes everything out, and gives it one by one. The cache is empty at once, whatever becomes of the iterator.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("a", 1);
    /// assert!(cache.drain().eq([("a", 1)]));
    /// assert!(cache.is_empty());
    /// ```
    pub fn drain(&mut self) -> Drain<'_, K, V, P, L> {
        // If it panics, the rest goes with it, and the listener is told.
        let mut first = FirstPanic::default();
        self.put_expired_away(&mut first);
        let rest = Rest::new(self.core.clear());
        after(first, Drain { rest, listener: &self.listener })
    }
}

/// The entries of a cache: see [`Cache::iter`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct Iter<'a, K, V, P: Policy> {
    entries: Entries<'a, slice::Iter<'a, SlotOf<K, V, P>>, P>,
}

impl<'a, K, V, P: Policy> Iterator for Iter<'a, K, V, P> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next(Slot::get)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl<K, V, P: Policy> FusedIterator for Iter<'_, K, V, P> {}

impl<K, V, P: Policy> Clone for Iter<'_, K, V, P> {
    fn clone(&self) -> Self {
        Self { entries: self.entries.clone() }
    }
}

impl<K: fmt::Debug, V: fmt::Debug, P: Policy> fmt::Debug for Iter<'_, K, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// The entries of a cache, to be changed: see [`Cache::iter_mut`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct IterMut<'a, K, V, P: Policy> {
    entries: Entries<'a, slice::IterMut<'a, SlotOf<K, V, P>>, P>,
}

impl<'a, K, V, P: Policy> Iterator for IterMut<'a, K, V, P> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next(Slot::get_mut)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl<K, V, P: Policy> FusedIterator for IterMut<'_, K, V, P> {}

impl<K, V, P: Policy> fmt::Debug for IterMut<'_, K, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IterMut").finish_non_exhaustive()
    }
}

/// What was in a cache: see [`Cache::drain`]. What is not asked for is dropped with it.
#[must_use = "what was in the cache is dropped with this"]
pub struct Drain<'a, K, V, P: Policy, L: Listener<K, V>> {
    rest: Rest<K, V, NodeOf<P>>,
    listener: &'a L,
}

impl<K, V, P: Policy, L: Listener<K, V>> Iterator for Drain<'_, K, V, P, L> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        self.rest.next(self.listener)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len(), Some(self.rest.len()))
    }
}

impl<K, V, P: Policy, L: Listener<K, V>> ExactSizeIterator for Drain<'_, K, V, P, L> {}
impl<K, V, P: Policy, L: Listener<K, V>> FusedIterator for Drain<'_, K, V, P, L> {}

impl<K, V, P: Policy, L: Listener<K, V>> Drop for Drain<'_, K, V, P, L> {
    fn drop(&mut self) {
        self.rest.tell(self.listener, &mut FirstPanic::default());
    }
}

impl<K, V, P: Policy, L: Listener<K, V>> fmt::Debug for Drain<'_, K, V, P, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain").field("left", &self.rest.len()).finish_non_exhaustive()
    }
}

/// What was in a cache that is no more: see [`Cache::into_iter`]. What is not asked for is dropped with it.
#[must_use = "what was in the cache is dropped with this"]
pub struct IntoIter<K, V, P: Policy, L: Listener<K, V>> {
    rest: Rest<K, V, NodeOf<P>>,
    listener: L,
}

impl<K, V, P: Policy, L: Listener<K, V>> Iterator for IntoIter<K, V, P, L> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        self.rest.next(&self.listener)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len(), Some(self.rest.len()))
    }
}

impl<K, V, P: Policy, L: Listener<K, V>> ExactSizeIterator for IntoIter<K, V, P, L> {}
impl<K, V, P: Policy, L: Listener<K, V>> FusedIterator for IntoIter<K, V, P, L> {}

impl<K, V, P: Policy, L: Listener<K, V>> Drop for IntoIter<K, V, P, L> {
    fn drop(&mut self) {
        self.rest.tell(&self.listener, &mut FirstPanic::default());
    }
}

impl<K, V, P: Policy, L: Listener<K, V>> fmt::Debug for IntoIter<K, V, P, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntoIter").field("left", &self.rest.len()).finish_non_exhaustive()
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L: Listener<K, V>> IntoIterator for Cache<K, V, P, S, W, L> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V, P, L>;

    /// The entries, in no order that means anything; the listener is told of each, as [`drain`](Cache::drain) does.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.extend([("a".to_string(), 1), ("b".to_string(), 2)]);
    /// let mut entries: Vec<(String, i32)> = cache.into_iter().collect();
    /// entries.sort();
    /// assert_eq!(entries[1], ("b".to_string(), 2));
    /// ```
    fn into_iter(mut self) -> Self::IntoIter {
        let mut first = FirstPanic::default();
        self.put_expired_away(&mut first);
        let rest = Rest::new(self.core.clear());
        after(first, IntoIter { rest, listener: self.listener })
    }
}
