//! The arena itself cannot leave the call.
use nebula_memory::arena;

use nebula_memory::{ArenaScope, SystemAllocator};

#[arena]
fn handle<'a>() -> ArenaScope<'a, SystemAllocator, 8> {
    arena
}
#[arena]
fn storage() {
    drop(arena);
    arena.alloc(1);
}

fn main() {}
