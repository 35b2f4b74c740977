//! There is no memory before `initialize`.

use core::alloc::Layout;

use nebula_memory::{BumpAllocator, Exclusive};

fn main() {
    let planned = Exclusive::new(|| BumpAllocator::try_new(64));
    let _ = planned.allocate(Layout::new::<u64>());
}
