use core::fmt;
use core::hash::{BuildHasher, Hash};

use super::Cache;
use crate::cache::policy::Policy;
use crate::cache::{Listener, Weigher};

/// What there is and how full it is, then the entries.
impl<K: fmt::Debug, V: fmt::Debug, P: Policy, S, W: Weigher<K, V>, L> fmt::Debug for Cache<K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        struct Entries<I>(I);
        impl<K: fmt::Debug, V: fmt::Debug, I: Iterator<Item = (K, V)> + Clone> fmt::Debug for Entries<I> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_map().entries(self.0.clone()).finish()
            }
        }
        f.debug_struct("Cache")
            .field("policy", &self.policy)
            .field("len", &self.len())
            .field("weight", &self.weight())
            .field("capacity", &self.capacity())
            .field("entries", &Entries(self.iter()))
            .finish_non_exhaustive()
    }
}

/// The same entries in the same order, and what was counted.
impl<K, V, P, S, W, L> Clone for Cache<K, V, P, S, W, L>
where
    K: Clone,
    V: Clone,
    P: Policy<Ranking: Clone>,
    S: Clone,
    W: Weigher<K, V> + Clone,
    L: Clone,
{
    fn clone(&self) -> Self {
        Self {
            core: self.core.duplicate(),
            policy: self.policy.clone(),
            hasher: self.hasher.clone(),
            weigher: self.weigher.clone(),
            listener: self.listener.clone(),
            counts: self.counts,
        }
    }
}

/// Inserts one after the other.
impl<K, V, P, S, W, L> Extend<(K, V)> for Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        self.insert_many(entries);
    }
}

impl<'a, K, V, P: Policy, S, W: Weigher<K, V>, L> IntoIterator for &'a Cache<K, V, P, S, W, L> {
    type Item = (&'a K, &'a V);
    type IntoIter = super::Iter<'a, K, V, P>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, K, V, P: Policy, S, W: Weigher<K, V>, L> IntoIterator for &'a mut Cache<K, V, P, S, W, L> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = super::IterMut<'a, K, V, P>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
