//! Without the comma the form is shown.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    memory_scope!(a { a.alloc(1); });
}
