//! A struct is built field by field, so each is given.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

fn main() {
    let a = Arena::new();
    let p = P { x: 1, y: 2 };
    alloc!(a, P { x: 1, ..p });
    alloc!(a, P { #[cfg(any())] x: 1, y: 2 });
}
