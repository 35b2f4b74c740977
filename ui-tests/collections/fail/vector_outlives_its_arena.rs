//! A vector borrows its arena, and so does the slice made of it: neither can leave it.

use nebula_memory::{Arena, ArenaVec};

fn vector() -> ArenaVec<'static, u8> {
    let arena = Arena::new();
    ArenaVec::new_in(&arena)
}

fn slice() -> &'static [u8] {
    let arena = Arena::new();
    ArenaVec::from_iter_in([1, 2, 3], &arena).into_slice()
}

fn main() {
    vector();
    slice();
}
