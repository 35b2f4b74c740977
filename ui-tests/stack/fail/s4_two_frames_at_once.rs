//! Two frames of one allocator cannot be open at once, so they cannot end out of order.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(256);
    let first = stack.frame();
    let second = stack.frame();
    drop(first);
    second.alloc(1_u8);
}
