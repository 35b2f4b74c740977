//! Arenas and their scopes, over a heap that refuses.

use nebula_memory::{Arena, ArenaOptions, Checkpoint, Counted, Growth, SharedArena};

use crate::every_call::{Outcome, allow, every_call, unwinding};
use crate::methods::{every_method, try_every_method};
use crate::support::Drops;
use crate::support::heap::Counting;

/// Larger than what is left of a chunk, so that every block needs a chunk of its own.
const LARGE: usize = 1200;

/// Chunks that do not become larger, so that many are needed.
fn steady() -> ArenaOptions {
    let mut options = ArenaOptions::new();
    options.growth = Growth::Fixed;
    options
}

/// There is memory again: all of it is as usable as before.
fn goes_on<const MIN_ALIGN: usize>(arena: &mut Arena<&Counting, MIN_ALIGN>, drops: &Drops) {
    allow(arena.backing());
    let outcome = (|| {
        try_every_method!(*arena, drops, LARGE);
        Ok(())
    })();
    let _: () = outcome.map_err(|error: nebula_memory::AllocError| error).unwrap();
    arena.reset();
    assert_eq!(arena.stats().current_used, 0);
    assert_eq!(arena.alloc_slice_fill(LARGE, &1_u8).len(), LARGE);
}

fn arena<const MIN_ALIGN: usize>(heap: &Counting, drops: &Drops) -> Outcome {
    let mut arena = Arena::<_, MIN_ALIGN>::with_options_in(&steady(), heap)?;
    let outcome = (|| {
        let kept = arena.try_alloc([3_u8; 100])?;
        let outcome = (|| {
            try_every_method!(arena, drops, LARGE);
            Ok(())
        })();
        assert_eq!(*kept, [3; 100], "what was there is there");
        outcome
    })();
    goes_on(&mut arena, drops);
    outcome
}

#[test]
fn every_method_of_an_arena() {
    every_call(arena::<1>);
    every_call(arena::<16>);
}

#[test]
fn every_method_of_an_arena_that_panics() {
    every_call(|heap, drops| {
        let mut arena = Arena::<_, 8>::with_options_in(&steady(), heap)?;
        let outcome = (|| {
            every_method!(arena, drops, LARGE);
            Ok(())
        })();
        goes_on(&mut arena, drops);
        outcome
    });
}

/// What the scope has not got is not missed when it has ended, and the values outside are whole.
#[test]
fn every_method_of_a_scope() {
    every_call(|heap, drops| {
        let mut arena = Arena::<_, 8>::with_options_in(&steady(), heap)?;
        let outcome = (|| {
            let mut outer = arena.scope();
            let kept = outer.try_alloc_box((drops.guard(), [5_u8; 100]))?;
            let outcome = (|| {
                let inner = outer.scope();
                try_every_method!(inner, drops, LARGE);
                every_method!(inner, drops, LARGE);
                Ok(())
            })();
            allow(heap);
            assert_eq!(outer.alloc_slice_fill(LARGE, &1_u8).len(), LARGE);
            assert_eq!(kept.1, [5; 100]);
            outcome
        })();
        goes_on(&mut arena, drops);
        outcome
    });
}

#[test]
fn every_method_of_a_counted_arena() {
    every_call(|heap, drops| {
        let arena = Arena::<_, 1, Counted>::counted_in(heap);
        let monitor = arena.monitor();
        let outcome = (|| {
            try_every_method!(arena, drops, 5000);
            arena.try_reserve(200_000)?;
            Ok(())
        })();
        assert_eq!(monitor.allocated_bytes(), arena.allocated_bytes(), "told of every chunk");
        outcome
    });
}

#[test]
fn making_reserving_and_going_back() {
    every_call(|heap, _| {
        let mut options = ArenaOptions::new();
        options.initial_capacity = 3000;
        let mut arena = Arena::<_, 1>::with_options_in(&options, heap)?;
        let other = Arena::<_, 4>::try_with_capacity_in(500, heap)?;
        let third = unwinding(|| Arena::<_, 4>::with_capacity_in(500, heap))?;
        let outcome = (|| {
            other.try_reserve(10_000)?;
            third.try_reserve(10_000)?;
            let mark = arena.checkpoint();
            let outcome = arena.try_alloc_slice_fill(5000, &1_u8).map(drop);
            // SAFETY: the mark is this arena's; what was allocated since is not used.
            unsafe { arena.restore(mark) };
            outcome?;
            arena.try_reserve(50_000)
        })();
        allow(heap);
        arena.reset();
        assert_eq!(arena.alloc_slice_fill(3000, &2_u8).len(), 3000);
        outcome
    });
}

/// One in another: what the inner one has not got is the outer one's to tell.
#[test]
fn an_arena_in_an_arena() {
    every_call(|heap, drops| {
        let outer = Arena::<_, 1>::with_options_in(&steady(), heap)?;
        let inner = Arena::<_, 8>::with_options_in(&steady(), &outer)?;
        try_every_method!(inner, drops, LARGE);
        every_method!(inner, drops, LARGE);
        Ok(())
    });
}

#[test]
fn a_shared_arena() {
    every_call(|heap, drops| {
        let mut shared = SharedArena::<_, 8>::new_in(heap);
        let outcome = (|| {
            let (part, other) = (shared.try_local()?, shared.local());
            try_every_method!(part, drops, 5000);
            every_method!(other, drops, 5000);
            Ok(())
        })();
        allow(heap);
        shared.reset();
        assert_eq!(shared.local().alloc_slice_fill(5000, &1_u8).len(), 5000);
        outcome
    });
}
