//! Minimum alignments are the powers of two up to 16.

use nebula_memory::{Arena, BumpAllocator, SystemAllocator};

fn main() {
    let _ = Arena::<_, 3>::new_in(SystemAllocator);
    let _ = BumpAllocator::<_, 32>::new_in(64, SystemAllocator);
}
