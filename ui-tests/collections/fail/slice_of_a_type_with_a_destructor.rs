//! A slice drops nothing: what has to be dropped becomes a box.

use nebula_memory::{Arena, ArenaVec};

fn main() {
    let arena = Arena::new();
    ArenaVec::from_iter_in([String::new()], &arena).into_slice();
}
