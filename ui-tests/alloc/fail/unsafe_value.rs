//! A value is not inside an `unsafe` of the macro.
use nebula_memory::{Arena, alloc};

struct P {
    x: u32,
    y: u32,
}

unsafe fn danger() -> u32 {
    1
}

fn main() {
    let a = Arena::new();
    alloc!(a, P { x: danger(), y: 1 });
    alloc!(a, u32 = danger());
    alloc!(a, [u32; danger() as usize]);
}
