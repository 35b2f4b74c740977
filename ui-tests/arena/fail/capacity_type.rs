//! A capacity of a wrong type is reported at the expression.
use nebula_memory::arena;

#[arena(capacity = "1k")]
fn text() -> u8 {
    *arena.alloc(1)
}

fn main() {}
