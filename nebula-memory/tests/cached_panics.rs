//! Functions whose results are kept, while everything of the user's panics once.
#![cfg(all(not(loom), feature = "cache", feature = "std", feature = "macros"))]
#![expect(
    clippy::needless_pass_by_value,
    clippy::drop_non_drop,
    reason = "what is dropped may panic, some day"
)]

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::cached;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Hash,
    Eq,
    CloneKey,
    CloneValue,
    Body,
    Weigh,
    Key,
    Capacity,
}

thread_local!(static PANICS: Cell<Option<Step>> = const { Cell::new(None) });

/// Panics if it is to, and not again.
fn step(step: Step) {
    if PANICS.get() == Some(step) {
        PANICS.set(None);
        panic!("{step:?}");
    }
}

/// Calls with a panic in it, and whether there was one.
fn panics(at: Step, call: impl FnOnce()) -> bool {
    PANICS.set(Some(at));
    let panicked = catch_unwind(AssertUnwindSafe(call)).is_err();
    assert_eq!(PANICS.replace(None).is_none(), panicked);
    panicked
}

#[derive(Debug)]
struct Key(u32);

impl Clone for Key {
    fn clone(&self) -> Self {
        step(Step::CloneKey);
        Self(self.0)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        step(Step::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        step(Step::Hash);
        self.0.hash(state);
    }
}

#[derive(Debug, PartialEq)]
struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        step(Step::CloneValue);
        Self(self.0)
    }
}

/// What panics does so once, at each place of the call, and the next call is as if nothing had been.
macro_rules! check {
    ($name:ident, $cache:ident) => {
        for at in [Step::Hash, Step::CloneKey, Step::CloneValue, Step::Body, Step::Weigh] {
            assert!(panics(at, || drop($name(Key(1)))), "{at:?}");
            assert!($cache().len() <= 1);
            $cache().clear();
        }
        assert_eq!($name(Key(1)), Value(2));
        for at in [Step::Hash, Step::Eq, Step::CloneValue] {
            assert!(panics(at, || drop($name(Key(1)))), "{at:?}");
            assert_eq!($cache().len(), 1);
        }
        // What is found is neither computed nor weighed, and its key stays as it is.
        for at in [Step::CloneKey, Step::Body, Step::Weigh] {
            assert!(!panics(at, || assert_eq!($name(Key(1)), Value(2))), "{at:?}");
        }
        assert_eq!(($name(Key(2)), $cache().len()), (Value(3), 2));
    };
}

#[test]
fn each_step_may_panic() {
    #[cached(weigh = |_, _| { step(Step::Weigh); 1 }, name = cache)]
    fn next(key: Key) -> Value {
        step(Step::Body);
        Value(key.0 + 1)
    }
    check!(next, cache);
}

#[test]
fn each_step_of_a_flight_may_panic() {
    #[cached(single_flight, weigh = |_, _| { step(Step::Weigh); 1 }, name = cache)]
    fn next(key: Key) -> Value {
        step(Step::Body);
        Value(key.0 + 1)
    }
    check!(next, cache);
    assert_eq!(cache().computing(), 0);
}

#[test]
fn what_makes_a_key_or_a_cache_may_panic() {
    fn capacity() -> usize {
        step(Step::Capacity);
        8
    }
    #[cached(capacity = capacity(), key = |n| -> u32 { step(Step::Key); *n })]
    fn next(n: u32) -> u32 {
        n + 1
    }
    assert!(panics(Step::Capacity, || _ = next(1)));
    assert!(panics(Step::Key, || _ = next(1)));
    assert_eq!((next(1), next(1)), (2, 2));
    assert!(!panics(Step::Capacity, || assert_eq!(next(1), 2)));
}
