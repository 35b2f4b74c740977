//! Fields are written to the value, not through its `Deref`.
use nebula_memory::{Arena, alloc};
use std::ops::{Deref, DerefMut};

struct Inner {
    x: u32,
}
static mut TARGET: Inner = Inner { x: 0 };
struct Outer {
    x: u32,
}
impl Deref for Outer {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        panic!("not called")
    }
}
impl DerefMut for Outer {
    fn deref_mut(&mut self) -> &mut Inner {
        panic!("not called")
    }
}

fn main() {
    let a = Arena::new();
    let outer = alloc!(a, Outer { x: 1 });
    assert_eq!(outer.x, 1);
    let _ = &raw const TARGET;
    let _ = Inner { x: 1 }.x;
}
