//! A field that does not exist.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: 1, y: 2, z: 3 });
}
