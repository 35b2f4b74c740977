//! What is given back is not used any more, and from here: the caller's promise, so not for safe code.

use std::alloc::Layout;

use nebula_memory::{Allocator, Arena, PoolAllocator, SystemAllocator};

fn main() {
    let layout = Layout::new::<u64>();
    let arena = Arena::new();
    let block = (&arena).allocate(layout).unwrap().cast::<u8>();
    (&arena).deallocate(block, layout);
    SystemAllocator.deallocate(block, layout);
    SystemAllocator.grow(block, layout, layout).unwrap();
    let pool = PoolAllocator::for_type::<u64>(4);
    pool.try_deallocate(block).unwrap();
}
