//! Arguments that come through `macro_rules!`.
#![deny(warnings)]
use nebula_memory::{Arena, memory_scope};

macro_rules! forward {
    ($a:ident, $body:block) => {
        memory_scope!($a, $body)
    };
}
macro_rules! named {
    ($a:expr, $s:ident, $body:block) => {
        memory_scope!($a, |$s| $body)
    };
}
macro_rules! tokens {
    ($($t:tt)*) => {
        memory_scope!($($t)*)
    };
}

fn main() {
    let mut a = Arena::new();
    assert_eq!(forward!(a, { let n = a.alloc(1); *n }), 1);
    assert_eq!(named!(a, s, { let n = s.alloc(2); *n }), 2);
    assert_eq!(tokens!("name", a, |s| { *s.alloc(3) }), 3);
}
