//! A body without a value, reported as in every function.
use nebula_memory::arena;

#[arena]
fn statement(x: u8) -> u16 {
    arena.alloc(x);
}

#[arena]
fn empty() -> u16 {}

#[arena]
fn block(x: u8) -> u16 {
    if x > 3 {
        return 1;
    }
}

fn main() {}
