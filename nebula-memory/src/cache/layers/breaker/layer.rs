use core::time::Duration;

use super::breaking::Breaking;
use super::circuit::{Limit, Rules};
use super::circuits::Circuits;
use super::classes::{ClassBy, OneClass};
use super::stale::{NoStale, Stale};
use crate::cache::expiry::{Clock, Monotonic};

/// Stops what only fails: makes a [`CircuitBreakerCache`](super::CircuitBreakerCache) of a cache.
///
/// Unless told otherwise the circuit opens after 5 failures within 60 seconds, for 30 seconds, and closes again after one load has
/// succeeded; there is one circuit for all keys.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::cache::layers::{CircuitBreakerLayer, ComputeCache, DeduplicationLayer};
///
/// let pages = ComputeCache::new(1000).layer(DeduplicationLayer).layer(
///     CircuitBreakerLayer::new()
///         .failure_rate(0.5, 20)
///         .window(Duration::from_secs(10))
///         .open_for(Duration::from_secs(5))
///         .class_by(|url: &String| url.split('/').next().map(str::to_string)),
/// );
/// let page = pages.try_get_or_compute("example.org/index".to_string(), || Ok::<_, std::fmt::Error>(1))?;
/// assert_eq!(page, 1);
/// # Ok::<_, nebula_memory::cache::layers::BreakerError<std::fmt::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "it does nothing before it is put around a cache"]
pub struct CircuitBreakerLayer<G = OneClass, T = Monotonic, S = NoStale> {
    rules: Rules,
    classes: G,
    most: usize,
    clock: T,
    stale: S,
}

impl CircuitBreakerLayer {
    /// As it is unless told otherwise.
    pub const fn new() -> Self {
        let rules = Rules {
            window: Duration::from_secs(60),
            limit: Limit::Failures(5),
            open_for: Duration::from_secs(30),
            trials: 1,
        };
        Self { rules, classes: OneClass, most: 1024, clock: Monotonic, stale: NoStale }
    }
}

impl Default for CircuitBreakerLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl<G, T, S> CircuitBreakerLayer<G, T, S> {
    /// It opens when so many loads have failed within the [window](Self::window), at least one.
    pub fn failures(mut self, failures: u32) -> Self {
        self.rules.limit = Limit::Failures(failures);
        self
    }

    /// It opens when this share of the loads within the [window](Self::window) has failed, from 0 to 1, and there were so many.
    pub fn failure_rate(mut self, share: f64, loads: u32) -> Self {
        self.rules.limit = Limit::Rate { share, loads };
        self
    }

    /// For how long a load counts. It is forgotten a tenth of this at a time.
    pub fn window(mut self, window: Duration) -> Self {
        self.rules.window = window;
        self
    }

    /// For how long there are no loads when it is open. Then it is half open: a few are tried. If one fails it is open for as long
    /// again; if nothing is heard of them for as long, others are tried.
    pub fn open_for(mut self, time: Duration) -> Self {
        self.rules.open_for = time;
        self
    }

    /// How many loads are tried when it is half open, at least one. When as many have succeeded it closes.
    pub fn trials(mut self, trials: u32) -> Self {
        self.rules.trials = trials.max(1);
        self
    }

    /// A circuit for each class of keys: for those of which this returns what has the same hash. Say of each key which server it
    /// is asked of, for example.
    ///
    /// Called for each load, under no lock.
    pub fn class_by<K, H: core::hash::Hash, F: Fn(&K) -> H>(
        self,
        class: F,
    ) -> CircuitBreakerLayer<ClassBy<F>, T, S> {
        let Self { rules, most, clock, stale, .. } = self;
        CircuitBreakerLayer { rules, classes: ClassBy::new(class), most, clock, stale }
    }

    /// Of how many classes something is known at most, at least one; 1024 unless told otherwise. Of those where nothing has failed
    /// nothing has to be known. If there are more, those that were not used for longest are as if nothing had failed.
    pub fn classes(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Another clock.
    pub fn clock<U: Clock>(self, clock: U) -> CircuitBreakerLayer<G, U, S> {
        let Self { rules, classes, most, stale, .. } = self;
        CircuitBreakerLayer { rules, classes, most, clock, stale }
    }

    /// If there is no load, or one that fails, the last good value is the answer: it is kept in `store` besides, for as long as
    /// that keeps it. What is removed, or replaced, is removed there as well.
    ///
    /// Such a value is not taken into the cache: the next one who asks tries again, if the circuit lets them.
    ///
    /// ```
    /// use nebula_memory::cache::SharedCache;
    /// use nebula_memory::cache::layers::{CircuitBreakerLayer, ComputeCache};
    ///
    /// let rates = ComputeCache::new(10).layer(CircuitBreakerLayer::new().stale_from(SharedCache::new(1000)));
    /// for number in 0..20 {
    ///     assert_eq!(rates.try_get_or_compute(number, || Ok::<_, &str>(100 + number)), Ok(100 + number));
    /// }
    /// // Ten of them had to go.
    /// assert!((0..20).all(|number| rates.try_get_or_compute(number, || Err("no connection")) == Ok(100 + number)));
    /// ```
    pub fn stale_from<C>(self, store: C) -> CircuitBreakerLayer<G, T, Stale<C>> {
        let Self { rules, classes, most, clock, .. } = self;
        CircuitBreakerLayer { rules, classes, most, clock, stale: Stale::new(store) }
    }

    pub(super) fn into_breaking(self) -> Breaking<G, T, S> {
        let Self { rules, classes, most, clock, stale } = self;
        Breaking { circuits: Circuits::new(rules, most), classes, clock, stale }
    }
}
