//! The heap cannot tell whether a block is its own, and refuses nothing anyway.

use nebula_memory::allocator::Fallback;
use nebula_memory::{BumpAllocator, SystemAllocator};

fn main() {
    let bump = BumpAllocator::new(1000);
    let _memory = Fallback::new(SystemAllocator, &bump);
}
