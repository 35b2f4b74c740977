//! What counting costs.
//!
//! * `counter`: numbers that threads add to
//! * `histogram`: distributions that threads record in
//! * `tracked`: allocators that are counted, or logged

mod counter;
mod histogram;
mod tracked;

use crate::case::Case;

/// All rows.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    counter::add(&mut cases);
    histogram::add(&mut cases);
    tracked::add(&mut cases);
    cases
}

/// Whether what is counted is what was done.
///
/// # Panics
/// If not.
pub fn check() {
    counter::check();
    histogram::check();
    tracked::check();
}
