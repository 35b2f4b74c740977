use core::cell::Cell;

use super::chance::Chance;
use super::level::Mine;
use crate::sync::AtomicU64;

/// So many scopes are found without a look at the table.
const RECENT: usize = 8;

/// A scope, and the cells of one thread for it.
#[derive(Clone, Copy)]
pub(super) struct Scoped {
    pub(super) name: &'static str,
    pub(super) allocations: &'static AtomicU64,
    pub(super) bytes: &'static AtomicU64,
}

/// Where a thread writes: valid for the allocator with this identity, and while the thread has this number.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    pub(super) owner: u64,
    pub(super) number: u32,
    pub(super) scoped: Scoped,
    pub(super) deallocations: &'static AtomicU64,
    pub(super) level: Mine,
}

impl Bound {
    /// Whether it is that allocator's and this thread's.
    #[inline(always)]
    pub(super) fn is_of(&self, owner: u64, number: u32) -> bool {
        (self.owner ^ owner) | u64::from(self.number ^ number) == 0
    }

    /// Whether it is for the scope of this name. Equal names elsewhere in memory are found out about when they are looked up.
    #[inline(always)]
    pub(super) fn is_for(&self, name: &'static str) -> bool {
        is_same(self.scoped.name, name)
    }
}

/// Whether they are one text at one place.
#[inline(always)]
fn is_same(one: &'static str, other: &'static str) -> bool {
    core::ptr::eq(one, other)
}

/// What a thread knows, of the allocator that it has used last.
pub(super) struct Local {
    pub(super) bound: Cell<Option<Bound>>,
    /// Scopes of that allocator, by their name's address.
    recent: [Cell<Option<Scoped>>; RECENT],
    /// Bytes to the next sample; there is one when they are negative.
    pub(super) countdown: Cell<i64>,
    /// The allocator that the countdown is for.
    pub(super) counts_for: Cell<u64>,
    pub(super) chance: Cell<Chance>,
    /// A sample is being taken, or names are looked up: no samples of that.
    pub(super) busy: Cell<bool>,
}

// Without a destructor, so that it is there as long as the thread.
std::thread_local! {
    pub(super) static LOCAL: Local = const {
        Local {
            bound: Cell::new(None),
            recent: [const { Cell::new(None) }; RECENT],
            countdown: Cell::new(0),
            counts_for: Cell::new(0),
            chance: Cell::new(Chance::UNSEEDED),
            busy: Cell::new(false),
        }
    };
}

impl Local {
    fn place(&self, name: &'static str) -> &Cell<Option<Scoped>> {
        let address = name.as_ptr().addr();
        &self.recent[(address ^ address >> 3 ^ address >> 6) % RECENT]
    }

    pub(super) fn recent(&self, name: &'static str) -> Option<Scoped> {
        self.place(name).get().filter(|scoped| is_same(scoped.name, name))
    }

    pub(super) fn remember(&self, scoped: Scoped) {
        self.place(scoped.name).set(Some(scoped));
    }

    /// Another allocator, or another number.
    pub(super) fn forget(&self) {
        self.bound.set(None);
        self.recent.iter().for_each(|place| place.set(None));
    }
}
