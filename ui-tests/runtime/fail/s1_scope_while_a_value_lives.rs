//! A scope of an arena cannot be opened while a value of the arena itself lives: open an outer scope first.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let value = arena.alloc(1_u64);
    arena.scope().alloc(2_u64);
    *value += 1;
}
