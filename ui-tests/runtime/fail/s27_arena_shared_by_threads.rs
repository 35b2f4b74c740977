//! An arena is used by one thread at a time.

use nebula_memory::Arena;

fn main() {
    let arena = Arena::new();
    std::thread::scope(|threads| {
        threads.spawn(|| arena.alloc(1_u64));
    });
}
