//! A struct that must be dropped is refused.
use nebula_memory::{Arena, alloc};

struct P {
    x: String,
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: String::new() });
}
