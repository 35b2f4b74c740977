use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::iter::FusedIterator;

use equivalent::Equivalent;

use super::Cache;
use crate::cache::core::{Half, RankingOf, TableOf};
use crate::cache::policy::{Id, NONE, Ordered, Policy};
use crate::cache::{Listener, Weigher};

/// For policies that know of all entries in which order they leave: [`Lru`](crate::cache::policy::Lru),
/// [`Fifo`](crate::cache::policy::Fifo) and [`Lfu`](crate::cache::policy::Lfu), also with a [`Charged`](crate::cache::Charged) budget.
impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy<Ranking: Ordered>,
    W: Weigher<K, V>,
{
    /// The entry that leaves next, which [`pop`](Self::pop) takes out. This is no use of it, and takes constant time.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    /// cache.extend([("a", 1), ("b", 2)]);
    /// assert_eq!(cache.peek_next(), Some((&"a", &1)));
    /// cache.get("a");
    /// assert_eq!(cache.peek_next(), Some((&"b", &2)));
    /// ```
    #[doc(alias = "peek_lru")]
    pub fn peek_next(&self) -> Option<(&K, &V)> {
        self.in_order().next()
    }

    /// The entry that leaves last: the newest, or the one that was used last, or most often. This is no use of it, and takes
    /// constant time.
    #[doc(alias = "peek_mru")]
    pub fn peek_last(&self) -> Option<(&K, &V)> {
        self.in_order().next_back()
    }

    /// The entries in the order in which they leave if nobody uses them any more: the next in front. This is no use of them.
    ///
    /// Each step takes constant time, and reads memory that is not beside that of the step before: [`iter`](Self::iter) is faster
    /// where the order means nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    /// cache.extend([("a", 1), ("b", 2), ("c", 3)]);
    /// cache.get("a");
    /// assert!(cache.in_order().map(|(key, _)| *key).eq(["b", "c", "a"]));
    /// assert!(cache.in_order().rev().map(|(key, _)| *key).eq(["a", "c", "b"])); // from the last used
    /// ```
    pub fn in_order(&self) -> InOrder<'_, K, V, P> {
        let (table, ranking) = self.core.parts();
        InOrder { table, ranking, front: ranking.first(), back: ranking.last(), left: table.len() }
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy<Ranking: Ordered>,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Takes out the entry that [leaves last](Self::peek_last). It counts as removed. Takes constant time.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    /// cache.extend([("a", 1), ("b", 2)]);
    /// assert_eq!(cache.pop_last(), Some(("b", 2)));
    /// ```
    #[doc(alias = "pop_mru")]
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        let (_, ranking) = self.core.parts();
        match ranking.last() {
            NONE => None,
            id => self.remove_id(id),
        }
    }

    /// The entry of a key leaves next from now on, until it is used or another one is put there: whether it is there. How often it was
    /// used is forgotten. This is no use of it, and takes constant time.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    /// cache.extend([("a", 1), ("b", 2)]);
    /// assert!(cache.demote("b") && !cache.demote("x"));
    /// assert_eq!(cache.pop(), Some(("b", 2)));
    /// ```
    pub fn demote<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> bool {
        let half = Half::of(self.cache_hash(key));
        let found = self.core.find(half, |other| key.equivalent(other));
        if let Some(id) = found {
            self.core.with_ranking(id, |ranking, view, _| ranking.demote(view, id));
        }
        found.is_some()
    }
}

/// The entries of a cache in the order in which they leave: see [`Cache::in_order`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct InOrder<'a, K, V, P: Policy> {
    table: &'a TableOf<K, V, P>,
    ranking: &'a RankingOf<P>,
    front: Id,
    back: Id,
    left: usize,
}

impl<'a, K, V, P: Policy<Ranking: Ordered>> Iterator for InOrder<'a, K, V, P> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let id = self.front;
        self.front = self.ranking.after(self.table.node(id));
        self.table.get(id)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V, P: Policy<Ranking: Ordered>> DoubleEndedIterator for InOrder<'_, K, V, P> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let id = self.back;
        self.back = self.ranking.before(self.table.node(id));
        self.table.get(id)
    }
}

impl<K, V, P: Policy<Ranking: Ordered>> ExactSizeIterator for InOrder<'_, K, V, P> {}
impl<K, V, P: Policy<Ranking: Ordered>> FusedIterator for InOrder<'_, K, V, P> {}

impl<K, V, P: Policy> Clone for InOrder<'_, K, V, P> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<K: fmt::Debug, V: fmt::Debug, P: Policy<Ranking: Ordered>> fmt::Debug for InOrder<'_, K, V, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
