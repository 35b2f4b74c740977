//! A destructor may look at what its value refers to.

use nebula_memory::{AllocHandle, SystemAllocator};

struct Prints<'a>(&'a str);

impl Drop for Prints<'_> {
    fn drop(&mut self) {
        println!("{}", self.0);
    }
}

fn main() {
    let _handle;
    let text = String::from("gone");
    _handle = AllocHandle::new(Prints(&text), SystemAllocator);
}
