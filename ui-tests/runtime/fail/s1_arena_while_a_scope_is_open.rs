//! While a scope is used, its arena cannot allocate.

use nebula_memory::Arena;

fn main() {
    let mut arena = Arena::new();
    let scope = arena.scope();
    arena.alloc(1_u64);
    scope.alloc(2_u64);
}
