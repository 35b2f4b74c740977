//! Going back to a mark is the caller's promise that nothing since is used: not for safe code.

use nebula_memory::{Arena, Checkpoint};

fn main() {
    let arena = Arena::new();
    let mark = arena.checkpoint();
    let value = arena.alloc(1_u64);
    arena.restore(mark);
    *value += *arena.alloc(2_u64);
}
