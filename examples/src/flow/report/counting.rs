//! The global allocator of the program: the system's, with counters.
//!
//! The thread that runs the engine counts in cells of its own, which costs next to nothing; other threads use
//! atomics. The thread that draws the progress is not counted at all: it belongs to neither memory.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    sync::atomic::{AtomicI64, AtomicU64, Ordering},
};

/// The system's allocator, with counters.
#[derive(Debug, Default, Clone, Copy)]
pub struct CountingAllocator;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Counts in the atomics.
    Helper,
    /// Counts in its own cells.
    Engine,
    /// Does not count.
    Display,
}

struct Own {
    role: Cell<Role>,
    allocations: Cell<u64>,
    live: Cell<i64>,
    peak: Cell<i64>,
}

thread_local! {
    static OWN: Own = const {
        Own { role: Cell::new(Role::Helper), allocations: Cell::new(0), live: Cell::new(0), peak: Cell::new(0) }
    };
}

static HELPER_ALLOCATIONS: AtomicU64 = AtomicU64::new(0);
static HELPER_LIVE: AtomicI64 = AtomicI64::new(0);

/// Makes this the engine's thread, and sets everything to zero.
pub(super) fn begin() {
    HELPER_ALLOCATIONS.store(0, Ordering::Relaxed);
    HELPER_LIVE.store(0, Ordering::Relaxed);
    OWN.with(|own| {
        own.role.set(Role::Engine);
        own.allocations.set(0);
        own.live.set(0);
        own.peak.set(0);
    });
}

/// Allocations and reallocations since `begin`, by all threads that count.
pub(super) fn allocations() -> u64 {
    OWN.with(|own| own.allocations.get()) + HELPER_ALLOCATIONS.load(Ordering::Relaxed)
}

/// The most bytes that were live at one time since `begin`, beyond those that were live then.
pub(super) fn peak() -> u64 {
    OWN.with(|own| own.peak.get()).try_into().unwrap_or(0)
}

/// Leaves this thread out.
pub(super) fn leave_out() {
    OWN.with(|own| own.role.set(Role::Display));
}

#[inline]
fn count(allocations: u64, bytes: i64) {
    // A thread that is just ending has no cells any more; nothing of the engine happens then.
    let _ = OWN.try_with(|own| match own.role.get() {
        Role::Engine => {
            own.allocations.set(own.allocations.get() + allocations);
            let live = own.live.get() + bytes;
            own.live.set(live);
            // Helpers allocate when they start and free when they end: looking here misses nothing.
            let all = live + HELPER_LIVE.load(Ordering::Relaxed);
            if all > own.peak.get() {
                own.peak.set(all);
            }
        }
        Role::Helper => {
            HELPER_ALLOCATIONS.fetch_add(allocations, Ordering::Relaxed);
            HELPER_LIVE.fetch_add(bytes, Ordering::Relaxed);
        }
        Role::Display => {}
    });
}

/// A layout's size is at most `isize::MAX`.
fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

// SAFETY: every method passes its arguments on to the system's allocator and gives back what that gave;
// counting does not allocate.
unsafe impl GlobalAlloc for CountingAllocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, signed(layout.size()));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, signed(layout.size()));
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, -signed(layout.size()));
        // SAFETY: the caller keeps the contract of `dealloc`, and every block comes from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(1, signed(new_size) - signed(layout.size()));
        // SAFETY: the caller keeps the contract of `realloc`, and every block comes from the system's allocator.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}
