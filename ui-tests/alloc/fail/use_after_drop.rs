//! The value cannot outlive the allocator.
use nebula_memory::{Arena, alloc};

fn main() {
    let a = Arena::new();
    let x = alloc!(a, u32 = 1);
    drop(a);
    println!("{x}");
}
