//! A parameter called like the arena.
use nebula_memory::arena;

#[arena]
fn same(arena: u8) -> u8 {
    arena
}
#[arena(name = memory)]
fn named((memory, _): (u8, u8)) -> u8 {
    memory
}

fn main() {}
