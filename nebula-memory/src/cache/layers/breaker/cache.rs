use core::hash::Hash;

use super::both::breaks;
use super::breaking::Breaking;
use super::classes::Classes;
use super::error::BreakerError;
use super::stale::Fallback;
use crate::cache::expiry::Clock;
use crate::cache::layers::{ComputeCache, DedupCache, Layered, Loaded};

breaks! {
    /// A cache that computes what it has not, but not while that only fails.
    ///
    /// The circuit is *closed* at first. When loads have failed too often it *opens*: there are no loads for a while, and who asks for
    /// what is not there is told so at once. Then it is *half open*: a few loads are tried, and when they succeed it closes, or opens
    /// again when one fails. What is in the cache is served in any case. A load that panics has failed.
    ///
    /// How often is too often, for how long, which keys have a circuit of their own, and what to answer instead is said by a
    /// [`CircuitBreakerLayer`](super::CircuitBreakerLayer).
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
    CircuitBreakerCache; ComputeCache; DedupCache; Breaking<G, T, S>
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
