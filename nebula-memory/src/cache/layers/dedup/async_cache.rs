use core::any::Any;
use core::convert::Infallible;
use core::future::{Future, poll_fn};
use core::hash::Hash;
use std::boxed::Box;
use std::panic::resume_unwind;

use super::both::dedups;
use super::flights::Joined;
use super::outcome::{SharedError, share};
use super::shared_future::{Arrival, Load, SharedFuture, Waiter};
use crate::cache::after::after;
use crate::cache::layers::compute::sure;
use crate::cache::layers::fetch::{Fetch, FetchSure};
use crate::cache::layers::{AsyncCache, AsyncCircuitBreakerCache, AsyncLayered, Loaded};

dedups! {
    /// A cache that computes what it has not, once for all tasks that ask for it at the same time:
    /// [`DedupCache`](super::DedupCache) with futures.
    ///
    /// What is computed belongs to all who wait for it: whichever of them is polled carries it on. So it goes on if the task that
    /// has begun it is aborted, or is alive and never polled again; if all are dropped it is dropped as well. For that its future has
    /// to be `Send + 'static`: it borrows nothing of who asks, so give it clones and `Arc`s. It needs no executor, and runs on
    /// whichever those who wait run on.
    ///
    /// * If it fails, all who wait get the error, and whoever comes later tries again.
    /// * If it panics, the panic is that of the task that has begun it, and the next one tries.
    /// * What is inserted meanwhile stays, and what is removed meanwhile leaves nothing behind.
    ///
    /// Nothing is locked while anything of others is called. What computes a value may ask for other keys, but not for its own: that
    /// panics, if it is polled by what computes, by whatever executor. If it is left to another task (spawned, and waited for), it
    /// cannot be seen that a value waits for itself, and it does.
    ///
    /// ```
    /// use nebula_memory::cache::layers::AsyncDedupCache;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let pages = AsyncDedupCache::new(100);
    /// let load = async || "<html>".len(); // called once
    /// let (one, two) = tokio::join!(pages.get_or_compute("index", load), pages.get_or_compute("index", load));
    /// assert_eq!((one, two, pages.computing()), (6, 6, 0));
    /// # });
    /// ```
    AsyncDedupCache; AsyncCache; AsyncCircuitBreakerCache; SharedFuture<K, V>
}

impl<K, V, C> AsyncDedupCache<K, V, C> {
    /// The value of `key`; if there is none, what the future that `compute` returns is ready with, or that of a task that was
    /// first.
    ///
    /// # Panics
    /// If `compute` or its future does, for the task that has begun it; or if it asks for this very key.
    pub async fn get_or_compute<F, O>(&self, key: K, compute: F) -> V
    where
        K: Hash + Eq + Clone,
        V: Clone + Send + Sync,
        F: FnOnce() -> O,
        O: Future<Output = V>,
        C: AsyncLayered<K, V, Infallible, FetchSure<F, O>, Error = Infallible, Guarded: Send + 'static>,
    {
        sure(self.run_async(key, FetchSure::new(compute)).await)
    }

    /// The same with what may fail. A failure evicts nothing and keeps nothing.
    ///
    /// # Errors
    /// That of the future, or of the one of a task that was first; with a circuit breaker around or inside of this, that it did
    /// not come to it.
    ///
    /// # Panics
    /// If `compute` or its future does, for the task that has begun it; or if it asks for this very key.
    pub async fn try_get_or_compute<E, F, O>(&self, key: K, compute: F) -> Result<V, C::Error>
    where
        K: Hash + Eq + Clone,
        V: Clone + Send + Sync,
        F: FnOnce() -> O,
        O: Future<Output = Result<V, E>>,
        C: AsyncLayered<K, V, E, Fetch<F, O>, Error: SharedError, Guarded: Send + 'static>,
    {
        self.run_async(key, Fetch::new(compute)).await
    }
}

impl<K, V, E, F, C> AsyncLayered<K, V, E, F> for AsyncDedupCache<K, V, C>
where
    K: Hash + Eq + Clone,
    V: Clone + Send + Sync,
    C: AsyncLayered<K, V, E, F, Error: SharedError, Guarded: Send + 'static>,
{
    type Error = C::Error;
    type Guarded = C::Guarded;

    fn guard_async(&self, key: &K, load: F) -> C::Guarded {
        self.inner.guard_async(key, load)
    }

    async fn run_async(&self, key: K, load: F) -> Result<V, C::Error> {
        match self.inner.get(&key) {
            Some(value) => Ok(after((key, load), value)),
            None => self.run_missed_async(key, load).await,
        }
    }

    async fn run_missed_async(&self, key: K, load: F) -> Result<V, C::Error> {
        let hash = self.flights.hash(&key);
        let mut load = Some(load);
        loop {
            let mut waiter = match self.flights.join(hash, &key, || SharedFuture::new(key.clone())) {
                Joined::Leads(flight, place) => {
                    let mut waiter = Waiter::leading(&self.flights, flight, place);
                    // Another load may have come to its end since it was looked for.
                    if let Some(value) = self.inner.peek(&key) {
                        waiter.bring(value.clone());
                        return Ok(after((waiter, key, load), value));
                    }
                    let load = load.take().unwrap_or_else(|| unreachable!("who leads does not come again"));
                    waiter.start(shared(self.inner.guard_async(&key, load)));
                    waiter
                }
                Joined::Follows(flight, place) => {
                    let Some(waiter) = Waiter::following(&self.flights, flight, place) else {
                        self.flights.leave(place);
                        continue;
                    };
                    waiter
                }
            };
            match poll_fn(|context| waiter.poll(&self.inner, context)).await {
                Arrival::Landed(outcome) => {
                    if let Some(result) = share(&outcome) {
                        return after((waiter, outcome, key, load), result);
                    }
                }
                Arrival::Panicked(Some(panic)) => resume_unwind(panic),
                Arrival::Panicked(None) => {}
            }
        }
    }
}

/// A load whose error may be of any type.
fn shared<V, E: SharedError>(load: impl Future<Output = Result<Loaded<V>, E>> + Send + 'static) -> Load<V> {
    Box::pin(async move { load.await.map_err(|error| Box::new(error) as Box<dyn Any + Send + Sync>) })
}
