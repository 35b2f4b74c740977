use core::cell::Cell;
use core::ptr;

use super::chance::Chance;
use crate::stats::gauge::Mine;
use crate::sync::AtomicU64;

/// So many scopes can be at hand; a power of two.
const SCOPES: usize = 16;

/// A scope's name, and the cells of one thread for it.
#[derive(Clone, Copy)]
pub(super) struct Scoped {
    pub(super) name: &'static str,
    pub(super) allocations: &'static AtomicU64,
    pub(super) bytes: &'static AtomicU64,
    pub(super) resizes: &'static AtomicU64,
}

/// Where a thread writes: valid for the allocator with this identity, and while the thread has this number.
#[derive(Clone, Copy)]
pub(super) struct Bound {
    pub(super) owner: u64,
    pub(super) number: u32,
    pub(super) deallocations: &'static AtomicU64,
    pub(super) level: Mine,
}

impl Bound {
    /// Whether it is that allocator's and this thread's.
    #[inline(always)]
    pub(super) fn is_of(&self, owner: u64, number: u32) -> bool {
        (self.owner ^ owner) | u64::from(self.number ^ number) == 0
    }
}

/// What a thread knows, of the allocator that it has used last.
pub(super) struct Local {
    pub(super) bound: Cell<Option<Bound>>,
    /// Scopes, by the address of their name; valid as `bound` is.
    scopes: [Cell<Option<Scoped>>; SCOPES],
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
            scopes: [const { Cell::new(None) }; SCOPES],
            countdown: Cell::new(0),
            counts_for: Cell::new(0),
            chance: Cell::new(Chance::UNSEEDED),
            busy: Cell::new(false),
        }
    };
}

impl Local {
    #[inline(always)]
    fn place(&self, name: &'static str) -> &Cell<Option<Scoped>> {
        // Texts stand side by side.
        let address = name.as_ptr().addr();
        &self.scopes[(address ^ address >> 4) % SCOPES]
    }

    /// The scope of this name, if it is at hand. Equal names elsewhere in memory are looked up once more.
    #[inline(always)]
    pub(super) fn scoped(&self, name: &'static str) -> Option<Scoped> {
        self.place(name).get().filter(|scoped| ptr::eq(scoped.name, name))
    }

    pub(super) fn remember(&self, scoped: Scoped) {
        self.place(scoped.name).set(Some(scoped));
    }

    /// Another allocator, or another number.
    pub(super) fn forget(&self) {
        self.bound.set(None);
        self.scopes.iter().for_each(|place| place.set(None));
    }
}
