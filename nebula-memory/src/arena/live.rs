use alloc_crate::sync::Arc;
use core::cell::Cell;
use core::fmt;

use crate::sync::{AtomicUsize, Ordering};

mod sealed {
    pub trait Sealed {}
}

/// Whether an arena counts what is allocated in it: [`Uncounted`] or [`Counted`].
pub trait Counting: sealed::Sealed + 'static {
    /// What an arena counts with.
    #[doc(hidden)]
    type Counter: Counter;

    /// What a scope counts with.
    #[doc(hidden)]
    type ScopeCounter<'a>: Counter;

    /// For a scope of an arena that counts with `counter`.
    #[doc(hidden)]
    fn scope(counter: &Self::Counter) -> Self::ScopeCounter<'_>;

    /// For an inner scope.
    #[doc(hidden)]
    fn inner<'a>(counter: &'a Self::ScopeCounter<'_>) -> Self::ScopeCounter<'a>;
}

/// How an allocation is counted.
pub trait Counter {
    /// One more.
    fn note(&self);

    /// Lets other threads see it.
    fn publish(&self, allocated_bytes: usize);
}

/// Counts nothing and costs nothing: the default.
#[derive(Clone, Copy, Debug)]
pub struct Uncounted;

/// Counts allocations, for one instruction each, for other threads to see; see
/// [`Arena::counted`](crate::Arena::counted).
#[derive(Clone, Copy, Debug)]
pub struct Counted;

impl sealed::Sealed for Uncounted {}
impl sealed::Sealed for Counted {}

impl Counter for () {
    #[inline(always)]
    fn note(&self) {}

    #[inline(always)]
    fn publish(&self, _: usize) {}
}

impl Counting for Uncounted {
    type Counter = ();
    type ScopeCounter<'a> = ();

    #[inline(always)]
    fn scope((): &()) {}

    #[inline(always)]
    fn inner((): &()) {}
}

impl Counting for Counted {
    type Counter = ArenaCounter;
    type ScopeCounter<'a> = ScopeCounter<'a>;

    #[inline(always)]
    fn scope(counter: &ArenaCounter) -> ScopeCounter<'_> {
        ScopeCounter { count: Cell::new(0), arena: counter }
    }

    #[inline(always)]
    fn inner<'a>(counter: &'a ScopeCounter<'_>) -> ScopeCounter<'a> {
        Self::scope(counter.arena)
    }
}

/// Counts in a cell, and tells the world now and then.
#[derive(Debug, Default)]
pub struct ArenaCounter {
    count: Cell<usize>,
    seen: Arc<Seen>,
}

#[derive(Debug)]
struct Seen {
    allocations: AtomicUsize,
    allocated_bytes: AtomicUsize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { allocations: AtomicUsize::new(0), allocated_bytes: AtomicUsize::new(0) }
    }
}

impl ArenaCounter {
    pub(super) fn monitor(&self) -> ArenaMonitor {
        ArenaMonitor { seen: Arc::clone(&self.seen) }
    }

    pub(super) fn allocations(&self) -> usize {
        self.count.get()
    }

    fn add(&self, allocations: usize) {
        self.count.set(self.count.get().wrapping_add(allocations));
        self.tell();
    }

    fn tell(&self) {
        self.seen.allocations.store(self.count.get(), Ordering::Relaxed);
    }
}

impl Counter for ArenaCounter {
    #[inline(always)]
    fn note(&self) {
        self.count.set(self.count.get().wrapping_add(1));
    }

    fn publish(&self, allocated_bytes: usize) {
        self.tell();
        self.seen.allocated_bytes.store(allocated_bytes, Ordering::Relaxed);
    }
}

/// Counts for as long as a scope lives, in a register if the scope is a local variable.
#[derive(Debug)]
pub struct ScopeCounter<'a> {
    count: Cell<usize>,
    arena: &'a ArenaCounter,
}

impl ScopeCounter<'_> {
    /// By value from here on: a pointer to the count would keep it out of its register.
    #[inline(always)]
    fn pass_on(&self) {
        self.arena.add(self.count.take());
    }
}

impl Counter for ScopeCounter<'_> {
    #[inline(always)]
    fn note(&self) {
        self.count.set(self.count.get().wrapping_add(1));
    }

    #[inline(always)]
    fn publish(&self, allocated_bytes: usize) {
        self.pass_on();
        self.arena.publish(allocated_bytes);
    }
}

impl Drop for ScopeCounter<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.pass_on();
    }
}

/// What other threads see of a [`Counted`] arena, while it is used and after it is gone.
///
/// The figures are of the last time that the arena told: when it took a chunk, when a scope ended, at a reset.
#[derive(Clone)]
pub struct ArenaMonitor {
    seen: Arc<Seen>,
}

impl ArenaMonitor {
    /// How many allocations were made in the arena's life.
    pub fn allocations(&self) -> usize {
        self.seen.allocations.load(Ordering::Relaxed)
    }

    /// The bytes of the arena's chunks.
    pub fn allocated_bytes(&self) -> usize {
        self.seen.allocated_bytes.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for ArenaMonitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArenaMonitor")
            .field("allocations", &self.allocations())
            .field("allocated_bytes", &self.allocated_bytes())
            .finish()
    }
}
