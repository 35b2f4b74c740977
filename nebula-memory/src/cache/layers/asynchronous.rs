use core::future::Future;
use core::hash::Hash;

use super::both::computes;
use super::compute::keep;
use super::{AsyncCircuitBreakerCache, AsyncDedupCache, AsyncLayered, Loaded, Store};
use crate::cache::after::after;

computes! {
    /// A cache that computes what it has not, for tasks: [`ComputeCache`](super::ComputeCache) with futures.
    ///
    /// The simple core: no queue, no record of what is being computed, nothing locked and nothing allocated while it is. Tasks that
    /// ask for the same key at the same time compute it each, and the first that is done is the one whose value stays. Dropped before
    /// it is ready, a future leaves nothing behind. It knows of no executor.
    ///
    /// If computing is dear, put an [`AsyncDedupCache`] around it.
    ///
    /// ```
    /// use nebula_memory::cache::layers::AsyncCache;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let pages = AsyncCache::new(100);
    /// let length = pages.get_or_compute("index", async || "<html>".len()).await;
    /// assert_eq!((length, pages.get("index")), (6, Some(6)));
    /// # });
    /// ```
    AsyncCache; AsyncDedupCache; AsyncCircuitBreakerCache
}

impl<K, V, C: Store<K, V>> AsyncCache<K, V, C> {
    /// The value of `key`; if there is none, what the future that `compute` returns is ready with, which is kept.
    ///
    /// # Panics
    /// If `compute` or its future does. Nothing is changed then.
    pub async fn get_or_compute<F, O>(&self, key: K, compute: F) -> V
    where
        K: Hash + Eq,
        V: Clone,
        F: FnOnce() -> O,
        O: Future<Output = V>,
    {
        match self.store.get(&key) {
            Some(value) => after((key, compute), value),
            None => keep(&self.store, key, compute().await),
        }
    }

    /// The same with what may fail: what was computed is kept if it is a value.
    ///
    /// # Errors
    /// That of the future. No entry has to go for it, and nothing is kept.
    ///
    /// # Panics
    /// If `compute` or its future does. Nothing is changed then.
    pub async fn try_get_or_compute<E, F, O>(&self, key: K, compute: F) -> Result<V, E>
    where
        K: Hash + Eq,
        V: Clone,
        F: FnOnce() -> O,
        O: Future<Output = Result<V, E>>,
    {
        match self.store.get(&key) {
            Some(value) => Ok(after((key, compute), value)),
            None => Ok(keep(&self.store, key, compute().await?)),
        }
    }
}

impl<K, V, E, F, C> AsyncLayered<K, V, E, F> for AsyncCache<K, V, C>
where
    K: Hash + Eq,
    V: Clone,
    F: Future<Output = Result<Loaded<V>, E>>,
    C: Store<K, V>,
{
    type Error = E;
    type Guarded = F;

    fn guard_async(&self, _: &K, load: F) -> F {
        load
    }

    async fn run_async(&self, key: K, load: F) -> Result<V, E> {
        match self.store.get(&key) {
            Some(value) => Ok(after((key, load), value)),
            None => self.run_missed_async(key, load).await,
        }
    }

    async fn run_missed_async(&self, key: K, load: F) -> Result<V, E> {
        let Loaded { value, keep: is_kept } = load.await?;
        Ok(if is_kept { keep(&self.store, key, value) } else { after(key, value) })
    }
}
