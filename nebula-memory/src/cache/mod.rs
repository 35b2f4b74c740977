//! What is worth keeping, and what has to go when there is no room.
//!
//! * `pinnable`: [`Pinnable`], whose entries can be kept
//! * [`policy`]: who leaves first, as types over one seam
//! * `charged`: [`Charged`], whose entries are paid for by a [`Budget`](crate::Budget)
//! * [`expiry`]: entries whose time ends
//! * `hash`: the hasher that caches have unless told otherwise
//! * `listener`: what is told of entries that leave, and why they did
//! * `stats`: [`CacheStats`]
//! * `tags`: groups of places of a hash table, told apart by a byte each
//! * `weight`: how much of the capacity an entry takes

mod charged;
pub mod expiry;
mod hash;
mod listener;
mod pinnable;
pub mod policy;
mod stats;
mod tags;
mod weight;

pub use charged::Charged;
pub use hash::DefaultHashBuilder;
pub use listener::{Cause, Listener, NoListener};
pub use pinnable::Pinnable;
pub use stats::CacheStats;
pub use weight::{UnitWeight, Weigher};
