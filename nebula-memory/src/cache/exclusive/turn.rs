use crate::cache::core::Half;
use crate::cache::policy::Policy;
use crate::cache::{Cache, Cause, Listener, Weigher};

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    P: Policy,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Takes out the entry whose turn it is to leave. It counts as removed, not as evicted.
    ///
    /// `None` if there are no entries, or none can leave, as all are pinned. Those whose time is over are not given out.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    /// cache.insert("a", 1);
    /// cache.insert("b", 2);
    /// cache.get("a");
    /// assert_eq!(cache.pop(), Some(("b", 2)));
    /// ```
    pub fn pop(&mut self) -> Option<(K, V)> {
        loop {
            let (key, value, expired) = self.evict(Half(0), Cause::Removed)?;
            if !expired {
                return Some((key, value));
            }
        }
    }
}
