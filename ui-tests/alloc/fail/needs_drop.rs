//! A type that must be dropped is refused.
use nebula_memory::{Arena, alloc};

fn main() {
    let a = Arena::new();
    alloc!(a, String = String::new());
}
