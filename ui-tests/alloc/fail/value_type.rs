//! A value of a wrong type is reported at the value.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: "x", y: 1 });
    alloc!(a, u32 = "x");
    alloc!(a, [u32; 2] = |_| "x");
    alloc!(a, [u32; "2"]);
}
