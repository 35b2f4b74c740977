use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::Cache;
use crate::cache::core::{Half, RankingOf};
use crate::cache::policy::{Id, Pins, Policy};
use crate::cache::{Listener, Weigher};

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy<Ranking: Pins>,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Keeps the entry of a key until it is [unpinned](Self::unpin) or removed; whether it is there.
    ///
    /// For policies with [`Pinnable`](crate::cache::Pinnable). An entry is pinned or not: pinned twice, it is unpinned at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, Pinnable, policy::Lru};
    ///
    /// let mut cache = Cache::builder().capacity(2).policy(Pinnable::new(Lru)).build();
    /// cache.insert("config", 0);
    /// cache.pin("config");
    /// cache.extend([("a", 1), ("b", 2), ("c", 3)]);
    /// assert!(cache.contains("config") && cache.contains("c"));
    ///
    /// cache.pin("c");
    /// let refused = cache.try_insert("d", 4).unwrap_err();
    /// assert_eq!((refused.key, refused.value), ("d", 4));
    /// ```
    pub fn pin<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> bool {
        let Some(id) = self.there(key) else { return false };
        self.core.with_ranking(id, |ranking, view, _| ranking.pin(view, id));
        true
    }

    /// Lets the entry of a key leave again when it is its turn, as one that has just come in; whether it was pinned.
    pub fn unpin<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> bool {
        let Some(id) = self.there(key) else { return false };
        let was_pinned = self.core.with_ranking(id, |ranking, view, note| ranking.unpin(view, id, note));
        // There may be more than the capacity, if it was another one when this was pinned.
        self.shrink(self.core.capacity());
        was_pinned
    }

    /// Whether the entry of a key is there and pinned.
    pub fn is_pinned<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.there(key).is_some_and(|id| RankingOf::<P>::is_pinned(self.core.node(id)))
    }

    fn there<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<Id> {
        let half = Half::of(self.cache_hash(key));
        let id = self.core.find(half, |other| key.equivalent(other))?;
        self.core.is_live(id).then_some(id)
    }
}
