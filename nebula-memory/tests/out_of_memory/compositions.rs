//! Allocators made of allocators: whichever part is refused, each block goes back to where it is from, and the counts are
//! those of what there is.

use std::alloc::Layout;

use nebula_memory::allocator::{Budgeted, Counters, Fallback, Segregated, Tracked};
use nebula_memory::{
    AllocError, Allocator, Arena, Budget, BumpAllocator, Local, MemoryUsage, Poisoned, PoolAllocator,
    PoolOptions, StackAllocator,
};

use crate::every_call::{Outcome, allow, every_call};
use crate::methods::try_every_method;
use crate::support::heap::Counting;
use crate::support::model::Block;

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).unwrap()
}

/// Blocks that come, grow over every threshold, shrink back below it, and go, in turn. What is refused stays as it was.
fn in_turn<A: Allocator>(memory: &A) -> Outcome {
    let mut blocks: Vec<Block> = Vec::new();
    let mut refused = Ok(());
    let mut note = |outcome: Result<_, AllocError>| outcome.map_err(|error| refused = Err(error)).ok();
    for (step, size) in [8, 200, 40, 3000, 64, 24].into_iter().enumerate() {
        let mark = u8::try_from(step).unwrap();
        let allocated =
            if step % 2 == 0 { memory.allocate(layout(size)) } else { memory.allocate_zeroed(layout(size)) };
        blocks.extend(note(allocated).map(|block| Block::new(block, layout(size), mark)));
        for block in &mut blocks {
            let (old, new) = (block.layout, layout((block.layout.size() * 7 + 8) % 1000));
            let resized = if new.size() > old.size() {
                // SAFETY: allocated there with this layout; the new one is larger.
                unsafe { memory.grow(block.memory, old, new) }
            } else {
                // SAFETY: as above; not larger.
                unsafe { memory.shrink(block.memory, old, new) }
            };
            if let Some(resized) = note(resized) {
                *block = Block::new(resized, new, mark);
            }
        }
        assert!(blocks.iter().all(Block::is_whole), "blocks overlap");
    }
    for block in blocks {
        // SAFETY: allocated there with this layout, and given back once.
        unsafe { memory.deallocate(block.memory, block.layout) };
    }
    refused
}

/// Under every refusal, and once more with memory again.
fn twice<A: Allocator>(memory: &A, heap: &Counting) -> Outcome {
    let outcome = in_turn(memory);
    allow(heap);
    in_turn(memory).unwrap();
    outcome
}

#[test]
fn a_fallback() {
    every_call(|heap, _| {
        let (bump, stack) = (BumpAllocator::new(400), StackAllocator::new(1000));
        // SAFETY: the blocks of the second are the heap's.
        let memory = unsafe { Fallback::new_unchecked(&bump, heap) };
        twice(&memory, heap)?;
        // SAFETY: as above.
        let memory = unsafe { Fallback::new_unchecked(&stack, heap) };
        let outcome = twice(&memory, heap);
        assert_eq!(stack.used(), 0);
        outcome
    });
}

#[test]
fn size_classes() {
    every_call(|heap, _| {
        let options = PoolOptions::new(1);
        let pool = PoolAllocator::try_new_in(Layout::from_size_align(64, 64).unwrap(), &options, heap)?;
        let memory = Segregated::<_, _, 64>::new(&pool, heap);
        let outcome = twice(&memory, heap);
        assert_eq!((pool.blocks_in_use(), pool.first_error()), (0, None));
        outcome
    });
}

#[test]
fn a_budget_charges_only_what_there_is() {
    every_call(|heap, _| {
        let (root, shared) = (Budget::new(1 << 20), Budget::new_shared(1 << 20));
        let child = root.child(1 << 19);
        let memory = Budgeted::new(Budgeted::new(heap, &shared), &child);
        let outcome = twice(&memory, heap);
        assert_eq!((root.used(), child.used(), shared.used()), (0, 0, 0));
        outcome
    });
}

#[test]
fn counters_count_what_there_is() {
    every_call(|heap, _| {
        let memory = Tracked::with_tracker(heap, Counters::<Local>::new());
        let outcome = twice(&memory, heap);
        let counted = memory.tracker().snapshot();
        assert_eq!((counted.in_use, counted.live(), counted.refused), (0, 0, heap.refused.get()));
        outcome
    });
}

#[test]
fn guarded_blocks() {
    every_call(|heap, _| {
        let memory = Poisoned::with_quarantine(heap, 500);
        let outcome = twice(&memory, heap);
        assert_eq!((memory.live_blocks(), memory.first_error()), (0, None));
        memory.check().unwrap();
        outcome
    });
}

#[test]
fn all_of_them_and_an_arena_on_top() {
    every_call(|heap, drops| {
        let budget = Budget::new(1 << 20);
        let bump = BumpAllocator::new(300);
        let options = PoolOptions::new(1);
        let pool = PoolAllocator::try_new_in(Layout::from_size_align(64, 64).unwrap(), &options, heap)?;
        // SAFETY: the blocks of the second are the heap's.
        let large = unsafe { Fallback::new_unchecked(&bump, Poisoned::with_quarantine(heap, 500)) };
        let counted =
            Tracked::with_tracker(Segregated::<_, _, 64>::new(&pool, large), Counters::<Local>::new());
        let memory = Budgeted::new(counted, &budget);
        let outcome = (|| {
            in_turn(&memory)?;
            let arena = Arena::<_, 8>::new_in(&memory);
            try_every_method!(arena, drops, 1200);
            Ok(())
        })();
        assert_eq!(MemoryUsage::used(&budget), 0);
        assert_eq!(memory.allocator().tracker().snapshot().in_use, 0);
        assert_eq!((pool.blocks_in_use(), pool.first_error()), (0, None));
        outcome
    });
}
