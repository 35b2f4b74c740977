//! nebula-memory beside the crates a user would pick instead.
//!
//! Every workload is one piece of code, compiled once per contender; a [`Case`] is a workload with a contender. The
//! criterion benches, `compare` and `count` all run the same cases.
//!
//! * [`arena`], [`cache`], [`pool`], [`stats`]: the contenders, the workloads, the rows
//! * [`heap`]: the heap of the program, and another one as a contender
//! * [`case`]: a row of the tables, and its rounds
//! * [`clock`]: how long a thread has been running
//! * [`goal`]: what we want to reach, row by row
//! * [`barrier`]: what keeps the compiler from leaving work out
//! * [`text`]: words to copy
//! * [`threads`]: work that threads do at the same time

pub mod arena;
pub mod barrier;
pub mod cache;
pub mod case;
pub mod clock;
pub mod goal;
pub mod heap;
pub mod pool;
pub mod stats;
pub mod text;
pub mod threads;

pub use case::Case;

/// All cases of all rows. Before anything else is done.
pub fn cases() -> Vec<Case> {
    heap::keep();
    let mut cases = arena::cases();
    cases.extend(pool::cases());
    cases.extend(stats::cases());
    cases.extend(cache::cases());
    cases
}

/// Runs every contender through what it should be able to do.
///
/// # Panics
/// If one of them can't.
pub fn check() {
    arena::check();
    pool::check();
    stats::check();
    cache::check();
}
