//! A boxed value with a destructor cannot refer to what is dropped before it.

use nebula_memory::Arena;

struct Prints<'a>(&'a str);

impl Drop for Prints<'_> {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

fn main() {
    let arena = Arena::new();
    let boxed;
    let text = String::from("dropped first");
    boxed = arena.alloc_box(Prints(&text));
}
