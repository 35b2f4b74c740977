//! A second tier for what had to leave the first: as compressed bytes, of which many more fit into the same memory.
//!
//! * `builder`: [`TieredCacheBuilder`]
//! * `cache`: [`TieredCache`]
//! * `codec`: [`Codec`], how a value becomes bytes and is made of them again
//! * `packed`: bytes as the second tier keeps them, compressed if that is worth it, and sure to be those that went in
//! * `shard`: both tiers of a part of the keys, under one lock
//! * `stats`: [`TieredStats`]
//! * `store`: what layers around it need

mod builder;
mod cache;
mod codec;
mod packed;
mod shard;
mod stats;
mod store;

pub use builder::TieredCacheBuilder;
pub use cache::TieredCache;
#[cfg(feature = "json")]
pub use codec::Json;
pub use codec::{Codec, CodecError, Raw};
pub use stats::TieredStats;
