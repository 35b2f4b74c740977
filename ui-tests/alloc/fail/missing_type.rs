//! Without a type the forms are shown.
use nebula_memory::{Arena, alloc};

fn main() {
    let a = Arena::new();
    alloc!(a);
    alloc!(a,);
    alloc!();
    alloc!(a u32);
}
