//! The slice made of a vector stands in the arena, which cannot be reset under it; nor under the vector.

use nebula_memory::{Arena, ArenaVec};

fn main() {
    let mut arena = Arena::new();
    let slice = ArenaVec::from_iter_in([1, 2, 3], &arena).into_slice();
    arena.reset();
    slice[0] = 4;
    let mut vector = ArenaVec::new_in(&arena);
    arena.reset();
    vector.push(1);
}
