//! No prelude, shadowed names, names of the macro's own variables.
#![deny(warnings)]
mod bare {
    #![no_implicit_prelude]
    pub struct Point {
        pub x: u32,
        pub y: u32,
    }
    pub fn sum() -> u32 {
        let a = ::nebula_memory::Arena::new();
        let (field, building, whole, field_0) = (1, 2, 3, 4);
        let point = ::nebula_memory::alloc!(a, Point { x: field + building, y: whole + field_0 });
        let slot = 5;
        point.x + point.y + *::nebula_memory::alloc!(a, u32 = slot)
    }
}

fn main() {
    assert_eq!(bare::sum(), 15);
}
