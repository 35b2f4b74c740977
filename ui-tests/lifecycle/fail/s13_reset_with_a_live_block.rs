//! A block borrows the allocator, which a change of state takes by value.

use core::alloc::Layout;

use nebula_memory::{AllocError, BumpAllocator, Exclusive};

fn main() -> Result<(), AllocError> {
    let memory = Exclusive::ready(BumpAllocator::new(64));
    let block = memory.allocate(Layout::new::<[u64; 4]>())?;
    if let Err(error) = memory.allocate(Layout::new::<[u64; 8]>()) {
        let _reset = memory.into_exhausted(error).reset();
        block[0].write(1);
    }
    Ok(())
}
