//! No loads while they only fail.
//!
//! * `layer`: [`CircuitBreakerLayer`], which says when, for how long and for which keys
//! * `cache`: [`CircuitBreakerCache`], for threads; `async_cache`: `AsyncCircuitBreakerCache`, for tasks; `attempt`: its loads
//! * `both`: what both are; `breaking`: what both do
//! * `circuits`: what is known of all classes of keys; `circuit`: of one
//! * `classes`: which keys fail together
//! * `stale`: what to answer instead
//! * `error`: [`BreakerError`]

#[cfg(feature = "async")]
mod async_cache;
#[cfg(feature = "async")]
mod attempt;
mod both;
mod breaking;
mod cache;
mod circuit;
mod circuits;
mod classes;
mod error;
mod layer;
mod stale;

#[cfg(feature = "async")]
pub use async_cache::AsyncCircuitBreakerCache;
pub use breaking::CircuitState;
pub use cache::CircuitBreakerCache;
pub use classes::{ClassBy, Classes, OneClass};
pub use error::BreakerError;
pub use layer::CircuitBreakerLayer;
pub use stale::{Fallback, NoStale, Stale};
