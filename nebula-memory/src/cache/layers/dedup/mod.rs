//! One load for all who wait for it.
//!
//! * `cache`: [`DedupCache`], for threads
//! * `flights`: what is being loaded, found by its key, without calling anything of others under a lock
//! * `flight`: one load of a thread, and who waits for it
//! * `outcome`: what all of them get

mod cache;
mod flight;
mod flights;
mod outcome;

pub use cache::{DedupCache, DeduplicationLayer};
