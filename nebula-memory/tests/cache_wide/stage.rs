//! What caches are given: keys, values, clocks, which may panic whatever they are asked for, and are counted.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::panic::resume_unwind;
use std::rc::Rc;
use std::time::Duration;

use nebula_memory::cache::Cause;
use nebula_memory::cache::expiry::Clock;

/// What a cache calls that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hook {
    Hash,
    Eq,
    Clone,
    DropKey,
    DropValue,
    Weigh,
    Listen,
    Clock,
    Notify,
    Predicate,
    Make,
}

/// What is alive, what the listener was told, what time it is, and when a call panics.
#[derive(Default)]
pub(crate) struct Stage {
    /// How many values there are of each number.
    pub(crate) alive: RefCell<HashMap<u32, u32>>,
    pub(crate) keys: Cell<u32>,
    pub(crate) told: RefCell<Vec<(u8, u32, Cause)>>,
    pub(crate) now: Cell<u64>,
    /// So many calls, and the next one panics.
    pub(crate) trap: Cell<Option<u32>>,
    pub(crate) sprung: Cell<Option<Hook>>,
}

thread_local! {
    pub(crate) static STAGE: Rc<Stage> = Rc::default();
}

pub(crate) fn stage() -> Rc<Stage> {
    STAGE.with(Rc::clone)
}

pub(crate) fn call(hook: Hook) {
    let stage = stage();
    if std::thread::panicking() {
        return;
    }
    match stage.trap.get() {
        Some(0) => {
            stage.trap.set(None);
            stage.sprung.set(Some(hook));
            // No hook of panics is run for it.
            resume_unwind(Box::new(hook));
        }
        left => stage.trap.set(left.map(|left| left - 1)),
    }
}

pub(crate) struct Key(pub(crate) u8);

impl Key {
    pub(crate) fn new(number: u8) -> Self {
        let stage = stage();
        stage.keys.set(stage.keys.get() + 1);
        Self(number)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let stage = stage();
        stage.keys.set(stage.keys.get() - 1);
        call(Hook::DropKey);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        call(Hook::Hash);
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        call(Hook::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        call(Hook::Clone);
        Self::new(self.0)
    }
}

/// A value has a number of its own; its clones have the same.
pub(crate) struct Value {
    pub(crate) number: u32,
    pub(crate) weight: u32,
}

impl Value {
    pub(crate) fn new(number: u32, weight: u32) -> Self {
        *stage().alive.borrow_mut().entry(number).or_default() += 1;
        Self { number, weight }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        {
            let stage = stage();
            let mut alive = stage.alive.borrow_mut();
            let count = alive.get_mut(&self.number).expect("dropped twice");
            *count -= 1;
            if *count == 0 {
                alive.remove(&self.number);
            }
        }
        call(Hook::DropValue);
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        call(Hook::Clone);
        Self::new(self.number, self.weight)
    }
}

/// The time that the stage says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch;

impl Clock for Watch {
    fn now(&self) -> Duration {
        call(Hook::Clock);
        time(stage().now.get())
    }
}

/// All times are multiples of as many nanoseconds, which is as exact as entries are put away.
pub(crate) fn time(steps: u64) -> Duration {
    Duration::from_nanos(steps.saturating_mul(1 << 16))
}
