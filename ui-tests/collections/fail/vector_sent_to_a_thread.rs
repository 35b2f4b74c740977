//! A vector of an arena uses it when it grows, and so stays on its thread.

use nebula_memory::{Arena, ArenaVec};

fn main() {
    let arena = Arena::new();
    let mut vector = ArenaVec::from_iter_in([1], &arena);
    std::thread::scope(|threads| {
        threads.spawn(move || vector.push(2));
    });
}
