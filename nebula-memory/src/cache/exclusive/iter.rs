use core::fmt;
use core::iter::FusedIterator;
use core::slice;

use super::Cache;
use crate::cache::core::{NodeOf, NoteOf, SlabOf, WatchOf};
use crate::cache::policy::{Id, Policy, Watch};
use crate::cache::slab::Slot;
use crate::cache::{Cause, Listener, Weigher};

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
        Iter { slots: self.core.slab.slots().iter(), watch: self.core.watch() }
    }

    /// The entries, their values to be changed. What they weigh is not asked again.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V, P> {
        let (slots, watch) = self.core.slots_mut();
        IterMut { slots: slots.iter_mut(), watch }
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
    pub fn drain(&mut self) -> Drain<'_, K, V, P, W, L> {
        self.remove_expired();
        let slab = self.core.clear();
        Drain { next: 0, slab, listener: &self.listener }
    }
}

/// The entries of a cache: see [`Cache::iter`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct Iter<'a, K, V, P: Policy> {
    slots: slice::Iter<'a, Slot<K, V, NodeOf<P>, NoteOf<P>>>,
    watch: &'a WatchOf<P>,
}

impl<'a, K, V, P: Policy> Iterator for Iter<'a, K, V, P> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let (_, key, value) =
            self.slots.by_ref().filter_map(Slot::get).find(|(note, ..)| self.watch.is_live(note))?;
        Some((key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.slots.len()))
    }
}

impl<K, V, P: Policy> FusedIterator for Iter<'_, K, V, P> {}

impl<K, V, P: Policy> Clone for Iter<'_, K, V, P> {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), watch: self.watch }
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
    slots: slice::IterMut<'a, Slot<K, V, NodeOf<P>, NoteOf<P>>>,
    watch: &'a WatchOf<P>,
}

impl<'a, K, V, P: Policy> Iterator for IterMut<'a, K, V, P> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        let (_, key, value) =
            self.slots.by_ref().filter_map(Slot::get_mut).find(|(note, ..)| self.watch.is_live(note))?;
        Some((key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.slots.len()))
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
pub struct Drain<'a, K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> {
    next: Id,
    slab: SlabOf<K, V, P, W>,
    listener: &'a L,
}

impl<K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> Iterator for Drain<'_, K, V, P, W, L> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        while self.next < self.slab.ids().end {
            let id = self.next;
            self.next += 1;
            if let Some((key, value)) = self.slab.take(id) {
                if L::LISTENS {
                    self.listener.left(&key, &value, Cause::Removed);
                }
                return Some((key, value));
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.slab.len(), Some(self.slab.len()))
    }
}

impl<K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> ExactSizeIterator for Drain<'_, K, V, P, W, L> {}
impl<K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> FusedIterator for Drain<'_, K, V, P, W, L> {}

impl<K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> Drop for Drain<'_, K, V, P, W, L> {
    fn drop(&mut self) {
        if L::LISTENS {
            self.for_each(drop);
        }
    }
}

impl<K, V, P: Policy, W: Weigher<K, V>, L: Listener<K, V>> fmt::Debug for Drain<'_, K, V, P, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drain").field("left", &self.slab.len()).finish_non_exhaustive()
    }
}
