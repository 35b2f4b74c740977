//! Memory without a value cannot be read.
use nebula_memory::{Arena, alloc};

fn main() {
    let a = Arena::new();
    let x: &mut u32 = alloc!(a, u32);
    let y: u32 = alloc!(a, [u32; 4])[0];
}
