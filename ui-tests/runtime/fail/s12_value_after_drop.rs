//! A value of an arena cannot be used after the arena was dropped.

use nebula_memory::Arena;

fn main() {
    let arena = Arena::new();
    let text = arena.alloc_str("gone");
    drop(arena);
    println!("{text}");
}
