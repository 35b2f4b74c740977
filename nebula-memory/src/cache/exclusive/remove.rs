use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::Cache;
use crate::cache::after::after;
use crate::cache::core::Half;
use crate::cache::policy::{Id, Policy};
use crate::cache::table::Slot;
use crate::cache::{Cause, Listener, Weigher};

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Takes the value of a key out.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("a", 1);
    /// assert_eq!(cache.remove("a"), Some(1));
    /// assert_eq!(cache.remove("a"), None);
    /// ```
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
        self.remove_entry(key).map(|(key, value)| after(key, value))
    }

    /// Takes an entry out.
    pub fn remove_entry<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<(K, V)> {
        let half = Half::of(self.cache_hash(key));
        let id = self.core.find(half, |other| key.equivalent(other))?;
        if !self.core.is_live(id) {
            self.drop_expired(id);
            return None;
        }
        self.remove_id(id)
    }

    /// Takes out what was found.
    pub(super) fn remove_id(&mut self, id: Id) -> Option<(K, V)> {
        let (key, value) = self.core.remove(id)?;
        self.tell(&key, &value, Cause::Removed);
        Some((key, value))
    }

    /// Takes everything out. What was counted stays.
    pub fn clear(&mut self) {
        if L::LISTENS {
            self.remove_expired();
        }
        let table = self.core.clear();
        if L::LISTENS {
            for (key, value) in table.slots().filter_map(Slot::get) {
                self.listener.left(key, value, Cause::Removed);
            }
        }
        self.core.reuse(table);
    }

    /// Keeps the entries of which `keep` says so.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.extend((0..10).map(|n| (n, n * n)));
    /// cache.retain(|_, square| *square % 2 == 0);
    /// assert_eq!(cache.len(), 5);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        for id in self.core.ids() {
            if self.core.is_over(id) {
                self.drop_expired(id);
            } else if self.core.get_mut(id).is_some_and(|(key, value)| !keep(key, value)) {
                drop(self.remove_id(id));
            }
        }
    }

    /// Removes the entries of which `is_invalid` says so, and says how many.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.insert("user:1", 1);
    /// cache.insert("user:2", 2);
    /// cache.insert("page:1", 3);
    /// assert_eq!(cache.invalidate_if(|key, _| key.starts_with("user:")), 2);
    /// ```
    pub fn invalidate_if(&mut self, mut is_invalid: impl FnMut(&K, &V) -> bool) -> usize {
        let before = self.len();
        self.retain(|key, value| !is_invalid(key, value));
        before - self.len()
    }

    /// Another capacity. Entries leave until the rest fits, by the policy.
    ///
    /// Entries that cannot leave, as they are pinned, may weigh more than the new capacity together: then nothing comes in until
    /// they are less.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// cache.extend((0..10).map(|n| (n, n)));
    /// cache.resize(4);
    /// assert_eq!(cache.len(), 4);
    /// ```
    pub fn resize(&mut self, capacity: usize) {
        // In this order, so that a panic on the way leaves no more than the capacity, which is the old one then.
        self.shrink(capacity as u64);
        self.core.resize(capacity as u64);
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L: Listener<K, V>> Cache<K, V, P, S, W, L> {
    /// Lets entries leave until what is there is no more than that, as far as they can: first what is over.
    pub(super) fn shrink(&mut self, capacity: u64) {
        while self.core.used() > capacity {
            let expired = self.core.expire().map(|(key, value)| (key, value, true));
            let Some((key, value, expired)) = expired.or_else(|| self.core.evict(Half(0))) else { break };
            self.counts.evictions += 1;
            self.tell(&key, &value, if expired { Cause::Expired } else { Cause::Capacity });
        }
    }
}
