//! `return`, `?`, `break` and `continue` act on the surrounding function; the expression is evaluated once.
#![deny(warnings)]
use nebula_memory::{Arena, memory_scope};

fn question(a: &mut Arena, text: &str) -> Result<u32, std::num::ParseIntError> {
    let n = memory_scope!("parse", a, {
        let copy = a.alloc_str(text);
        copy.parse::<u32>()?
    });
    Ok(n)
}
fn early(a: &mut Arena) -> u32 {
    memory_scope!(a, {
        if *a.alloc(1) == 1 {
            return 7;
        }
    });
    0
}

fn main() {
    let mut a = Arena::new();
    assert!(question(&mut a, "x").is_err());
    assert_eq!((question(&mut a, "5"), early(&mut a)), (Ok(5), 7));
    let mut rounds = 0;
    let found = 'outer: loop {
        for n in 0..10 {
            memory_scope!(a, {
                rounds += *a.alloc(1);
                if n == 2 {
                    continue;
                }
                if n == 4 {
                    break 'outer n;
                }
            });
        }
    };
    assert_eq!((found, rounds), (4, 5));
    let mut evaluated = 0;
    let mut get = || {
        evaluated += 1;
        Arena::new()
    };
    memory_scope!(get(), |s| {
        let _ = s.alloc(1);
        let _ = s.alloc(2);
    });
    assert_eq!(evaluated, 1);
    let cell = memory_scope!(a, { a.alloc_box(std::cell::RefCell::new(3)).borrow().clone() });
    assert_eq!(cell, 3);
}
