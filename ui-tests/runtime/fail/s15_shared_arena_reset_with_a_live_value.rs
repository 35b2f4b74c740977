//! An arena of many threads is reset when no value of any part is used any more, wherever the part is.

use nebula_memory::SharedArena;

fn main() {
    let mut arena = SharedArena::new();
    let text = {
        let part = arena.local();
        &*part.alloc_str("of a part that was given back")
    };
    arena.reset();
    println!("{text}");
}
