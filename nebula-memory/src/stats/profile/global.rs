//! The allocator itself.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block, or what is said of it, is not the allocator's | every call is passed on as it came, and what comes back is handed out as it is |
//! | a block is somebody else's before it was written down that it has gone | that is written down first; of a block that is resized it is undone if that fails |
//! | unwinding out of an allocator | nothing here panics: sums wrap, what is full refuses, and no index is unchecked |

use core::alloc::{GlobalAlloc, Layout};
use core::fmt;
use std::alloc::System;
use std::string::String;
use std::time::SystemTime;
use std::vec::Vec;

use super::books::Books;
use super::profile::Profile;
use crate::layout::KIB;
use crate::stats::{
    AllocatorEntry, AllocatorId, AllocatorStats, GlobalStats, Kind, PerformanceStats, StatsSnapshot,
};

/// A global allocator that knows what the program allocates, and in which scope.
///
/// ```
/// use nebula_memory::AllocContext;
/// use nebula_memory::stats::{FoldedExporter, StatsExporter, TrackedGlobal};
///
/// #[global_allocator]
/// static MEMORY: TrackedGlobal = TrackedGlobal::new();
///
/// let words = {
///     let _parse = AllocContext::enter("parse");
///     vec![0_u8; 4 << 20]
/// };
/// assert_eq!(MEMORY.scope("parse").unwrap().bytes, 4 << 20);
/// assert!(MEMORY.stats().in_use >= 4 << 20);
/// println!("{}", FoldedExporter::new().export(&MEMORY.snapshot())?);
/// # drop(words);
/// # Ok::<(), nebula_memory::stats::ExportError>(())
/// ```
///
/// **Exact** are blocks allocated and resized and bytes allocated, for the whole and for each scope, which is the innermost
/// [`AllocContext`] or [`memory_scope!`](crate::memory_scope) of the thread that allocates; and blocks freed and refused, and bytes in
/// use, for the whole. The peak is exact of one thread, and off by 32 KiB at most for each of several. Each thread counts for itself, so no thread waits
/// for another. Making a block larger counts as a resize and as the bytes that were added.
///
/// **Estimated from samples** is what is in use in each scope, and everything about stacks. One in `SAMPLE_EVERY` bytes is looked
/// at, chosen at random; a block that has one is followed until it is freed, and stands for those that had none. Sums are right on
/// average; one of *n* samples is off by about 1/√*n* of itself. Zero means no samples, and none of their code.
/// Stacks need the feature `profile`; without it, places are trails of scopes.
///
/// Blocks have no headers. Names of up to 1024 scopes are told apart, by their text, and 4095 stacks; all others are `(other)`, and
/// what is allocated in no scope is `(none)`. What profiling itself needs comes from the system's allocator, some 2.5 MiB with samples, and
/// is not counted.
///
/// It works before `main`, in destructors of thread-local variables and in a child after `fork`, where only `profile` and `snapshot` may
/// wait for ever, for a lock that a thread of the parent had. In a signal handler no
/// allocator may be called, and this is none that may.
///
/// [`AllocContext`]: crate::AllocContext
pub struct TrackedGlobal<A = System, const SAMPLE_EVERY: usize = { 512 * KIB }> {
    allocator: A,
    books: Books<SAMPLE_EVERY>,
}

impl<const SAMPLE_EVERY: usize> TrackedGlobal<System, SAMPLE_EVERY> {
    /// Over the system's allocator.
    pub const fn new() -> Self {
        Self::over(System)
    }
}

impl<A, const SAMPLE_EVERY: usize> TrackedGlobal<A, SAMPLE_EVERY> {
    /// Over another one.
    ///
    /// ```
    /// use std::alloc::System;
    /// use nebula_memory::stats::TrackedGlobal;
    ///
    /// // Counts, and takes no samples.
    /// static MEMORY: TrackedGlobal<System, 0> = TrackedGlobal::over(System);
    /// ```
    pub const fn over(allocator: A) -> Self {
        Self { allocator, books: Books::new() }
    }

    /// The allocator that the blocks come from.
    pub const fn allocator(&self) -> &A {
        &self.allocator
    }

    /// What was counted until now. O(threads × scopes).
    pub fn stats(&self) -> AllocatorStats {
        // In this order, so that of a block that comes and goes meanwhile rarely just the going is seen.
        let (deallocations, refused) = self.books.counts();
        let mut stats = AllocatorStats { deallocations, refused, ..AllocatorStats::default() };
        for scope in self.books.scopes() {
            stats.allocations += scope.allocations.get();
            stats.resizes += scope.resizes.get();
            stats.bytes += scope.bytes.get();
        }
        stats.in_use = self.books.level().get();
        stats.peak = self.books.level().peak();
        stats
    }

    /// What was counted in the scope of this name, `(none)` being that of no scope; what is in use and was freed are estimates.
    /// `None` if nothing was allocated in it. O(threads).
    pub fn scope(&self, name: &str) -> Option<AllocatorStats> {
        Some(self.books.known_scope(name)?.stats())
    }

    /// The names of scopes in which anything was allocated, in no particular order.
    pub fn scopes(&self) -> Vec<&'static str> {
        self.books.scopes().map(super::scope::Scope::title).collect()
    }

    /// The peak is what is in use now, from here on.
    pub fn reset_peak(&self) {
        self.books.level().reset_peak();
    }

    /// Scopes and stacks. It looks up the names of functions that are not known yet, which may take seconds in a large program;
    /// what that allocates is counted in the scope `(profile)`.
    pub fn profile(&self) -> Profile {
        Profile::of(&self.books)
    }

    /// What was counted and sampled, for a [`StatsExporter`](crate::stats::StatsExporter): the allocator is `global`, and
    /// [`StatsSnapshot::profile`] is there.
    pub fn snapshot(&self) -> StatsSnapshot {
        let begin = std::time::Instant::now();
        let stats = self.stats();
        let profile = self.profile();
        let entry = |(id, (name, kind, stats))| AllocatorEntry {
            id: AllocatorId(id),
            name,
            kind,
            alive: true,
            stats,
        };
        let scopes =
            self.books.scopes().map(|scope| (String::from(scope.title()), Kind::Scope, scope.stats()));
        let whole = (String::from("global"), Kind::Allocator, stats.clone());
        StatsSnapshot {
            at: SystemTime::now(),
            elapsed: profile.elapsed,
            global: GlobalStats {
                allocators: 1,
                allocations: stats.allocations,
                deallocations: stats.deallocations,
                refused: stats.refused,
                bytes: stats.bytes,
                in_use: stats.in_use,
                peak: stats.peak,
            },
            allocators: (1..).zip(core::iter::once(whole).chain(scopes)).map(entry).collect(),
            histograms: Vec::new(),
            performance: PerformanceStats { snapshot: begin.elapsed(), ..PerformanceStats::default() },
            profile: Some(profile),
        }
    }
}

// SAFETY: every call is passed on to an allocator that keeps the contract, and what it says is handed on. Bookkeeping does not
// unwind, and touches no block.
unsafe impl<A: GlobalAlloc, const SAMPLE_EVERY: usize> GlobalAlloc for TrackedGlobal<A, SAMPLE_EVERY> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        let block = unsafe { self.allocator.alloc(layout) };
        self.note(block, layout);
        block
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        let block = unsafe { self.allocator.alloc_zeroed(layout) };
        self.note(block, layout);
        block
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block is the caller's, which gives it back.
        unsafe { self.books.freed(block.addr(), layout.size()) };
        // SAFETY: the caller keeps the contract.
        unsafe { self.allocator.dealloc(block, layout) };
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // First this: when the block has moved, its old address may be another's.
        // SAFETY: the block is the caller's.
        let lifted = unsafe { self.books.lift(block.addr()) };
        // SAFETY: the caller keeps the contract.
        let new = unsafe { self.allocator.realloc(block, layout, new_size) };
        if let Some(sample) = lifted {
            self.books.drop_lifted(sample, new.is_null().then_some(block.addr()));
        }
        if new.is_null() {
            self.books.refused();
        } else {
            self.books.resized(new.addr(), layout.size(), new_size);
        }
        new
    }
}

impl<A, const SAMPLE_EVERY: usize> TrackedGlobal<A, SAMPLE_EVERY> {
    #[inline(always)]
    fn note(&self, block: *mut u8, layout: Layout) {
        if block.is_null() {
            self.books.refused();
        } else {
            self.books.allocated(block.addr(), layout.size());
        }
    }
}

impl<A: Default, const SAMPLE_EVERY: usize> Default for TrackedGlobal<A, SAMPLE_EVERY> {
    fn default() -> Self {
        Self::over(A::default())
    }
}

impl<A, const SAMPLE_EVERY: usize> fmt::Debug for TrackedGlobal<A, SAMPLE_EVERY> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TrackedGlobal").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
