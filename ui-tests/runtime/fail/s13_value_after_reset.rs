//! A value of an arena cannot be used after the arena was reset.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let value = arena.alloc(1_u64);
    arena.reset();
    *value += 1;
}
