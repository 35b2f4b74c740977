//! `alloc` would never run the destructor.

use nebula_memory::{Arena, BumpAllocator};

fn main() {
    let arena = Arena::new();
    arena.alloc(String::from("leaked"));
    let bump = BumpAllocator::new(64);
    bump.alloc_slice_fill_with(2, |_| Vec::<u8>::new());
}
