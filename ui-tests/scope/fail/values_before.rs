//! Values of the allocator itself must be gone before a scope is opened.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    let kept = a.alloc(1);
    memory_scope!(a, {
        a.alloc(2);
    });
    println!("{kept}");
}
