//! A handle borrows the arena that its value is in.

use nebula_memory::{AllocHandle, Arena};

fn main() {
    let handle = {
        let arena = Arena::new();
        AllocHandle::new(1, &arena)
    };
    println!("{handle}");
}
