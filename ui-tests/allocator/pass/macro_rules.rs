//! Arguments that come through `macro_rules!`.
#![deny(warnings)]
use nebula_memory::{KIB, allocator};

macro_rules! kind_and_size {
    ($kind:ident, $size:expr) => {
        allocator!($kind $size)
    };
}
macro_rules! pool {
    ($size:expr, $count:literal, $flag:expr) => {
        allocator!(pool $size x $count, { tracked: $flag, budget: $size })
    };
}
macro_rules! unit {
    ($size:literal, $unit:ident) => {
        allocator!(bump $size $unit)
    };
}
macro_rules! tokens {
    ($($t:tt)*) => {
        allocator!($($t)*)
    };
}
macro_rules! scoped {
    ($size:expr, $name:ident, $body:block) => {
        allocator!(scoped bump $size => |$name| $body)
    };
}

fn main() {
    assert_eq!(kind_and_size!(bump, 4 * KIB).capacity(), 4096);
    assert_eq!(kind_and_size!(stack, 64).capacity(), 64);
    assert_eq!(pool!(64, 3, true).tracker().snapshot().live(), 0);
    assert_eq!(unit!(4, KiB).capacity(), 4096);
    assert_eq!(*tokens!(bump, 64, { threading: shared }).alloc(1), 1);
    assert_eq!(tokens!(scoped bump 64 => |a| { *a.alloc(2) }), 2);
    assert_eq!(scoped!(64, a, { *a.alloc(3) }), 3);
}
