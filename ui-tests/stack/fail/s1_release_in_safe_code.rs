//! Going back to a marker is the caller's promise that nothing since is used: not for safe code.

use nebula_memory::StackAllocator;

fn main() {
    let stack = StackAllocator::new(64);
    let marker = stack.marker();
    let value = stack.alloc(1_u64);
    let _ = stack.release_to(marker);
    *value += 1;
}
