//! What `#[cached]` generates calls into.
//!
//! * `parts`: the arguments of a function as a key, borrowed until it is kept
//! * `keep`: which results are kept, and what of them
//! * `caches`: the cache of a function, or one for each type of a generic one
//! * `call`: looking, computing, keeping
//! * `without_async`: what says that the feature is missing

mod caches;
mod call;
mod keep;
mod parts;
#[cfg(not(feature = "async"))]
mod without_async;

pub use caches::Caches;
#[cfg(feature = "async")]
pub use call::{AsyncDeduplicated, Flight, async_deduplicated, fly_async};
pub use call::{
    Deduplicated, Missed, computed, deduplicated, fly, keep, keep_async, look, look_own, nothing, shared,
};
pub use keep::{All, Keep, OnlyOk, OnlySome};
pub use parts::{OwnPart, Part, lent, lent_to, maybe_lent, maybe_lent_to};
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
