//! Allocators made of others.
//!
//! * [`poisoned`]: finds stray writes

#[cfg(feature = "alloc")]
pub mod poisoned;

#[cfg(feature = "alloc")]
pub use poisoned::Poisoned;
