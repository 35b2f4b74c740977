//! Collections give back pointers that may reach their value and nothing beside it, as a box does. What comes next in the
//! same memory must not be derived from them: Miri sees it if it is.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;

use nebula_memory::{
    Allocator, Arena, BumpAllocator, PoolAllocator, StackAllocator, SystemAllocator, TypedArena,
};
use support::model::Block;

#[test]
fn s22_memory_is_not_reached_through_what_was_given_back() {
    fn check<A: Allocator>(allocator: A) {
        let layout = |size| Layout::from_size_align(size, 8).unwrap();
        let new = |size| Block::new(allocator.allocate(layout(size)).unwrap(), layout(size), 1);
        // SAFETY: each block is given back once, with its layout.
        let free = |block: Block| unsafe { allocator.deallocate(block.memory, block.layout) };
        let resize = |block: Block, size| {
            let (memory, old) = (block.memory, block.layout);
            let resized = if size > old.size() {
                // SAFETY: allocated with this layout; larger.
                unsafe { allocator.grow(memory, old, layout(size)) }
            } else {
                // SAFETY: allocated with this layout; smaller.
                unsafe { allocator.shrink(memory, old, layout(size)) }
            };
            Block::new(resized.unwrap(), layout(size), 2)
        };
        free(new(8));
        let block = resize(new(64), 128);
        let block = resize(block, 16);
        let next = resize(new(8), 100);
        // Out of order.
        free(block);
        free(next);
        free(new(200));
    }

    let mut arena = Arena::new();
    check(&arena);
    check(&arena.scope());
    let mut bump = BumpAllocator::new(1000);
    check(&bump);
    check(&bump.scope());
    check(&BumpAllocator::new_shared(1000));
    let mut stack = StackAllocator::new(1000);
    check(&stack);
    check(&stack.frame());
    check(SystemAllocator);
}

/// Allocating claims nothing of what is allocated already, whatever becomes of the owner meanwhile.
#[test]
fn s21_values_stay_usable_while_others_are_allocated() {
    macro_rules! check {
        ($memory:expr, |$owner:ident, $index:ident| $alloc:expr) => {{
            let $owner = $memory;
            let mut values: Vec<&mut u64> = Vec::new();
            for $index in 0..50_u64 {
                values.push($alloc);
                for value in &mut values {
                    **value += 1;
                }
            }
            assert!(values.iter().all(|value| **value == 50));
        }};
    }
    let mut arena = Arena::new();
    check!(&arena, |owner, index| owner.alloc(index));
    check!(arena.scope(), |owner, index| owner.alloc(index));
    let mut bump = BumpAllocator::new(1000);
    check!(&bump, |owner, index| owner.alloc(index));
    bump.reset();
    check!(bump.scope(), |owner, index| owner.alloc(index));
    check!(&BumpAllocator::new_shared(1000), |owner, index| owner.alloc(index));
    let mut stack = StackAllocator::new(3000);
    check!(&stack, |owner, index| owner.alloc(index));
    stack.reset();
    check!(stack.frame(), |owner, index| owner.alloc(index));
    check!(&TypedArena::new(), |owner, index| owner.alloc(index));

    let pool = PoolAllocator::for_type::<u64>(3);
    let typed = pool.typed::<u64>().unwrap();
    let mut boxes = Vec::new();
    for index in 0..50_u64 {
        boxes.push(typed.alloc_with(|| index).unwrap());
        for value in &mut boxes {
            **value += 1;
        }
    }
    assert!(boxes.iter().all(|value| **value == 50));

    // The owner moves, its memory does not.
    let mut scope = arena.scope();
    let value = scope.alloc(1_u64);
    let moved = Box::new(scope.scope());
    let inner = moved.alloc(2_u64);
    *value += *inner;
    *inner += *value;
    drop(moved);
    assert_eq!(*value, 3);
}
