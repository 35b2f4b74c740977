//! `try_allocate` takes the allocator and gives it back in the state it is in.

use core::alloc::Layout;

use nebula_memory::{BumpAllocator, Exclusive};

fn main() {
    let memory = Exclusive::ready(BumpAllocator::new(64));
    let _first = memory.try_allocate(Layout::new::<u64>());
    let _second = memory.try_allocate(Layout::new::<u64>());
}
