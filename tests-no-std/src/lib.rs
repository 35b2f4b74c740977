//! nebula-memory as firmware uses it: no `std`, no heap, nothing but `core`.
//!
//! Each module exercises one tool and panics if it does not do what it should, so that the same code runs as
//! hosted tests (`tests/hosted.rs`) and as a program that has no `std` to fall back on
//! (`src/bin/freestanding.rs`).
#![no_std]

pub mod bump;
pub mod error;
pub mod pool;
#[cfg(target_has_atomic = "64")]
pub mod static_pool;

/// Runs everything.
pub fn all() {
    bump::on_the_stack();
    bump::in_a_static();
    bump::scopes();
    error::reads_well();
    pool::on_the_stack();
    #[cfg(target_has_atomic = "64")]
    {
        static_pool::by_hand();
        static_pool::derived();
        static_pool::reused();
    }
}
