//! What is exhausted is reset before it is asked again.

use core::alloc::Layout;

use nebula_memory::{BumpAllocator, Exclusive};

fn main() {
    let ready = Exclusive::ready(BumpAllocator::new(4));
    if let Err(exhausted) = ready.try_allocate(Layout::new::<u64>()) {
        let _ = exhausted.allocate(Layout::new::<u64>());
    }
}
