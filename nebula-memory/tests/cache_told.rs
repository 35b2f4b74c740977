//! What leaves a cache all at once: the listener is told of each once, whatever panics meanwhile, and the first panic goes on.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;
use std::sync::Once;
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl};
use nebula_memory::cache::policy::Lru;
use nebula_memory::cache::{Cache, Cause, DefaultHashBuilder, Listener, UnitWeight};

const ENTRIES: u32 = 10;
/// The first ones have expired.
const OVER: u32 = 4;

/// What a cache calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// The listener is told of a key.
    Told(u32),
    /// A key is dropped,
    Key(u32),
    /// or its value.
    Value(u32),
}

/// What was called, and what panics.
struct Log {
    calls: RefCell<Vec<Call>>,
    causes: RefCell<Vec<(u32, Cause)>>,
    breaks: Vec<Call>,
}

impl Log {
    fn call(&self, call: Call) {
        self.calls.borrow_mut().push(call);
        if self.breaks.contains(&call) {
            panic_any(call);
        }
    }
}

/// A key or a value: its drop is a call.
struct Part(Call, Rc<Log>);

impl Drop for Part {
    fn drop(&mut self) {
        self.1.call(self.0);
    }
}

impl Hash for Part {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(number(self));
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Part {}

fn number(&Part(Call::Told(number) | Call::Key(number) | Call::Value(number), _): &Part) -> u32 {
    number
}

struct Listen(Rc<Log>);

impl Listener<Part, Part> for Listen {
    fn left(&self, key: &Part, _: &Part, cause: Cause) {
        self.0.causes.borrow_mut().push((number(key), cause));
        self.0.call(Call::Told(number(key)));
    }
}

type Tried = Cache<Part, Part, PerEntryTtl<Lru, ManualClock>, DefaultHashBuilder, UnitWeight, Listen>;

/// The first panic of something done with a full cache, if anything panics that is in `breaks`. All have left then, each was told
/// of once and why, and dropped once.
fn first_panic(breaks: &[Call], act: impl FnOnce(&mut Option<Tried>)) -> Option<Call> {
    let log = Rc::new(Log { calls: RefCell::default(), causes: RefCell::default(), breaks: breaks.to_vec() });
    let clock = ManualClock::new();
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let mut cache = Cache::builder().capacity(100).policy(policy).listener(Listen(Rc::clone(&log))).build();
    for number in 0..ENTRIES {
        let (key, value) = (Part(Call::Key(number), log.clone()), Part(Call::Value(number), log.clone()));
        let life = Duration::from_secs(if number < OVER { 1 } else { 10 });
        assert!(cache.insert_for(key, value, life).is_none());
    }
    clock.advance(Duration::from_secs(1));

    let mut cache = Some(cache);
    let panic = catch_unwind(AssertUnwindSafe(|| act(&mut cache))).err();
    assert!(cache.is_none_or(|cache| cache.is_empty()), "{breaks:?}: something has not left");
    let mut causes = log.causes.borrow().clone();
    causes.sort_by_key(|told| told.0);
    let why = |number| if number < OVER { Cause::Expired } else { Cause::Removed };
    assert!(causes.into_iter().eq((0..ENTRIES).map(|number| (number, why(number)))), "{breaks:?}");
    let calls = log.calls.borrow();
    for number in 0..ENTRIES {
        for dropped in [Call::Key(number), Call::Value(number)] {
            assert_eq!(calls.iter().filter(|call| **call == dropped).count(), 1, "{breaks:?}: {dropped:?}");
        }
    }
    let panic = panic.map(|panic| *panic.downcast::<Call>().expect("one of the calls"));
    let first = calls.iter().find(|call| breaks.contains(call));
    assert_eq!(panic.as_ref(), first, "{breaks:?}");
    panic
}

/// Whatever panics: one call, or several of a kind.
fn all_are_told(act: impl Fn(&mut Option<Tried>)) {
    static SILENT: Once = Once::new();
    SILENT.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            if !info.payload().is::<Call>() {
                eprintln!("{info}");
            }
        }));
    });
    assert_eq!(first_panic(&[], &act), None);
    for call in [Call::Told, Call::Key, Call::Value] {
        for number in 0..ENTRIES {
            assert_eq!(first_panic(&[call(number)], &act), Some(call(number)));
        }
        for numbers in [0..OVER, OVER..ENTRIES, 0..ENTRIES] {
            let breaks: Vec<Call> = numbers.map(call).collect();
            assert!(first_panic(&breaks, &act).is_some());
        }
    }
}

#[test]
fn by_clear() {
    all_are_told(|cache| {
        if let Some(cache) = cache {
            cache.clear();
        }
    });
}

#[test]
fn by_a_drain_that_is_dropped() {
    all_are_told(|cache| {
        if let Some(cache) = cache {
            drop(cache.drain());
        }
    });
}

#[test]
fn by_a_drain_that_is_asked_for_all() {
    all_are_told(|cache| {
        if let Some(cache) = cache {
            cache.drain().for_each(drop);
        }
    });
}

#[test]
fn by_an_iterator_that_is_dropped() {
    all_are_told(|cache| drop(cache.take().map(IntoIterator::into_iter)));
}

#[test]
fn by_an_iterator_that_is_asked_for_some() {
    all_are_told(|cache| {
        for (entry, _) in cache.take().into_iter().flatten().zip(0..3) {
            drop(entry);
        }
    });
}

#[test]
fn by_what_removes_the_expired_ones() {
    all_are_told(|cache| {
        // The others leave even so.
        struct Clears<'c>(&'c mut Tried);
        impl Drop for Clears<'_> {
            fn drop(&mut self) {
                self.0.clear();
            }
        }
        if let Some(cache) = cache {
            assert_eq!(Clears(cache).0.remove_expired(), OVER as usize);
        }
    });
}
