use core::fmt;
use core::future::Future;
use core::hash::Hash;
use core::marker::PhantomData;

use equivalent::Equivalent;

use super::compute::keep;
use super::face::{face, looks};
use super::{
    AsyncCircuitBreakerCache, AsyncDedupCache, AsyncLayered, CircuitBreakerLayer, DeduplicationLayer, Layer,
    Loaded, Store,
};
use crate::cache::SharedCache;

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
pub struct AsyncCache<K, V, C = SharedCache<K, V>> {
    store: C,
    entries: PhantomData<fn() -> (K, V)>,
}

impl<K: Hash + Eq, V: Clone> AsyncCache<K, V> {
    /// A cache of at most so many entries, as [`SharedCache`] has it unless told otherwise.
    pub fn new(capacity: usize) -> Self {
        Self::over(SharedCache::new(capacity))
    }
}

impl<K, V, C: Store<K, V>> AsyncCache<K, V, C> {
    /// Computes what `store` has not.
    pub const fn over(store: C) -> Self {
        Self { store, entries: PhantomData }
    }

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
            Some(value) => value,
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
            Some(value) => Ok(value),
            None => Ok(keep(&self.store, key, compute().await?)),
        }
    }

    /// Computes each value once for all who ask for it at the same time: see [`AsyncDedupCache`].
    pub fn with_deduplication(self) -> AsyncDedupCache<K, V, Self> {
        self.layer(DeduplicationLayer)
    }

    /// Computes nothing while that only fails: see [`AsyncCircuitBreakerCache`].
    pub fn with_circuit_breaker(self) -> AsyncCircuitBreakerCache<K, V, Self> {
        self.layer(CircuitBreakerLayer::new())
    }

    /// Puts a layer around it.
    pub fn layer<L: Layer<Self>>(self, layer: L) -> L::Cache {
        layer.layer(self)
    }

    /// What keeps the values.
    pub const fn store(&self) -> &C {
        &self.store
    }

    /// What keeps the values, without this around it.
    pub fn into_store(self) -> C {
        self.store
    }
}

face!(AsyncCache);

impl<K, V, C: Store<K, V>> Store<K, V> for AsyncCache<K, V, C> {
    looks!(store);

    fn insert(&self, key: K, value: V) {
        self.store.insert(key, value);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        self.store.insert_new(key, value, wanted)
    }

    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.store.remove(key)
    }

    fn clear(&self) {
        self.store.clear();
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
            Some(value) => Ok(value),
            None => self.run_missed_async(key, load).await,
        }
    }

    async fn run_missed_async(&self, key: K, load: F) -> Result<V, E> {
        let Loaded { value, keep: is_kept } = load.await?;
        Ok(if is_kept { keep(&self.store, key, value) } else { value })
    }
}

impl<K, V, C: Clone> Clone for AsyncCache<K, V, C> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), entries: PhantomData }
    }
}

impl<K, V, C: fmt::Debug> fmt::Debug for AsyncCache<K, V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncCache").field("store", &self.store).finish()
    }
}
