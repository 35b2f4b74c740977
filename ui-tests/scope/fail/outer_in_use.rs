//! While a scope is open the allocator is out of reach.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    let mut b = Arena::new();
    memory_scope!(a, |scope| {
        a.reset();
        scope.alloc(1);
    });
    memory_scope!(b, |scope| {
        let kept = b.alloc(2);
        scope.alloc(*kept);
    });
}
