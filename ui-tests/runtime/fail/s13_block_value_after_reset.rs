//! A value of a bump allocator cannot be used after it was reset.

use nebula_memory::BumpAllocator;

fn main() {
    let mut bump = BumpAllocator::new(64);
    let value = bump.alloc(1_u64);
    bump.reset();
    *value += 1;
}
