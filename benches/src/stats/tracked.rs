//! A block allocated and given back, by allocators that somebody looks at.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr::NonNull;

use nebula_memory::allocator::{Counters, Tracked, Untracked};
use nebula_memory::logging::{Logged, TracingSink};
use nebula_memory::stats::{AllocatorRecorder, SharedHistogram};
use nebula_memory::{AllocError, Allocator, Local, PoolAllocator, Shared};

use crate::barrier::sink_place;
use crate::case::Case;

const PAIRS: u64 = 4096;
const WORDS: Layout = Layout::new::<[u64; 4]>();

/// The fastest that there is to be looked at: a pool of blocks, of which there are always enough.
fn blocks() -> &'static PoolAllocator {
    Box::leak(Box::new(PoolAllocator::for_type::<[u64; 4]>(64)))
}

#[inline(never)]
fn pairs<A: Allocator>(memory: &A) {
    for _ in 0..PAIRS {
        let block: NonNull<u8> = memory.allocate(WORDS).expect("memory").cast();
        sink_place(block.as_ptr());
        // SAFETY: just allocated.
        unsafe { memory.deallocate(block, WORDS) };
    }
}

fn case(cases: &mut Vec<Case>, name: (&'static str, bool), memory: impl Allocator + 'static) {
    cases.push(Case::new("stats/allocation", name, PAIRS, move |rounds| {
        (0..rounds).for_each(|_| pairs(&memory));
    }));
}

/// A wrapper of the global allocator, around the same heap.
#[derive(Clone, Copy)]
struct Global<G: 'static>(&'static G);

// SAFETY: as the heap.
unsafe impl<G: GlobalAlloc> Allocator for Global<G> {
    #[inline(always)]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: never empty here.
        let block = NonNull::new(unsafe { self.0.alloc(layout) }).expect("memory");
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    #[inline(always)]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.0.dealloc(block.as_ptr(), layout) };
    }
}

fn global<G: GlobalAlloc>(cases: &mut Vec<Case>, name: (&'static str, bool), heap: &'static G) {
    cases.push(Case::new("stats/heap", name, PAIRS, move |rounds| {
        (0..rounds).for_each(|_| pairs(&Global(heap)));
    }));
}

static STATS_ALLOC: stats_alloc::StatsAlloc<System> = stats_alloc::StatsAlloc::system();
static CAP: cap::Cap<System> = cap::Cap::new(System, usize::MAX);

pub(super) fn add(cases: &mut Vec<Case>) {
    case(cases, ("PoolAllocator", false), blocks());
    case(cases, ("Tracked by nobody", true), Tracked::with_tracker(blocks(), Untracked));
    case(cases, ("Tracked by Counters", true), Tracked::with_tracker(blocks(), Counters::<Local>::new()));
    case(
        cases,
        ("Tracked by shared Counters", true),
        Tracked::with_tracker(blocks(), Counters::<Shared>::new()),
    );
    case(
        cases,
        ("Tracked by AllocatorRecorder", true),
        Tracked::with_tracker(blocks(), AllocatorRecorder::new()),
    );
    case(
        cases,
        ("Tracked by AllocatorRecorder, with sizes", true),
        Tracked::with_tracker(blocks(), AllocatorRecorder::<SharedHistogram>::with_sizes()),
    );
    case(cases, ("Logged, nobody listens", true), Logged::new("blocks", blocks(), TracingSink::new()));
    global(cases, ("System", false), &System);
    global(cases, ("stats_alloc", false), &STATS_ALLOC);
    global(cases, ("cap", false), &CAP);
}

pub(super) fn check() {
    let memory = Tracked::with_tracker(blocks(), AllocatorRecorder::new());
    pairs(&memory);
    let counted = memory.tracker().stats();
    assert_eq!((counted.allocations, counted.deallocations, counted.in_use), (PAIRS, PAIRS, 0));
    println!("ok  Tracked by AllocatorRecorder");
}
