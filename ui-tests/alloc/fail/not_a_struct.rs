//! A struct literal needs a struct.
use nebula_memory::{Arena, alloc};

enum E {
    A,
}

fn main() {
    let a = Arena::new();
    alloc!(a, Missing { x: 1 });
    alloc!(a, u32 { x: 1 });
    alloc!(a, E { x: 1 });
}
