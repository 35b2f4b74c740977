//! Only a variable names the scope.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    memory_scope!(Arena::new(), { 1 });
    memory_scope!((a), { 1 });
    let n = String::from("n");
    memory_scope!(n, a, { 1 });
}
