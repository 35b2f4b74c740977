//! What several test files need.
#![allow(dead_code, reason = "not every test file uses everything")]

#[allow(unused_macros, unused_imports, reason = "not every test file uses everything")]
#[cfg(feature = "alloc")]
pub(crate) mod collections;
#[cfg(feature = "alloc")]
pub(crate) mod heap;
#[cfg(feature = "alloc")]
pub(crate) mod model;
#[cfg(all(feature = "cache", feature = "std"))]
pub(crate) mod shelf;
pub(crate) mod stress;
#[cfg(feature = "alloc")]
pub(crate) mod strict;
pub(crate) mod task;

use std::cell::Cell;

/// How many cases a property test runs: as many as `PROPTEST_CASES` says, or else few where each takes long.
pub(crate) fn cases(normally: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    proptest::test_runner::Config {
        cases: if cfg!(miri) { normally.min(8) } else { asked.unwrap_or(normally) },
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}

/// Counts how many of its guards were made and dropped.
#[derive(Default)]
pub(crate) struct Drops {
    made: Cell<usize>,
    dropped: Cell<usize>,
}

impl Drops {
    pub(crate) fn count(&self) -> usize {
        self.dropped.get()
    }

    pub(crate) fn made(&self) -> usize {
        self.made.get()
    }

    pub(crate) fn guard(&self) -> DropGuard<'_> {
        self.made.set(self.made.get() + 1);
        DropGuard(self)
    }
}

/// Counts when it is dropped. Owns nothing, so that leaking it leaks no memory.
pub(crate) struct DropGuard<'a>(&'a Drops);

impl Drop for DropGuard<'_> {
    fn drop(&mut self) {
        self.0.dropped.set(self.0.count() + 1);
    }
}

pub(crate) fn address<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).cast::<u8>().addr()
}
