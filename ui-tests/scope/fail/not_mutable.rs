//! The allocator must be mutable.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let b = Arena::new();
    memory_scope!(b, { b.alloc(1); });
}
