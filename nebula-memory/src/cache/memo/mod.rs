//! What `#[cached]` generates calls into.
//!
//! * `parts`: the arguments of a function as a key, borrowed until it is kept
//! * `keep`: which results are kept, and what of them
//! * `caches`: the cache of a function, or one for each type of a generic one
//! * `call`: looking, computing, keeping
//! * `given`: caches of the user's own for one computation at a time
//! * `with_async`: computing once for all tasks that ask; `without_async`: what says that the feature is missing

mod caches;
mod call;
mod given;
mod keep;
mod parts;
#[cfg(feature = "async")]
mod with_async;
#[cfg(not(feature = "async"))]
mod without_async;

pub use caches::Caches;
pub use call::{
    Deduplicated, Missed, computed, deduplicated, fly, keep, keep_async, look, look_own, nothing, shared,
};
pub use keep::{All, Keep, OnlyOk, OnlySome};
pub use parts::{OwnPart, Part, lent, lent_to, maybe_lent, maybe_lent_to};
#[cfg(feature = "async")]
pub use with_async::{AsyncDeduplicated, Flight, async_deduplicated, fly_async};
#[cfg(not(feature = "async"))]
pub use without_async::{AsyncDeduplicated, async_deduplicated, fly_async};

/// As many results a function keeps unless it is told otherwise.
pub const CAPACITY: usize = 1024;

/// The capacity that the user has written.
///
/// # Panics
///
/// If it is zero.
pub const fn capacity(capacity: usize) -> usize {
    assert!(capacity > 0, "a capacity of zero keeps nothing: leave `#[cached]` out");
    capacity
}
