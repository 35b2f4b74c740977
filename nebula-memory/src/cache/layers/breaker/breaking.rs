use core::ops::Deref;
use core::time::Duration;

use super::circuit::{End, Permit, Standing};
use super::circuits::Circuits;
use super::classes::Classes;
use super::error::BreakerError;
use super::stale::Fallback;
use crate::cache::expiry::Clock;
use crate::cache::layers::Loaded;
use crate::pool::panics::FirstPanic;

/// What circuit breakers for threads and for tasks share.
#[derive(Debug)]
pub(super) struct Breaking<G, T, S> {
    pub(super) circuits: Circuits,
    pub(super) classes: G,
    pub(super) clock: T,
    pub(super) stale: S,
}

/// How the circuit of a class of keys stands.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::cache::expiry::ManualClock;
/// use nebula_memory::cache::layers::{CircuitBreakerLayer, CircuitState, ComputeCache};
///
/// let clock = ManualClock::new();
/// let layer = CircuitBreakerLayer::new().failures(1).open_for(Duration::from_secs(30)).clock(clock.clone());
/// let users = ComputeCache::<u32, u32>::new(100).layer(layer);
/// assert_eq!(users.state(&7), CircuitState::Closed);
/// users.try_get_or_compute(7, || Err("no connection")).unwrap_err();
/// assert_eq!(users.state(&7), CircuitState::Open { retry_in: Duration::from_secs(30) });
/// clock.advance(Duration::from_secs(30));
/// assert_eq!(users.try_get_or_compute(7, || Ok::<_, &str>(1)), Ok(1));
/// assert_eq!(users.state(&7), CircuitState::Closed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CircuitState {
    /// There are loads.
    Closed,
    /// There are none.
    Open {
        /// In how long some are let through.
        retry_in: Duration,
    },
    /// A few are let through, to see how they go.
    HalfOpen,
}

impl<G, T: Clock, S> Breaking<G, T, S> {
    pub(super) fn state<K>(&self, key: &K) -> CircuitState
    where
        G: Classes<K>,
    {
        match self.circuits.standing(self.classes.class(key), self.clock.now()) {
            Standing::Closed => CircuitState::Closed,
            Standing::Open { retry_in } => CircuitState::Open { retry_in },
            Standing::HalfOpen => CircuitState::HalfOpen,
        }
    }

    /// A load, if there may be one, or what is answered instead.
    pub(super) fn call<K, V, E>(
        &self,
        key: &K,
        load: impl FnOnce(&K) -> Result<Loaded<V>, E>,
    ) -> Result<Loaded<V>, BreakerError<E>>
    where
        G: Classes<K>,
        S: Fallback<K, V>,
    {
        let begun = self.stale.begin(key);
        let attempt = match Attempt::begin(self, key) {
            Ok(attempt) => attempt,
            Err(retry_in) => return self.instead(key, BreakerError::Open { retry_in }),
        };
        let result = load(key);
        self.over(key, begun, attempt, result)
    }

    /// What becomes of a load that has come to its end.
    pub(super) fn over<K, V, E, B>(
        &self,
        key: &K,
        begun: u64,
        attempt: Attempt<B, G, T, S>,
        result: Result<Loaded<V>, E>,
    ) -> Result<Loaded<V>, BreakerError<E>>
    where
        S: Fallback<K, V>,
        B: Deref<Target = Self>,
    {
        match result {
            Ok(loaded) => {
                attempt.end(End::Succeeded);
                if loaded.keep {
                    self.stale.keep(key, &loaded.value, begun);
                }
                Ok(loaded)
            }
            Err(error) => {
                attempt.end(End::Failed);
                self.instead(key, BreakerError::Load(error))
            }
        }
    }

    /// The last good value, which is not kept as if it was a new one; or the error.
    pub(super) fn instead<K, V, E>(
        &self,
        key: &K,
        error: BreakerError<E>,
    ) -> Result<Loaded<V>, BreakerError<E>>
    where
        S: Fallback<K, V>,
    {
        self.stale.recall(key).map(|value| Loaded { value, keep: false }).ok_or(error)
    }
}

/// A load that is permitted: whatever happens, it is told how it went.
pub(super) struct Attempt<B: Deref<Target = Breaking<G, T, S>>, G, T: Clock, S> {
    breaking: B,
    class: u64,
    permit: Permit,
    begun: Duration,
    /// How it went if nothing more is heard.
    pub(super) otherwise: End,
}

impl<B: Deref<Target = Breaking<G, T, S>>, G, T: Clock, S> Attempt<B, G, T, S> {
    /// If there may be one; if not, in how long there may be.
    pub(super) fn begin<K>(breaking: B, key: &K) -> Result<Self, Duration>
    where
        G: Classes<K>,
    {
        let class = breaking.classes.class(key);
        let begun = breaking.clock.now();
        let permit = breaking.circuits.ask(class, begun)?;
        // What ends without a result has panicked.
        Ok(Self { breaking, class, permit, begun, otherwise: End::Failed })
    }

    pub(super) fn end(mut self, end: End) {
        self.otherwise = end;
    }
}

impl<B: Deref<Target = Breaking<G, T, S>>, G, T: Clock, S> Drop for Attempt<B, G, T, S> {
    fn drop(&mut self) {
        // Whatever the clock does: nobody else would tell, and there may be another panic.
        let (mut now, mut first) = (self.begun, FirstPanic::default());
        first.run(|| now = self.breaking.clock.now());
        self.breaking.circuits.tell(self.class, now, self.permit, self.otherwise);
    }
}
