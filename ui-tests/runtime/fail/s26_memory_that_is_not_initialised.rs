//! Memory that nobody has written is not bytes.

use nebula_memory::{Arena, BumpAllocator};

fn main() {
    let arena = Arena::new();
    let bytes: &mut [u8] = arena.alloc_slice_uninit::<u8>(16);
    let number: &mut u64 = BumpAllocator::new(64).alloc_uninit::<u64>();
    println!("{bytes:?} {number}");
}
