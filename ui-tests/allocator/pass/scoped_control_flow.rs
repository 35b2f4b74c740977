//! `?`, `return`, `break` and `continue` in a scoped body act on the surrounding function.
#![deny(warnings)]
use nebula_memory::allocator;

fn question(text: &str) -> Result<u32, std::num::ParseIntError> {
    let n = allocator!(scoped bump 4 KiB => |a| {
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

fn main() {
    assert_eq!((question("5"), question("x").is_err(), early()), (Ok(5), true, 7));
    let mut rounds = 0;
    let found = loop {
        allocator!(scoped stack 64 => |a| {
            rounds += *a.alloc(1);
            if rounds < 3 {
                continue;
            }
            break rounds;
        });
    };
    assert_eq!(found, 3);
    let nested = allocator!(scoped bump 64 => |mut a| {
        let n = a.alloc(1);
        *n + *nebula_memory::memory_scope!(a, |_| { &1 })
    });
    assert_eq!(nested, 2);
}
