use core::fmt;
use core::future::Future;
use core::hash::Hash;
use core::marker::PhantomData;
use std::sync::Arc;

use equivalent::Equivalent;

use super::attempt::Tried;
use super::breaking::{Breaking, CircuitState};
use super::classes::{Classes, OneClass};
use super::error::BreakerError;
use super::layer::CircuitBreakerLayer;
use super::stale::{Fallback, NoStale};
use crate::cache::SharedCache;
use crate::cache::expiry::{Clock, Monotonic};
use crate::cache::layers::face::{face, looks};
use crate::cache::layers::fetch::Fetch;
use crate::cache::layers::{
    AsyncCache, AsyncDedupCache, AsyncLayered, DeduplicationLayer, Layer, Loaded, Store,
};

/// A cache that computes what it has not, but not while that only fails:
/// [`CircuitBreakerCache`](super::CircuitBreakerCache) with futures.
///
/// A future that is dropped before it is ready has neither succeeded nor failed: another one may be tried instead.
pub struct AsyncCircuitBreakerCache<K, V, C = AsyncCache<K, V>, G = OneClass, T = Monotonic, S = NoStale> {
    inner: C,
    breaking: Arc<Breaking<G, T, S>>,
    entries: PhantomData<fn() -> (K, V)>,
}

impl<K, V, C, G, T, S> AsyncCircuitBreakerCache<K, V, C, G, T, S> {
    fn around(inner: C, layer: CircuitBreakerLayer<G, T, S>) -> Self {
        Self { inner, breaking: Arc::new(layer.into_breaking()), entries: PhantomData }
    }
}

impl<K, V, C, G, T, S> Layer<AsyncCache<K, V, C>> for CircuitBreakerLayer<G, T, S> {
    type Cache = AsyncCircuitBreakerCache<K, V, AsyncCache<K, V, C>, G, T, S>;

    fn layer(self, cache: AsyncCache<K, V, C>) -> Self::Cache {
        AsyncCircuitBreakerCache::around(cache, self)
    }
}

impl<K, V, C, G, T, S> Layer<AsyncDedupCache<K, V, C>> for CircuitBreakerLayer<G, T, S> {
    type Cache = AsyncCircuitBreakerCache<K, V, AsyncDedupCache<K, V, C>, G, T, S>;

    fn layer(self, cache: AsyncDedupCache<K, V, C>) -> Self::Cache {
        AsyncCircuitBreakerCache::around(cache, self)
    }
}

impl<K, V, C, G, T, S> Layer<AsyncCircuitBreakerCache<K, V, C, G, T, S>> for DeduplicationLayer {
    type Cache = AsyncDedupCache<K, V, AsyncCircuitBreakerCache<K, V, C, G, T, S>>;

    fn layer(self, cache: AsyncCircuitBreakerCache<K, V, C, G, T, S>) -> Self::Cache {
        AsyncDedupCache::around(cache)
    }
}

impl<K: Hash + Eq, V: Clone> AsyncCircuitBreakerCache<K, V> {
    /// A cache of at most so many entries, as [`SharedCache`] has it unless told otherwise.
    pub fn new(capacity: usize) -> Self {
        Self::over(SharedCache::new(capacity))
    }
}

impl<K, V, C: Store<K, V>> AsyncCircuitBreakerCache<K, V, AsyncCache<K, V, C>> {
    /// Computes what `store` has not.
    pub fn over(store: C) -> Self {
        Self::around(AsyncCache::over(store), CircuitBreakerLayer::new())
    }
}

impl<K, V, C, G: Classes<K>, T: Clock, S> AsyncCircuitBreakerCache<K, V, C, G, T, S> {
    /// The value of `key`; if there is none, what the future that `compute` returns is ready with, unless the circuit is open.
    ///
    /// # Errors
    /// That of the future, as a [`BreakerError::Load`], or [`BreakerError::Open`]. No entry has to go for it, and nothing is kept.
    ///
    /// # Panics
    /// If `compute` or its future does, which counts as a failure.
    pub async fn try_get_or_compute<E, F, O>(&self, key: K, compute: F) -> Result<V, C::Error>
    where
        K: Hash + Eq + Clone,
        V: Clone,
        S: Fallback<K, V>,
        F: FnOnce() -> O,
        O: Future<Output = Result<V, E>>,
        C: AsyncLayered<K, V, BreakerError<E>, Tried<K, Fetch<F, O>, G, T, S>>,
    {
        self.run_async(key, Fetch::new(compute)).await
    }

    /// How the circuit of `key` stands.
    pub fn state(&self, key: &K) -> CircuitState {
        self.breaking.state(key)
    }

    /// Closes the circuit of `key`, and forgets what has failed.
    pub fn close(&self, key: &K) {
        self.breaking.circuits.forget(self.breaking.classes.class(key));
    }

    /// Of how many classes of keys something is known.
    pub fn classes(&self) -> usize {
        self.breaking.circuits.len()
    }
}

impl<K, V, C, G, T, S> AsyncCircuitBreakerCache<K, V, C, G, T, S> {
    /// Computes each value once for all who ask for it at the same time: see [`AsyncDedupCache`].
    pub fn with_deduplication(self) -> AsyncDedupCache<K, V, Self> {
        self.layer(DeduplicationLayer)
    }

    /// Puts a layer around it.
    pub fn layer<L: Layer<Self>>(self, layer: L) -> L::Cache {
        layer.layer(self)
    }

    /// What this is around.
    pub const fn inner(&self) -> &C {
        &self.inner
    }

    /// What this was around.
    pub fn into_inner(self) -> C {
        self.inner
    }
}

face!(AsyncCircuitBreakerCache, G, T, S);

impl<K, V, C, G, T, S> Store<K, V> for AsyncCircuitBreakerCache<K, V, C, G, T, S>
where
    K: Hash + Eq + Clone,
    V: Clone,
    C: Store<K, V>,
    S: Fallback<K, V>,
{
    looks!(inner);

    fn insert(&self, key: K, value: V) {
        self.breaking.stale.replace(&key, &value);
        self.inner.insert(key, value);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        self.inner.insert_new(key, value, wanted)
    }

    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.breaking.stale.forget(key);
        self.inner.remove(key)
    }

    fn clear(&self) {
        self.breaking.stale.forget_all();
        self.inner.clear();
    }
}

impl<K, V, E, F, C, G, T, S> AsyncLayered<K, V, E, F> for AsyncCircuitBreakerCache<K, V, C, G, T, S>
where
    K: Hash + Eq + Clone,
    V: Clone,
    F: Future<Output = Result<Loaded<V>, E>> + Unpin,
    C: AsyncLayered<K, V, BreakerError<E>, Tried<K, F, G, T, S>>,
    G: Classes<K>,
    T: Clock,
    S: Fallback<K, V>,
{
    type Error = C::Error;
    type Guarded = C::Guarded;

    fn guard_async(&self, key: &K, load: F) -> C::Guarded {
        self.inner.guard_async(key, Tried::new(&self.breaking, key.clone(), load))
    }

    async fn run_async(&self, key: K, load: F) -> Result<V, C::Error> {
        let load = Tried::new(&self.breaking, key.clone(), load);
        self.inner.run_async(key, load).await
    }

    async fn run_missed_async(&self, key: K, load: F) -> Result<V, C::Error> {
        let load = Tried::new(&self.breaking, key.clone(), load);
        self.inner.run_missed_async(key, load).await
    }
}

impl<K, V, C: fmt::Debug, G, T, S> fmt::Debug for AsyncCircuitBreakerCache<K, V, C, G, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncCircuitBreakerCache")
            .field("inner", &self.inner)
            .field("circuits", &self.breaking.circuits)
            .finish()
    }
}
