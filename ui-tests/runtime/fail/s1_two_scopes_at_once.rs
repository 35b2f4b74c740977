//! Two inner scopes of one outer scope cannot be open at once.

use nebula_memory::BumpAllocator;

fn main() {
    let mut bump = BumpAllocator::new(64);
    let mut outer = bump.scope();
    let first = outer.scope();
    let second = outer.scope();
    first.alloc(1_u8);
    second.alloc(2_u8);
}
