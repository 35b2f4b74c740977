//! Tokens after the description.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, u32 = 1, 2);
    alloc!(a, [u32; 2, 3]);
    alloc!(a, P { x: 1, y: 2 } more);
}
