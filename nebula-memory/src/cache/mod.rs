//! What is worth keeping, and what has to go when there is no room.
//!
//! * [`policy`]: who leaves first, as types over one seam
//! * [`expiry`]: entries whose time ends
//! * `hash`: the hasher that caches have unless told otherwise
//! * `listener`: what is told of entries that leave, and why they did
//! * `stats`: [`CacheStats`]
//! * `tags`: groups of places of a hash table, told apart by a byte each
//! * `weight`: how much of the capacity an entry takes

pub mod expiry;
mod hash;
mod listener;
pub mod policy;
mod stats;
mod tags;
mod weight;

pub use hash::DefaultHashBuilder;
pub use listener::{Cause, Listener, NoListener};
pub use stats::CacheStats;
pub use weight::{UnitWeight, Weigher};
