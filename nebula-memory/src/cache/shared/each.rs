//! All entries, one after the other.

use core::hash::{BuildHasher, Hash};
use std::vec::Vec;

use super::cache::SharedCache;
use super::shard::{FoundIn, Shard};
use crate::cache::listener::Listener;
use crate::cache::policy::{Id, Policy, Watch};
use crate::cache::weight::Weigher;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Calls `look` with each entry, in no order. No lock is held meanwhile; no hit is counted.
    ///
    /// What is there all the time, and gets no other value, is seen once. What comes in or goes meanwhile may be seen, or not; a key
    /// that gets another value is mostly seen once.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert_many([("a", 1), ("b", 2)]);
    /// let mut sum = 0;
    /// cache.for_each(|_, value| sum += value);
    /// assert_eq!(sum, 3);
    /// ```
    pub fn for_each(&self, mut look: impl FnMut(&K, &V)) {
        self.each(|_, found| look(&found.contents().key, &found.contents().value));
    }

    /// Clones of all entries, in no order: each as it was at some moment.
    #[must_use]
    pub fn snapshot(&self) -> Vec<(K, V)>
    where
        K: Clone,
        V: Clone,
    {
        let mut all = Vec::with_capacity(self.len());
        self.for_each(|key, value| all.push((key.clone(), value.clone())));
        all
    }

    /// Takes out the entries of which `keep` says no. One that comes in meanwhile is kept, asked or not.
    pub fn retain(&self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.each(|shard, found| {
            let contents = found.contents();
            if !keep(&contents.key, &contents.value) {
                self.take_this(shard, &found);
            }
        });
    }

    /// Takes out the entries of which `is_invalid` says yes: how many.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert_many([("user:1", 1), ("user:2", 2), ("page:1", 3)]);
    /// assert_eq!(cache.invalidate_if(|key, _| key.starts_with("user:")), 2);
    /// assert_eq!(cache.snapshot(), [("page:1", 3)]);
    /// ```
    pub fn invalidate_if(&self, mut is_invalid: impl FnMut(&K, &V) -> bool) -> usize {
        let mut count = 0;
        self.each(|shard, found| {
            let contents = found.contents();
            if is_invalid(&contents.key, &contents.value) {
                count += usize::from(self.take_this(shard, &found));
            }
        });
        count
    }

    fn each<'a>(
        &'a self,
        mut look: impl FnMut(&'a Shard<K, V, P::Ranking, W>, FoundIn<'a, K, V, P::Ranking>),
    ) {
        self.each_or_over(|shard, found| {
            if shard.watch.is_live(&found.contents().note) {
                look(shard, found);
            }
        });
    }

    /// Calls `look` also with those whose time is over.
    pub(super) fn each_or_over<'a>(
        &'a self,
        mut look: impl FnMut(&'a Shard<K, V, P::Ranking, W>, FoundIn<'a, K, V, P::Ranking>),
    ) {
        for shard in &self.shards {
            for entry in 0..Id::MAX {
                let books = shard.open();
                if books.entries.len() <= entry as usize {
                    break;
                }
                let found = shard.hold_entry(&books, entry);
                drop(books);
                if let Some(found) = found {
                    look(shard, found);
                }
            }
        }
    }
}
