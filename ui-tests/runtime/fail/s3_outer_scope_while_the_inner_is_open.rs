//! While an inner scope is used, the outer one cannot allocate: it would hand out the same bytes.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let mut outer = arena.scope();
    let inner = outer.scope();
    outer.alloc(1_u64);
    inner.alloc(2_u64);
}
