//! What several test files need.
#![allow(dead_code, reason = "not every test file uses everything")]

#[cfg(feature = "alloc")]
pub(crate) mod heap;

use std::cell::Cell;

/// How many cases a property test runs: few where each takes long.
pub(crate) fn cases(normally: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        cases: if cfg!(miri) { normally.min(8) } else { normally },
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}

/// Counts how often its guards are dropped.
#[derive(Default)]
pub(crate) struct Drops(Cell<usize>);

impl Drops {
    pub(crate) fn count(&self) -> usize {
        self.0.get()
    }

    pub(crate) fn guard(&self) -> DropGuard<'_> {
        DropGuard(self)
    }
}

/// Counts when it is dropped. Owns nothing, so that leaking it leaks no memory.
pub(crate) struct DropGuard<'a>(&'a Drops);

impl Drop for DropGuard<'_> {
    fn drop(&mut self) {
        self.0.0.set(self.0.count() + 1);
    }
}

pub(crate) fn address<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).cast::<u8>().addr()
}
