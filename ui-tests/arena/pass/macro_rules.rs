//! Functions from `macro_rules!`, with the body from the macro or from the caller, and with a name from the caller.
#![deny(warnings)]

macro_rules! whole {
    ($name:ident) => {
        #[nebula_memory::arena]
        fn $name() -> u8 {
            *arena.alloc(1)
        }
    };
}
macro_rules! with_body {
    ($name:ident, $body:block) => {
        #[nebula_memory::arena]
        fn $name() -> u8 $body
    };
}
macro_rules! with_name {
    ($name:ident, $arena:ident, $body:expr) => {
        #[nebula_memory::arena(name = $arena)]
        fn $name() -> u8 {
            $body
        }
    };
}
macro_rules! nothing {
    ($name:ident) => {
        #[nebula_memory::arena]
        fn $name() -> u8 {
            let arena = 5;
            arena
        }
    };
}
whole!(a);
with_body!(b, { *arena.alloc(2) });
with_name!(c, memory, *memory.alloc(3));
nothing!(d);

fn main() {
    assert_eq!((a(), b(), c(), d()), (1, 2, 3, 5));
}
