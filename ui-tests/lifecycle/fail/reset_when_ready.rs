//! Only what is exhausted is reset.

use nebula_memory::{BumpAllocator, Exclusive};

fn main() {
    let ready = Exclusive::ready(BumpAllocator::new(4));
    let _ = ready.reset();
}
