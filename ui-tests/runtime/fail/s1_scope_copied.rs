//! A scope cannot be copied: both would hand out the same bytes.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let scope = arena.scope();
    let copy = scope;
    scope.alloc(1_u64);
    copy.alloc(2_u64);
}
