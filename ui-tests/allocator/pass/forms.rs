//! All forms; `?`, `return`, `break` in a scoped body; arguments evaluated once; arguments from `macro_rules!`.
#![deny(warnings)]
extern crate nebula_memory as renamed;
use nebula_memory::{BumpAllocator, KIB, allocator};

fn question(text: &str) -> Result<u32, std::num::ParseIntError> {
    let n = allocator!(scoped bump 4 * KIB => |a| {
        let copy = a.alloc_str(text);
        copy.parse::<u32>()?
    });
    Ok(n)
}
fn early() -> u32 {
    allocator!(scoped bump, 64 => |a| {
        let _ = a.alloc(1);
        return 7;
    })
}
macro_rules! forward {
    ($kind:ident, $size:expr) => {
        allocator!($kind $size)
    };
    ($($t:tt)*) => {
        allocator!($($t)*)
    };
}

fn main() {
    let a: BumpAllocator = allocator!(bump 64);
    let b: BumpAllocator = allocator!(bump, 4 * KIB,);
    assert_eq!(*a.alloc(1) + *b.alloc(2), 3);
    assert_eq!((question("5"), question("x").is_err(), early()), (Ok(5), true, 7));
    let mut evaluated = 0;
    let size = {
        evaluated += 1;
        64
    };
    assert_eq!(allocator!(scoped bump size => |mut a| { let n = a.alloc(1); *n + *nebula_memory::memory_scope!(a, |_| { &1 }) }), 2);
    assert_eq!(evaluated, 1);
    let found = loop {
        allocator!(scoped bump 64 => |a| {
            if *a.alloc(1) == 1 {
                break 3;
            }
        });
    };
    assert_eq!(found, 3);
    let c = forward!(bump, 64);
    assert_eq!(*c.alloc(1), 1);
    assert_eq!(forward!(scoped bump 64 => |a| { *a.alloc(2) }), 2);
    let d = allocator!(crate = renamed, bump 64);
    assert_eq!(*d.alloc(1), 1);
}
