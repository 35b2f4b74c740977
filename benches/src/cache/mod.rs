//! What a look-up and an insertion cost, in caches of one thread and of many.
//!
//! * `contender`: what is measured of a cache; `peers`, `ours`: who is
//! * `workload`: keys, and the order they come in
//! * `exclusive`, `expiry`, `text`, `shared`: the rows
//! * `tails`: how long the longest operations take
//! * `check`: whether everybody does what is measured

mod check;
mod contender;
mod exclusive;
mod expiry;
mod ours;
mod peers;
mod shared;
mod tails;
mod text;
mod workload;

pub use check::check;
pub use tails::{PROBABILITIES, Tails, tails};

use crate::case::Case;

/// All rows.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    exclusive::add(&mut cases);
    expiry::add(&mut cases);
    text::add(&mut cases);
    shared::add(&mut cases);
    cases
}
