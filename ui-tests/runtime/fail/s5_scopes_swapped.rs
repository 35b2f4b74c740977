//! An inner scope cannot take the place of the outer one, and live as long.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let mut other = Arena::new();
    let mut outer = arena.scope();
    let mut longer = other.scope();
    {
        let mut inner = outer.scope();
        std::mem::swap(&mut inner, &mut longer);
    }
    outer.alloc(1_u64);
    longer.alloc(2_u64);
}
