//! What is initialized cannot be so again.

use nebula_memory::{AllocError, BumpAllocator, Exclusive};

fn main() -> Result<(), AllocError> {
    let ready = Exclusive::new(|| BumpAllocator::try_new(64)).initialize()?;
    ready.initialize()?;
    Ok(())
}
