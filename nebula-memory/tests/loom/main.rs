//! Every interleaving of a few threads on what they share. Run with
//! `RUSTFLAGS="--cfg loom" cargo test -p nebula-memory --release --features async,cache,compression,stats --test loom`.
#![cfg(all(loom, not(shuttle)))]

#[cfg(feature = "std")]
mod block_pool;
mod budget;
#[cfg(feature = "alloc")]
mod bump;
#[cfg(all(feature = "cache", feature = "std"))]
mod cache;
#[cfg(all(feature = "cache", feature = "std"))]
mod cache_expiry;
#[cfg(all(feature = "cache", feature = "std"))]
mod cache_flight;
#[cfg(feature = "compression")]
mod cache_tiered;
mod fixed_pool;
#[cfg(feature = "std")]
mod free_list;
#[cfg(feature = "async")]
mod object_pool;
#[cfg(feature = "stats")]
mod profile;
#[cfg(feature = "std")]
mod shared_arena;
#[cfg(feature = "stats")]
mod stats;
