//! A packed struct cannot be written field by field.
use nebula_memory::{Arena, alloc};

#[repr(packed)]
struct P {
    x: u8,
    y: u32,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: 1, y: 2 });
}
