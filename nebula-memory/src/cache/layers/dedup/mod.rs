//! One load for all who wait for it.
//!
//! * `cache`: [`DedupCache`], for threads; `async_cache`: `AsyncDedupCache`, for tasks; `both`: what both are
//! * `flights`: what is being loaded, found by its key, without calling anything of others under a lock
//! * `flight`: one load of a thread, and who waits for it
//! * `shared_future`: one load of tasks, carried on by any of them; `bell`: what it wakes
//! * `outcome`: what all of them get

#[cfg(feature = "async")]
mod async_cache;
#[cfg(feature = "async")]
mod bell;
mod both;
mod cache;
mod flight;
mod flights;
mod outcome;
#[cfg(feature = "async")]
mod shared_future;

#[cfg(feature = "async")]
pub use async_cache::AsyncDedupCache;
pub use cache::{DedupCache, DeduplicationLayer};
pub use outcome::SharedError;
