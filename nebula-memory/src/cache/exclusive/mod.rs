//! The cache of one owner: `&mut self`, no locks, no atomics.
//!
//! * `cache`: [`Cache`], its look-ups
//! * `batch`: many at once
//! * `entry`: the place of a key, to look at and to fill
//! * `fixed`: [`FixedCache`], without a heap: all of its entries in `fixed/all`, who leaves in `fixed/turn`
//! * `insert`: what comes in, and what has to go for it
//! * `leaving`: what has left, and who is told of it
//! * `order`: who leaves next, and all in order
//! * `pins`: what is kept because the user says so
//! * `remove`: what goes because the user says so
//! * `iter`: all there is
//! * `rest`: what has left all at once
//! * `saved`: snapshots of all there is
//! * `times`: entries with a time of their own, and what is over
//! * `traits`: what is printed, copied and collected
//! * `turn`: the entry whose turn it is

mod batch;
mod cache;
mod entry;
mod fixed;
mod insert;
mod iter;
mod leaving;
mod order;
mod pins;
mod remove;
mod rest;
#[cfg(feature = "serde")]
mod saved;
mod times;
mod traits;
mod turn;

pub use cache::Cache;
pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use fixed::{FixedCache, FixedIter, FixedIterMut, InPlace};
pub use iter::{Drain, IntoIter, Iter, IterMut};
pub use order::InOrder;
