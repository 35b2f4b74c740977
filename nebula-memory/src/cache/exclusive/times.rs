use core::hash::{BuildHasher, Hash};
use core::time::Duration;

use equivalent::Equivalent;

use super::Cache;
use super::insert::before;
use super::rest::FirstPanic;
use crate::cache::core::{Core, Half, WatchOf};
use crate::cache::policy::{Lives, Policy, Watch};
use crate::cache::{Listener, Weigher};

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy<Ranking: Lives>,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// As [`insert`](Self::insert), for a value that lives as long as `life`, whatever others do.
    ///
    /// For policies with [`PerEntryTtl`](crate::cache::expiry::PerEntryTtl). One that lives for no time is never served.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl};
    /// use nebula_memory::cache::{Cache, policy::Lru};
    ///
    /// let clock = ManualClock::new();
    /// let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    /// let mut cache = Cache::builder().capacity(100).policy(policy).build();
    /// cache.insert_for("token", 17, Duration::from_secs(60));
    ///
    /// clock.advance(Duration::from_secs(59));
    /// assert_eq!(cache.get("token"), Some(&17));
    /// clock.advance(Duration::from_secs(1));
    /// assert_eq!(cache.get("token"), None);
    /// ```
    pub fn insert_for(&mut self, key: K, value: V, life: Duration) -> Option<V> {
        let hash = self.cache_hash(&key);
        let begin = |core: &mut Core<K, V, P, W>, id| {
            core.with_ranking(id, |ranking, view, note| ranking.live_for(view, id, note, life));
        };
        before(self.put(hash, key, value, drop, begin))
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// How long the value of a key may still be served, if it is there and nobody does anything; [`Duration::MAX`] if nothing but
    /// want of room ends it. This is no use of it.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nebula_memory::cache::Cache;
    /// use nebula_memory::cache::expiry::{ManualClock, Ttl};
    /// use nebula_memory::cache::policy::Lru;
    ///
    /// let clock = ManualClock::new();
    /// let policy = Ttl::new(Lru, Duration::from_secs(60)).with_clock(clock.clone());
    /// let mut cache = Cache::builder().capacity(100).policy(policy).build();
    /// cache.insert("token", 17);
    /// clock.advance(Duration::from_secs(20));
    /// assert_eq!(cache.time_left("token"), Some(Duration::from_secs(40)));
    /// ```
    pub fn time_left<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<Duration> {
        let half = Half::of(self.cache_hash(key));
        let id = self.core.find(half, |other| key.equivalent(other))?;
        Some(self.core.time_left(id)).filter(|left| !left.is_zero())
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L: Listener<K, V>> Cache<K, V, P, S, W, L> {
    /// Removes all entries whose time is over, and says how many. Looks at each entry.
    ///
    /// Nobody has to call this: they are not served, they leave before others do, and each insertion puts a few away. It is for
    /// those who want their memory, or want to be told, at a certain time.
    pub fn remove_expired(&mut self) -> usize {
        let before = self.len();
        self.put_expired_away(&mut FirstPanic::default());
        before - self.len()
    }

    /// The same, whatever panics on the way, unless the clock does.
    pub(super) fn put_expired_away(&mut self, first: &mut FirstPanic) {
        if WatchOf::<P>::EXPIRES {
            for id in self.core.ids() {
                if self.core.is_over(id) {
                    first.run(|| self.drop_expired(id));
                }
            }
        }
    }
}
