use core::convert::Infallible;
use core::hash::Hash;

use super::both::dedups;
use super::flight::{Flight, Lead};
use super::flights::Joined;
use super::outcome::{SharedError, share};
use crate::cache::after::after;
use crate::cache::layers::compute::sure;
use crate::cache::layers::{CircuitBreakerCache, ComputeCache, Layered, Loaded};

dedups! {
    /// A cache that computes what it has not, once for all threads that ask for it at the same time.
    ///
    /// * One of them computes, the others wait for it and get clones.
    /// * If it fails, all who wait get the error, and whoever comes later tries again. Errors have to be
    ///   `Clone + Send + Sync + 'static` for that; those who wait with another type of error try for themselves, one after the other.
    /// * If it panics, the panic is that of the thread that computes, and the next one tries.
    /// * What is inserted meanwhile stays, and what is removed meanwhile leaves nothing behind: who waits gets what was computed, but
    ///   it is not kept, and who comes afterwards does not get it. That holds for what is done by way of this cache, not for what is
    ///   done with its [store](ComputeCache::store) behind its back.
    ///
    /// Nothing is locked while something is computed, or while something of others is called: `Hash`, `Eq`, `Clone` and `Drop` of
    /// keys and values, the weigher, the listener. All of them may use the cache, and other keys may be asked for by what computes
    /// one. Only its own key may not: that panics, on the same thread. Across threads, two computations that ask for the key of the
    /// other wait for ever.
    ///
    /// A hit costs no more than without it. Waiting for a value allocates, once for all who wait.
    ///
    /// ```
    /// use std::thread;
    /// use nebula_memory::cache::layers::DedupCache;
    ///
    /// let words = DedupCache::new(1000);
    /// thread::scope(|scope| {
    ///     for _ in 0..8 {
    ///         scope.spawn(|| {
    ///             let length = words.get_or_compute("page", || {
    ///                 // Called once.
    ///                 thread::sleep(std::time::Duration::from_millis(10));
    ///                 1812
    ///             });
    ///             assert_eq!(length, 1812);
    ///         });
    ///     }
    /// });
    /// ```
    DedupCache; ComputeCache; CircuitBreakerCache; Flight<K, V>
}

/// Computes each value once for all who ask for it at the same time: makes a [`DedupCache`] of a cache, as
/// [`with_deduplication`](ComputeCache::with_deduplication) does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeduplicationLayer;

impl<K, V, C> DedupCache<K, V, C> {
    /// The value of `key`; if there is none, what `compute` returns, here or on a thread that was first.
    ///
    /// # Panics
    /// If `compute` does, on the thread that called it; or if this thread is computing the value of this very key.
    pub fn get_or_compute(&self, key: K, compute: impl FnOnce() -> V) -> V
    where
        K: Hash + Eq + Clone,
        V: Clone,
        C: Layered<K, V, Infallible, Error = Infallible>,
    {
        sure(self.try_get_or_compute(key, || Ok(compute())))
    }

    /// The same with what may fail. A failure evicts nothing and keeps nothing.
    ///
    /// ```
    /// use nebula_memory::cache::layers::DedupCache;
    ///
    /// let pages = DedupCache::new(10);
    /// assert_eq!(pages.try_get_or_compute("/", || Err("the server is down")), Err("the server is down"));
    /// assert_eq!(pages.try_get_or_compute("/", || Ok::<_, &str>("welcome")), Ok("welcome"));
    /// ```
    ///
    /// # Errors
    /// That of `compute`, here or on a thread that was first; with a circuit breaker around or inside of this, that it did not
    /// come to it.
    ///
    /// # Panics
    /// If `compute` does, on the thread that called it; or if this thread is computing the value of this very key.
    pub fn try_get_or_compute<E>(&self, key: K, compute: impl FnOnce() -> Result<V, E>) -> Result<V, C::Error>
    where
        K: Hash + Eq + Clone,
        V: Clone,
        C: Layered<K, V, E, Error: SharedError>,
    {
        self.run(key, |_| compute().map(Loaded::fresh))
    }

    /// Loads, keeps, and tells those who wait.
    fn load<E>(
        &self,
        mut leader: Lead<'_, K, V>,
        key: K,
        load: impl FnOnce(&K) -> Result<Loaded<V>, E>,
    ) -> Result<V, C::Error>
    where
        K: Hash + Eq,
        V: Clone,
        C: Layered<K, V, E, Error: SharedError>,
    {
        // Another load may have come to its end since it was looked for.
        if let Some(value) = self.inner.peek(&key) {
            leader.bring(value.clone());
            return Ok(after((leader, key, load), value));
        }
        match self.inner.guard(&key, load) {
            Ok(Loaded { value, keep }) => {
                // First for those who wait: whatever panics now is not theirs.
                leader.bring(value.clone());
                if !keep {
                    return Ok(after((leader, key), value));
                }
                Ok(match self.inner.insert_new(key, value.clone(), || leader.is_wanted()) {
                    Some(other) => after((leader, value), other),
                    None => after(leader, value),
                })
            }
            Err(error) => {
                leader.fail(error.clone());
                Err(error)
            }
        }
    }
}

impl<K, V, E, C> Layered<K, V, E> for DedupCache<K, V, C>
where
    K: Hash + Eq + Clone,
    V: Clone,
    C: Layered<K, V, E, Error: SharedError>,
{
    type Error = C::Error;

    fn guard(
        &self,
        key: &K,
        load: impl FnOnce(&K) -> Result<Loaded<V>, E>,
    ) -> Result<Loaded<V>, Self::Error> {
        self.inner.guard(key, load)
    }

    fn run(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, Self::Error> {
        match self.inner.get(&key) {
            Some(value) => Ok(after((key, load), value)),
            None => self.run_missed(key, load),
        }
    }

    fn run_missed(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, Self::Error> {
        let hash = self.flights.hash(&key);
        loop {
            match self.flights.join(hash, &key, || Flight::new(key.clone())) {
                Joined::Leads(flight, place) => {
                    return self.load(Lead::new(&self.flights, flight, place), key, load);
                }
                Joined::Follows(flight, _) => {
                    let outcome = flight.wait();
                    if let Some(result) = outcome.as_deref().and_then(share) {
                        return after((outcome, flight, key, load), result);
                    }
                }
            }
        }
    }
}
