//! A value of an inner scope cannot be kept by the outer one.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let mut outer = arena.scope();
    let mut kept: &u64 = outer.alloc(0);
    {
        let inner = outer.scope();
        kept = inner.alloc(1);
    }
    outer.alloc(2_u64);
    println!("{kept}");
}
