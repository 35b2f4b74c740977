//! A collection borrows its arena, which cannot be reset under it.

use allocator_api2::vec::Vec;
use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let mut numbers = Vec::new_in(&arena);
    numbers.push(1);
    arena.reset();
    numbers.push(2);
}
