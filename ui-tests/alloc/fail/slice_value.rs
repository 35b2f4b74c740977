//! A slice is filled by a function.
use nebula_memory::{Arena, alloc};

fn main() {
    let arena = Arena::new();
    let n = 3;
    alloc!(arena, [u8; 3] = 0);
    alloc!(arena, [u8; n] = [0; 3]);
    alloc!(arena, [u8; n] = [1, 2, 3]);
    alloc!(arena, [Option<u8>; n] = (1, 2));
}
