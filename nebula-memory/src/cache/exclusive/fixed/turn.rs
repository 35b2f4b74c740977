//! Whose turn it is in a [`FixedCache`], and who goes because the user says so.

use super::{FixedCache, InPlace};
use crate::cache::policy::{Ordered, Policy, Ranking};

impl<K, V, const N: usize, P: InPlace, S> FixedCache<K, V, N, P, S> {
    /// Takes out the entry whose turn it is to leave.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::FixedCache;
    /// let mut cache: FixedCache<_, _, 8> = FixedCache::from_iter([("a", 1), ("b", 2)]);
    /// cache.get("a");
    /// assert_eq!(cache.pop(), Some(("b", 2)));
    /// ```
    pub fn pop(&mut self) -> Option<(K, V)> {
        let id = self.ranking.evict(&mut self.sides, 0)?;
        self.unlink(id)
    }

    /// Keeps the entries of which `keep` says so.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::FixedCache;
    /// let mut cache: FixedCache<_, _, 8> = (0..8).map(|n| (n, n * n)).collect();
    /// cache.retain(|_, square| *square % 2 == 0);
    /// assert_eq!(cache.len(), 4);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for id in (0..).take(N) {
            let entry = self.entries[id as usize].as_mut();
            if entry.is_some_and(|(key, value)| !keep(key, value)) {
                self.ranking.on_remove(&mut self.sides, id);
                drop(self.unlink(id));
            }
        }
    }
}

impl<K, V, const N: usize, P: InPlace + Policy<Ranking: Ordered>, S> FixedCache<K, V, N, P, S> {
    /// The entry that leaves next, without this being a use of it: of [`Lru`](crate::cache::policy::Lru) and
    /// [`Fifo`](crate::cache::policy::Fifo).
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::FixedCache;
    /// let mut cache: FixedCache<_, _, 8> = FixedCache::from_iter([("a", 1), ("b", 2)]);
    /// cache.get("a");
    /// assert_eq!(cache.peek_next(), Some((&"b", &2)));
    /// ```
    #[doc(alias = "peek_lru")]
    pub fn peek_next(&self) -> Option<(&K, &V)> {
        let entry = self.entries.get(self.ranking.first() as usize)?;
        entry.as_ref().map(|(key, value)| (key, value))
    }
}
