//! A field that is missing.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: 1 });
}
