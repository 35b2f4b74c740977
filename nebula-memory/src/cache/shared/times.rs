//! Entries with a time of their own, and what is over.

use core::hash::{BuildHasher, Hash};
use core::time::Duration;

use equivalent::Equivalent;

use super::cache::SharedCache;
use super::then::For;
use crate::cache::listener::Listener;
use crate::cache::policy::{Lives, Policy, Ranking, Watch};
use crate::cache::weight::Weigher;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
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
    /// use nebula_memory::cache::{Cache, policy::S3Fifo};
    ///
    /// let clock = ManualClock::new();
    /// let policy = PerEntryTtl::new(S3Fifo).with_clock(clock.clone());
    /// let cache = Cache::builder().capacity(100).policy(policy).build_shared();
    /// cache.insert_for("token", 17, Duration::from_secs(60));
    ///
    /// clock.advance(Duration::from_secs(59));
    /// assert_eq!(cache.get("token"), Some(17));
    /// clock.advance(Duration::from_secs(1));
    /// assert_eq!(cache.get("token"), None);
    /// ```
    pub fn insert_for(&self, key: K, value: V, life: Duration) {
        let _ = self.put_then(key, value, For(life));
    }
}

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// How long the value of `key` may still be served, if it is there and nobody does anything; [`Duration::MAX`] if nothing but
    /// want of room ends it. This is no use of it.
    pub fn time_left<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<Duration> {
        let (shard, half) = self.place(self.cache_hash(key));
        let found = shard.find(half, shard.hold(), |other| key.equivalent(other))?;
        Some(shard.watch.time_left(&found.contents().note)).filter(|left| !left.is_zero())
    }

    /// Removes all entries whose time is over, and says how many. Looks at each entry.
    ///
    /// Nobody has to call this: they are not served, they leave before others do, and each insertion puts a few away. It is for
    /// those who want their memory, or want to be told, at a certain time.
    pub fn remove_expired(&self) -> usize {
        let mut count = 0;
        if <P::Ranking as Ranking>::Watch::EXPIRES {
            self.each_or_over(|shard, found| {
                let is_over = !shard.watch.is_live(&found.contents().note);
                count += usize::from(is_over && self.take_this(shard, &found));
            });
        }
        count
    }
}
