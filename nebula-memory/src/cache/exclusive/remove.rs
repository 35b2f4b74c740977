use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::Cache;
use super::leaving::Leaving;
use super::rest::{FirstPanic, Rest};
use crate::cache::after::after;
use crate::cache::core::{Half, WatchOf};
use crate::cache::policy::{Id, Policy, Watch};
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
        let mut first = FirstPanic::default();
        if L::LISTENS {
            self.put_expired_away(&mut first);
        }
        let mut rest = Rest::new(self.core.clear());
        rest.tell(&self.listener, &mut first);
        self.core.reuse(rest.into_table());
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
            if self.expire().is_none() && self.evict(Half(0), Cause::Capacity).is_none() {
                break;
            }
        }
    }

    /// Takes out an entry whose time is over, if one is found.
    #[inline]
    pub(super) fn expire(&mut self) -> Option<(K, V)> {
        let (key, value) = self.core.expire()?;
        self.counts.evictions += 1;
        self.tell(&key, &value, Cause::Expired);
        Some((key, value))
    }

    /// Takes out the entry whose turn it is, for `cause` unless its time was over: whether it was. `None` if none can leave.
    #[inline(always)]
    pub(super) fn evict(&mut self, incoming: Half, cause: Cause) -> Option<(K, V, bool)> {
        let (key, value, id) = self.core.evict(incoming)?;
        self.counts.evictions += u64::from(cause.is_eviction());
        if !WatchOf::<P>::EXPIRES {
            self.tell(&key, &value, cause);
            return Some((key, value, false));
        }
        let (key, value, expired) = if cause == Cause::Capacity {
            // For the room of others: it was asked just now who is over.
            (key, value, self.core.was_over(id))
        } else {
            let leaving = Leaving::new(&self.listener, cause, key, value);
            let expired = !self.core.is_live(id);
            let (key, value) = leaving.done()?;
            (key, value, expired)
        };
        self.counts.evictions += u64::from(expired && !cause.is_eviction());
        self.tell(&key, &value, if expired { Cause::Expired } else { cause });
        Some((key, value, expired))
    }
}
