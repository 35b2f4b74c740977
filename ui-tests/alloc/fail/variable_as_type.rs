//! A variable where the type goes.
use nebula_memory::{Arena, alloc};

fn main() {
    let arena = Arena::new();
    let local = 3_u8;
    alloc!(arena, local);
    alloc!(arena, [local; 3]);
}
