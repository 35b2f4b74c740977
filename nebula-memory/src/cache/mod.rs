//! What is worth keeping, and what has to go when there is no room.
//!
//! * `after`: what is given when something else has gone
//! * `builder`: [`CacheBuilder`], for all caches
//! * `charged`: [`Charged`], whose entries are paid for by a [`Budget`](crate::Budget)
//! * `choice` (feature `serde`): which entries of a snapshot a cache takes
//! * `column`: what stands beside entries, by their ids
//! * `core`: entries, where they are found, and their order: what all calls come down to; all of them are in `core/order`
//! * `entries`: all of them, one after the other
//! * `exclusive`: [`Cache`], of one owner
//! * [`expiry`]: entries whose time ends
//! * `group`: places of an index, a line of memory
//! * `hash`: the hasher that caches have unless told otherwise
//! * `index`: a hash table of ids
//! * `key`: what keys and values of caches are
//! * `layers`: computing what is missing, once, and not while it fails (with `std`)
//! * `listener`: what is told of entries that leave, and why they did
//! * `measured` (feature `stats`): what caches tell those who collect figures
//! * `memo`: what `#[cached]` generates calls into
//! * `named`: caches by the names that they go by elsewhere
//! * `pinnable`: [`Pinnable`], whose entries can be kept
//! * [`policy`]: who leaves first, as types over one seam
//! * `prefetch`: memory that will be needed
//! * `refused`: what did not come in, and caches that cannot be
//! * `shared`: `SharedCache`, for many threads
//! * [`sim`]: what policies would find in a trace of requests
//! * `snapshot` (feature `serde`): `Snapshot`, what is in a cache, to be kept
//! * `stats`: [`CacheStats`]
//! * `table`: the entries, in places that they keep, and the index by which they are found
//! * `tags`: groups of places of a hash table, told apart by a byte each
//! * `tally`: `Counted`, what has been looked up
//! * `tiered` (feature `compression`): a tier of compressed bytes behind one of values
//! * `view`: what a ranking sees of a cache
//! * `weight`: how much of the capacity an entry takes

mod after;
mod builder;
mod charged;
#[cfg(feature = "serde")]
mod choice;
mod column;
mod core;
mod entries;
mod exclusive;
pub mod expiry;
mod group;
mod hash;
mod index;
pub(crate) mod key;
#[cfg(feature = "std")]
pub mod layers;
mod listener;
#[cfg(feature = "stats")]
mod measured;
#[cfg(all(feature = "std", not(loom)))]
pub(crate) mod memo;
mod named;
mod pinnable;
pub mod policy;
mod prefetch;
mod refused;
#[cfg(feature = "std")]
mod shared;
pub mod sim;
#[cfg(feature = "serde")]
mod snapshot;
mod stats;
mod table;
mod tags;
#[cfg(feature = "std")]
mod tally;
#[cfg(feature = "compression")]
mod tiered;
mod view;
mod weight;

pub use builder::CacheBuilder;
pub use charged::Charged;
pub use exclusive::{
    Cache, Drain, Entry, FixedCache, FixedIter, FixedIterMut, InOrder, InPlace, IntoIter, Iter, IterMut,
    OccupiedEntry, VacantEntry,
};
pub use hash::DefaultHashBuilder;
pub use key::{CacheKey, CacheValue};
pub use listener::{Cause, Listener, NoListener};
#[cfg(feature = "std")]
pub use named::{EvictionEntry, EvictionPolicy, EvictionStrategy, StrategyCache};
pub use named::{LfuCache, LruCache, SimpleCache};
pub use pinnable::Pinnable;
pub use refused::{CacheError, Refused};
#[cfg(feature = "std")]
pub use shared::SharedCache;
#[cfg(feature = "serde")]
pub use snapshot::{Saved, Snapshot};
pub use stats::CacheStats;
#[cfg(feature = "std")]
pub use tally::Counted;
#[cfg(all(feature = "compression", feature = "json"))]
pub use tiered::Json;
#[cfg(feature = "compression")]
pub use tiered::{Codec, CodecError, Raw, TieredCache, TieredCacheBuilder, TieredStats};
pub use weight::{UnitWeight, Weigher};
