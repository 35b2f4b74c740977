//! Without a block the form is shown.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    memory_scope!(a);
    memory_scope!(a, a.alloc(1));
    memory_scope!(a, |s| s.alloc(1));
    memory_scope!("name", a);
    memory_scope!();
    memory_scope!(a, { 1 } { 2 });
    memory_scope!(a.b.c { 1 });
}
