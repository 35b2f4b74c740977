use core::fmt;
use core::hash::Hash;
use core::marker::PhantomData;

use equivalent::Equivalent;

use super::breaking::{Breaking, CircuitState};
use super::classes::{Classes, OneClass};
use super::error::BreakerError;
use super::layer::CircuitBreakerLayer;
use super::stale::{Fallback, NoStale};
use crate::cache::SharedCache;
use crate::cache::expiry::{Clock, Monotonic};
use crate::cache::layers::face::{face, looks};
use crate::cache::layers::{ComputeCache, DedupCache, DeduplicationLayer, Layer, Layered, Loaded, Store};

/// A cache that computes what it has not, but not while that only fails.
///
/// The circuit is *closed* at first. When loads have failed too often it *opens*: there are no loads for a while, and who asks for
/// what is not there is told so at once. Then it is *half open*: a few loads are tried, and when they succeed it closes, or opens
/// again when one fails. What is in the cache is served in any case. A load that panics has failed.
///
/// How often is too often, for how long, which keys have a circuit of their own, and what to answer instead is said by a
/// [`CircuitBreakerLayer`].
///
/// ```
/// use nebula_memory::cache::layers::{BreakerError, ComputeCache};
///
/// let users = ComputeCache::new(100).with_circuit_breaker();
/// for _ in 0..5 {
///     let failed = users.try_get_or_compute(7, || Err::<String, _>("no connection"));
///     assert_eq!(failed, Err(BreakerError::Load("no connection")));
/// }
/// let refused = users.try_get_or_compute(7, || -> Result<_, &str> { unreachable!("is not called") });
/// assert!(matches!(refused, Err(BreakerError::Open { .. })));
/// ```
pub struct CircuitBreakerCache<K, V, C = ComputeCache<K, V>, G = OneClass, T = Monotonic, S = NoStale> {
    inner: C,
    breaking: Breaking<G, T, S>,
    entries: PhantomData<fn() -> (K, V)>,
}

impl<K, V, C, G, T, S> CircuitBreakerCache<K, V, C, G, T, S> {
    fn around(inner: C, layer: CircuitBreakerLayer<G, T, S>) -> Self {
        Self { inner, breaking: layer.into_breaking(), entries: PhantomData }
    }
}

impl<K, V, C, G, T, S> Layer<ComputeCache<K, V, C>> for CircuitBreakerLayer<G, T, S> {
    type Cache = CircuitBreakerCache<K, V, ComputeCache<K, V, C>, G, T, S>;

    fn layer(self, cache: ComputeCache<K, V, C>) -> Self::Cache {
        CircuitBreakerCache::around(cache, self)
    }
}

impl<K, V, C, G, T, S> Layer<DedupCache<K, V, C>> for CircuitBreakerLayer<G, T, S> {
    type Cache = CircuitBreakerCache<K, V, DedupCache<K, V, C>, G, T, S>;

    fn layer(self, cache: DedupCache<K, V, C>) -> Self::Cache {
        CircuitBreakerCache::around(cache, self)
    }
}

impl<K, V, C, G, T, S> Layer<CircuitBreakerCache<K, V, C, G, T, S>> for DeduplicationLayer {
    type Cache = DedupCache<K, V, CircuitBreakerCache<K, V, C, G, T, S>>;

    fn layer(self, cache: CircuitBreakerCache<K, V, C, G, T, S>) -> Self::Cache {
        DedupCache::around(cache)
    }
}

impl<K: Hash + Eq, V: Clone> CircuitBreakerCache<K, V> {
    /// A cache of at most so many entries, as [`SharedCache`] has it unless told otherwise.
    pub fn new(capacity: usize) -> Self {
        Self::over(SharedCache::new(capacity))
    }
}

impl<K, V, C: Store<K, V>> CircuitBreakerCache<K, V, ComputeCache<K, V, C>> {
    /// Computes what `store` has not.
    pub fn over(store: C) -> Self {
        Self::around(ComputeCache::over(store), CircuitBreakerLayer::new())
    }
}

impl<K, V, C, G: Classes<K>, T: Clock, S> CircuitBreakerCache<K, V, C, G, T, S> {
    /// The value of `key`; if there is none, what `compute` returns, unless the circuit is open.
    ///
    /// # Errors
    /// That of `compute`, as a [`BreakerError::Load`], or [`BreakerError::Open`]. No entry has to go for it, and nothing is kept.
    ///
    /// # Panics
    /// If `compute` does, which counts as a failure.
    pub fn try_get_or_compute<E>(&self, key: K, compute: impl FnOnce() -> Result<V, E>) -> Result<V, C::Error>
    where
        C: Layered<K, V, BreakerError<E>>,
        S: Fallback<K, V>,
        K: Hash + Eq + Clone,
        V: Clone,
    {
        self.run(key, |_| compute().map(Loaded::fresh))
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

impl<K, V, C, G, T, S> CircuitBreakerCache<K, V, C, G, T, S> {
    /// Computes each value once for all who ask for it at the same time: see [`DedupCache`].
    pub fn with_deduplication(self) -> DedupCache<K, V, Self> {
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

face!(CircuitBreakerCache, G, T, S);

impl<K, V, C, G, T, S> Store<K, V> for CircuitBreakerCache<K, V, C, G, T, S>
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

impl<K, V, E, C, G, T, S> Layered<K, V, E> for CircuitBreakerCache<K, V, C, G, T, S>
where
    K: Hash + Eq + Clone,
    V: Clone,
    C: Layered<K, V, BreakerError<E>>,
    G: Classes<K>,
    T: Clock,
    S: Fallback<K, V>,
{
    type Error = C::Error;

    fn guard(&self, key: &K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<Loaded<V>, C::Error> {
        self.inner.guard(key, |key| self.breaking.call(key, load))
    }

    fn run(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, C::Error> {
        self.inner.run(key, |key| self.breaking.call(key, load))
    }

    fn run_missed(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, C::Error> {
        self.inner.run_missed(key, |key| self.breaking.call(key, load))
    }
}

impl<K, V, C: fmt::Debug, G, T, S> fmt::Debug for CircuitBreakerCache<K, V, C, G, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CircuitBreakerCache")
            .field("inner", &self.inner)
            .field("circuits", &self.breaking.circuits)
            .finish()
    }
}
