//! A box of an arena is as `Send` as its value.

use std::rc::Rc;

use nebula_memory::Arena;

fn main() {
    let arena = Arena::new();
    let shared = Rc::new(1);
    let boxed = arena.alloc_box(Rc::clone(&shared));
    std::thread::scope(|threads| {
        threads.spawn(move || drop(boxed));
    });
}
