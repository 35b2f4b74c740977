//! Memory of an arena cannot be pinned: it is reused even if the value was leaked and never dropped.

use std::marker::PhantomPinned;
use std::pin::Pin;

use nebula_memory::Arena;

fn main() {
    let arena = Arena::new();
    let _pinned = Pin::new(arena.alloc_box(PhantomPinned));
}
