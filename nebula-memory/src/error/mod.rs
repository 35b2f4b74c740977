//! One error for everything that hands out memory: [`AllocError`].
//!
//! * [`code`](self): the stable [`AllocErrorCode`] and its catalogue text
//! * `alloc_error`: the error value, small and `Copy`
//! * `display`: how it reads
//! * `trail`: the names of the scopes it happened in ([`AllocContext`])

mod alloc_error;
mod code;
mod display;
mod trail;

pub(crate) use alloc_error::out_of_memory;
pub use alloc_error::{AllocError, AllocatorKind};
pub use code::AllocErrorCode;
#[cfg(feature = "std")]
pub use trail::AllocContext;
use trail::Trail;
