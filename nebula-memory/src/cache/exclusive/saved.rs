use alloc_crate::vec::Vec;
use core::hash::{BuildHasher, Hash};
use core::time::Duration;

use super::Cache;
use crate::cache::choice::{Choice, Chosen};
use crate::cache::core::Half;
use crate::cache::policy::{Policy, Ranking};
use crate::cache::{Listener, Saved, Snapshot, Weigher};

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy<Ranking: Clone>,
    W: Weigher<K, V>,
{
    /// What is in the cache, in the order in which it would leave if nobody used it any more; what cannot leave comes last. What
    /// has expired is not in it.
    ///
    /// Takes time and memory in proportion to the number of entries, and changes nothing in the cache. Not for policies with a
    /// [`Charged`](crate::cache::Charged) budget: what is paid for cannot be tried out.
    pub fn to_snapshot(&self) -> Snapshot<&K, &V> {
        let entries = self.core.order().filter_map(|id| {
            let (key, value) = self.core.get(id)?;
            let remaining = Some(self.core.time_left(id)).filter(|left| *left < Duration::MAX);
            (remaining != Some(Duration::ZERO)).then(|| Saved {
                weight: self.core.weight(id),
                remaining,
                ..Saved::new(key, value)
            })
        });
        entries.collect()
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Puts entries of a snapshot in, in their order, and says how many.
    ///
    /// They take the room that there is, those that leave last first: nothing leaves for them but what has expired (and what has to
    /// for a budget). What a key has in the cache stays, as it is newer. They are weighed anew. In a cache whose entries expire
    /// they live as long as they had left, if that is less than a new one would.
    pub fn restore(&mut self, snapshot: Snapshot<K, V>) -> usize {
        self.remove_expired();
        let mut free = self.core.capacity().saturating_sub(self.core.used());
        let mut chosen = Choice::new();
        for saved in snapshot.into_iter().collect::<Vec<_>>().into_iter().rev() {
            let hash = self.cache_hash(&saved.key);
            let weight = self.weigher.weigh(&saved.key, &saved.value).max(1);
            let is_over = saved.remaining == Some(Duration::ZERO);
            if is_over
                || u64::from(weight) > free
                || chosen.has(hash, &saved.key)
                || self.core.find(Half::of(hash), |other| *other == saved.key).is_some()
            {
                continue;
            }
            free -= u64::from(weight);
            chosen.add(hash, weight, saved);
        }

        let before = self.len();
        for Chosen { hash, weight, saved, .. } in chosen.in_order() {
            let admitted = self.admit(Half::of(hash), saved.key, saved.value, weight, drop, |_, _| {});
            let Ok(id) = admitted else { continue };
            if let Some(life) = saved.remaining {
                self.core.with_ranking(id, |ranking, view, note| ranking.limit_life(view, id, note, life));
            }
        }
        self.len().saturating_sub(before)
    }
}
