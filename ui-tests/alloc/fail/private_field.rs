//! A private field.
use nebula_memory::{Arena, alloc};

mod inner {
    pub struct P {
        x: u32,
    }
    impl P {
        pub fn x(&self) -> u32 {
            self.x
        }
    }
}

fn main() {
    let a = Arena::new();
    alloc!(a, inner::P { x: 1 });
}
