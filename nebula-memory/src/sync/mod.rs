//! Threading as a choice of types, and the one door to atomics.
//!
//! * `mode`: [`Local`] and [`Shared`], the types that decide between plain cells and atomics
//! * `asymmetric`: two fences that make one, cheap on one side
//! * `backoff`: [`Backoff`], how to wait in a retry loop
//! * `word`: a number in either mode, what counters and budgets are made of
//! * `thread_id`: small numbers for threads; `numbers`: which of them are in use
//! * `primitives`: atomics of `core`, or of `loom` when a model runs (`--cfg loom`)

#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(crate) mod asymmetric;
mod backoff;
mod mode;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod numbers;
mod primitives;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(crate) mod thread_id;
mod word;

pub use backoff::Backoff;
pub use mode::{Local, Mode, Shared};
#[cfg(all(feature = "stats", target_has_atomic = "64"))]
pub(crate) use numbers::Numbers;
#[cfg(all(any(feature = "stats", feature = "cache"), feature = "std", target_has_atomic = "64"))]
pub(crate) use primitives::AtomicU8;
#[cfg(all(loom, any(feature = "stats", all(feature = "cache", feature = "std"))))]
pub(crate) use primitives::simulator;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(crate) use primitives::{AtomicPtr, Condvar, thread};
#[cfg(target_has_atomic = "64")]
pub(crate) use primitives::{AtomicU32, AtomicU64};
#[cfg(target_has_atomic = "ptr")]
pub(crate) use primitives::{AtomicUsize, Ordering};
#[cfg(feature = "std")]
pub(crate) use primitives::{Mutex, MutexGuard};
pub use word::CountMode;
pub(crate) use word::Word;
