use core::future::Future;
use core::hash::Hash;
use std::sync::Arc;

use super::attempt::Tried;
use super::both::breaks;
use super::breaking::Breaking;
use super::classes::Classes;
use super::error::BreakerError;
use super::stale::Fallback;
use crate::cache::expiry::Clock;
use crate::cache::layers::fetch::Fetch;
use crate::cache::layers::{AsyncCache, AsyncDedupCache, AsyncLayered, Loaded};

breaks! {
    /// A cache that computes what it has not, but not while that only fails:
    /// [`CircuitBreakerCache`](super::CircuitBreakerCache) with futures.
    ///
    /// A future that is dropped before it is ready has neither succeeded nor failed: another one may be tried instead.
    AsyncCircuitBreakerCache; AsyncCache; AsyncDedupCache; Arc<Breaking<G, T, S>>
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
