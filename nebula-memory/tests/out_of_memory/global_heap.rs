//! The process's own heap refuses: what lies there beside the blocks (lists of vectors, records, boxes) is asked for in a
//! way that can be answered, and never ends the process.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nebula_memory::{
    AllocError, AllocErrorCode, Allocator, Arena, BumpAllocator, Poisoned, SharedArena, StackAllocator,
    SystemAllocator, TypedArena,
};

use crate::every_call::{Outcome, unwinding};
use crate::support::Drops;

/// The heap of this program, which refuses requests of a thread when told to.
struct Heap;

std::thread_local! {
    static REFUSAL: Cell<Refusal> = const { Cell::new(Refusal::Never) };
    static REFUSED: Cell<bool> = const { Cell::new(false) };
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

/// Which requests are refused, after as many as it says.
#[derive(Clone, Copy)]
enum Refusal {
    Never,
    All(usize),
    One(usize),
}

fn is_refused() -> bool {
    let (refused, next) = match REFUSAL.get() {
        Refusal::Never => (false, Refusal::Never),
        Refusal::All(0) => (true, Refusal::All(0)),
        Refusal::All(left) => (false, Refusal::All(left - 1)),
        Refusal::One(0) => (true, Refusal::Never),
        Refusal::One(left) => (false, Refusal::One(left - 1)),
    };
    REFUSAL.set(next);
    REFUSED.set(REFUSED.get() | refused);
    refused
}

// SAFETY: passes everything on to the system, or refuses it.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused() {
            return std::ptr::null_mut();
        }
        LIVE.set(LIVE.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - 1);
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if is_refused() {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static HEAP: Heap = Heap;

/// Runs a scenario with more and more requests granted, until it needs no more. Nothing but ours may allocate in it: what
/// else does ends the process.
#[track_caller]
fn every_request(refusal: fn(usize) -> Refusal, scenario: impl Fn(&Drops) -> Outcome) {
    // Whatever a thread allocates once is there now.
    let warm = Drops::default();
    scenario(&warm).unwrap();
    for left in 0.. {
        let drops = Drops::default();
        let live = LIVE.get();
        REFUSED.set(false);
        REFUSAL.set(refusal(left));
        let outcome = scenario(&drops);
        REFUSAL.set(Refusal::Never);
        assert_eq!(LIVE.get(), live, "request {left}: a block was leaked");
        assert_eq!(drops.made(), drops.count(), "request {left}: a value was leaked, or dropped twice");
        if let Err(error) = outcome {
            assert_eq!(error.code(), AllocErrorCode::OutOfMemory, "request {left}: {error}");
        }
        assert!(left < 1000, "the scenario has no end");
        if !REFUSED.get() {
            assert!(left > 0 && outcome.is_ok(), "the scenario allocates nothing");
            return;
        }
    }
}

/// Of those that answer with an error value every further request is refused too. A panic needs some memory itself.
#[track_caller]
fn every_request_of_both(errors: impl Fn(&Drops) -> Outcome, panics: impl Fn(&Drops) -> Outcome) {
    every_request(Refusal::All, &errors);
    every_request(Refusal::One, &errors);
    every_request(Refusal::One, &panics);
}

#[test]
fn arenas_of_one_type() {
    every_request_of_both(
        |drops| {
            let mut arena = TypedArena::try_with_capacity(3)?;
            let outcome = (|| {
                let first = arena.try_alloc((drops.guard(), 0))?;
                for number in 1..200 {
                    assert_eq!(arena.try_alloc((drops.guard(), number))?.1, number);
                }
                let more = (0..300).filter(|_| true).map(|number| (drops.guard(), number));
                assert_eq!(arena.try_alloc_extend(more)?[299].1, 299);
                arena.try_alloc_extend((0..10).map(|number| (drops.guard(), number)))?;
                arena.try_reserve(500)?;
                assert_eq!(first.1, 0);
                Ok(())
            })();
            REFUSAL.set(Refusal::Never);
            arena.alloc((drops.guard(), 1));
            assert_eq!((drops.made() - drops.count(), arena.iter_mut().count()), (arena.len(), arena.len()));
            arena.clear();
            outcome
        },
        |drops| {
            let mut arena = unwinding(|| TypedArena::with_capacity(3))?;
            for _ in 0..200 {
                unwinding(|| _ = arena.alloc(drops.guard()))?;
            }
            unwinding(|| _ = arena.alloc_extend((0..300).filter(|_| true).map(|_| drops.guard())))?;
            unwinding(|| arena.extend((0..50).map(|_| drops.guard())))?;
            let all = unwinding(|| arena.into_vec())?;
            assert_eq!(all.len(), 550);
            let guards = (0..100).filter(|_| true).map(|_| drops.guard());
            drop(unwinding(|| guards.collect::<TypedArena<_>>())?);
            Ok(())
        },
    );
}

#[test]
fn allocators_on_the_heap() {
    every_request_of_both(
        |_| {
            let bump = BumpAllocator::try_new(100)?;
            let stack = StackAllocator::try_new(100)?;
            let arena = Arena::try_with_capacity(100)?;
            arena.try_alloc_slice_fill(5000, &1_u8)?;
            drop((bump, stack));
            Ok(())
        },
        |drops| {
            let bump = unwinding(|| BumpAllocator::new(100))?;
            let shared = unwinding(|| BumpAllocator::new_shared(100))?;
            let stack = unwinding(|| StackAllocator::new(100))?;
            let arena = unwinding(|| Arena::with_capacity(100))?;
            unwinding(|| arena.alloc_box((drops.guard(), [0_u8; 5000])))?;
            drop((bump, shared, stack));
            Ok(())
        },
    );
}

/// The list of parts, too.
#[test]
fn parts_of_a_shared_arena() {
    fn in_parts<'s>(
        shared: &'s SharedArena,
        local: impl Fn() -> Result<nebula_memory::ThreadArena<'s>, AllocError>,
    ) -> Outcome {
        let first = local()?;
        let others: [_; 5] = [local()?, local()?, local()?, local()?, local()?];
        for part in others.iter().chain([&first]) {
            assert_eq!(part.try_alloc([7_u8; 2000])?, &[7; 2000]);
        }
        drop((first, others));
        assert!(shared.idle_bytes() >= 6 * 2000, "all parts came back");
        Ok(())
    }
    every_request_of_both(
        |_| {
            let shared = SharedArena::new();
            in_parts(&shared, || shared.try_local())
        },
        |_| {
            let shared = SharedArena::new();
            in_parts(&shared, || unwinding(|| shared.local()))
        },
    );
}

/// The records of guarded blocks, and the list of freed ones.
#[test]
fn records_of_guarded_blocks() {
    let layout = Layout::new::<[u64; 3]>();
    let scenario = |_: &Drops| {
        let memory = Poisoned::with_quarantine(SystemAllocator, 200);
        let mut blocks = [None; 30];
        let outcome = (|| {
            for (index, block) in (0..).zip(&mut blocks) {
                let fresh = memory.allocate(layout)?.cast::<u8>();
                if index % 3 == 0 {
                    // SAFETY: allocated just above, and not used after this.
                    unsafe { memory.try_deallocate(fresh, layout) }?;
                } else {
                    *block = Some(fresh);
                }
            }
            Ok(())
        })();
        for block in blocks.into_iter().flatten() {
            // SAFETY: allocated above, and given back once.
            unsafe { memory.deallocate(block, layout) };
        }
        assert_eq!((memory.live_blocks(), memory.first_error()), (0, None));
        outcome
    };
    every_request_of_both(scenario, scenario);
}

/// On a thread of its own each time, which has no warm arena yet. A refusal is a panic that the caller can catch, and the
/// next call finds memory again.
#[test]
#[cfg(feature = "macros")]
fn c27_functions_with_memory_of_their_own() {
    #[nebula_memory::arena(capacity = 5000)]
    fn sum(depth: u64) -> u64 {
        let numbers = arena.alloc_slice_fill_with(1000, |_| depth);
        numbers[0] + if depth == 0 { 0 } else { sum(depth - 1) }
    }

    for left in 0.. {
        let is_refused = std::thread::spawn(move || {
            REFUSAL.set(Refusal::One(left));
            let outcome = unwinding(|| sum(4));
            REFUSAL.set(Refusal::Never);
            assert_eq!(outcome.is_err(), REFUSED.get() && outcome.is_err());
            assert_eq!(sum(4), 10, "there is memory again");
            REFUSED.get()
        });
        if !is_refused.join().unwrap() {
            assert!(left > 5, "each of the five calls needs memory");
            break;
        }
    }

    // And one that is warm asks for none.
    sum(4);
    REFUSAL.set(Refusal::All(0));
    assert_eq!(sum(4), 10);
    REFUSAL.set(Refusal::Never);
}
