//! A value that must be dropped is refused where the memory is only forgotten.
use nebula_memory::arena;

#[arena]
fn text() -> usize {
    arena.alloc(String::from("x")).len()
}

fn main() { let _ = text(); }
