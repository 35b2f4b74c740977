//! One error for everything that hands out memory: [`AllocError`].
//!
//! * `code`: the stable [`AllocErrorCode`] and its catalogue text; `category`: what kind of trouble it is
//! * `alloc_error`: the error value, small and `Copy`
//! * `display`: how it reads; `report`: the same for people, with colours on a terminal
//! * `trail`: the names of the scopes it happened in ([`AllocContext`])
//! * `memory_error`: [`MemoryError`], an error with the story around it, for the upper layers
//! * `counts`: how many errors there were; `recover`: trying again

mod alloc_error;
mod category;
mod code;
#[cfg(all(target_has_atomic = "ptr", not(loom)))]
mod counts;
mod display;
#[cfg(feature = "alloc")]
mod memory_error;
mod recover;
#[cfg(feature = "std")]
mod report;
mod trail;

pub(crate) use alloc_error::out_of_memory;
pub use alloc_error::{AllocError, AllocResult, AllocatorKind, AllocatorState};
pub use category::ErrorCategory;
pub use code::AllocErrorCode;
#[cfg(all(target_has_atomic = "ptr", not(loom)))]
pub use counts::ErrorCounts;
#[cfg(feature = "alloc")]
pub use memory_error::MemoryError;
pub use recover::retry;
#[cfg(feature = "std")]
pub use report::Report;
#[cfg(feature = "std")]
pub use trail::AllocContext;
use trail::Trail;
#[cfg(all(feature = "stats", target_has_atomic = "64", not(loom)))]
pub(crate) use trail::{Names, current, innermost};
