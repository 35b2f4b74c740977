//! Collections give back pointers that may reach their value and nothing beside it, as a box does. What comes next in the
//! same memory must not be derived from them: Miri sees it if it is.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;

use nebula_memory::{Allocator, Arena, BumpAllocator, StackAllocator, SystemAllocator};
use support::model::Block;

#[test]
fn memory_is_not_reached_through_what_was_given_back() {
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
