//! A field given twice.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: 1, y: 2, x: 3 });
}
