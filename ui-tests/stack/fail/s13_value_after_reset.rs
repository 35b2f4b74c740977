//! A value cannot be used after its memory was freed.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(64);
    let value = stack.alloc(1_u64);
    stack.reset();
    *value += 1;
}
