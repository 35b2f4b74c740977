//! What caches do besides keeping: compute what is missing, once for all who ask, and not at all while it only fails.
//!
//! Each layer is a type around a [`Store`], or around another layer, and each is usable alone. What is not asked for is not there
//! when the program is compiled. In which order they are put on makes no difference: a circuit breaker is always around the load,
//! and one load is always for all who wait for it.
//!
//! * `breaker`: [`CircuitBreakerCache`], which computes nothing while that only fails
//! * `by_pointer`: layers that are pointed to
//! * `by_ref`: computing by a key that is lent
//! * `compute`: [`ComputeCache`], which computes what is missing; `asynchronous`: `AsyncCache`, the same for tasks; `both`: what both are
//! * `dedup`: [`DedupCache`], which computes it once for all who ask at the same time
//! * `face`: the methods that all of them have
//! * `layered`: what layers need of each other; `fetch`: a load as a future with a name
//! * `names`: the same by the names of their layers
//! * `store`: what a layer needs of a cache

#[cfg(feature = "async")]
mod asynchronous;
mod both;
mod breaker;
mod by_pointer;
mod by_ref;
mod compute;
mod dedup;
mod face;
#[cfg(feature = "async")]
mod fetch;
mod layered;
#[cfg(feature = "async")]
mod names;
mod store;

#[cfg(feature = "async")]
pub use asynchronous::AsyncCache;
#[cfg(feature = "async")]
pub use breaker::AsyncCircuitBreakerCache;
pub use breaker::{
    BreakerError, CircuitBreakerCache, CircuitBreakerLayer, CircuitState, ClassBy, Classes, Fallback,
    NoStale, OneClass, Stale,
};
pub use compute::ComputeCache;
#[cfg(feature = "async")]
pub use dedup::AsyncDedupCache;
pub use dedup::{DedupCache, DeduplicationLayer, SharedError};
#[cfg(feature = "async")]
pub use layered::AsyncLayered;
pub use layered::{Layer, Layered, Loaded};
#[cfg(feature = "async")]
pub use names::{AsyncComputeCache, AsyncComputeCacheWithCircuitBreaker, AsyncComputeCacheWithDedup};
pub use store::Store;
