//! Not every allocator is an arena.

use nebula_memory::{ArenaVec, SystemAllocator};

fn main() {
    ArenaVec::<u8, _>::new_in(&SystemAllocator);
}
