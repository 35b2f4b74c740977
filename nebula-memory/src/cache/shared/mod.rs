//! A cache for many threads, whose hits take no lock.
//!
//! * `cache`: [`SharedCache`]; `look`, `change`, `each`, `batch`: what it can do
//! * `shard`: a part of it that needs no other: how readers read; `opening`: how writers get its lock; `writing`: what they do under it
//! * `table`: which cells have which hash, read by anybody
//! * `cells`: places for keys and values that never move
//! * `hazards`: what each thread reads at this moment; `reclaim`: which cells can be used again
//! * `times`, `pins`: entries with a time of their own, and entries that are kept; `then`: what else is done with what comes in
//! * `build`: how it is built
//! * `saved`: snapshots of all there is
//! * `store`: what layers around it need
//! * `books`: the entries of a shard, behind its lock; `room`: what its ranking sees of them
//! * `hits`: hits that a ranking has not been told of
//! * `own`: what a thread changes while it tries to change something
//! * `gone`: entries that have left, until somebody has been told; `leaving`: who tells

mod batch;
mod books;
mod build;
mod cache;
mod cells;
mod change;
mod each;
mod gone;
mod hazards;
mod hits;
mod leaving;
mod look;
mod opening;
mod own;
mod pins;
mod reclaim;
mod room;
#[cfg(feature = "serde")]
mod saved;
mod shard;
mod store;
mod table;
mod then;
mod times;
mod writing;

pub use cache::SharedCache;
