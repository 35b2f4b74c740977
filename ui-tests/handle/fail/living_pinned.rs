//! A handle does not pin: its memory may be used again without its value having been dropped.

use std::marker::PhantomPinned;
use std::pin::Pin;

use nebula_memory::{AllocHandle, Arena};

fn main() {
    let arena = Arena::new();
    let pinned = Pin::new(AllocHandle::new(PhantomPinned, &arena));
}
