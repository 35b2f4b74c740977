//! Neither a handle nor what was leaked of one survives a reset.

use nebula_memory::{AllocHandle, Arena};

fn main() {
    let mut arena = Arena::new();
    let handle = AllocHandle::new(String::new(), &arena);
    arena.reset();
    drop(handle);

    let leaked = AllocHandle::leak(AllocHandle::new(1, &arena));
    arena.reset();
    *leaked += 1;
}
