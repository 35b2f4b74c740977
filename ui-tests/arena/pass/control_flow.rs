//! `return`, `?`, labels, loops, closures and inner items keep their meaning.
#![deny(warnings)]
use nebula_memory::arena;

#[arena]
fn early(flag: bool) -> Option<usize> {
    fn inner(text: &str) -> usize {
        text.len()
    }
    if flag {
        return None;
    }
    let texts = arena.alloc_slice_fill_with(3, |i| i);
    let found = 'outer: loop {
        for text in texts.iter() {
            for n in 0..5 {
                if n == *text + 2 {
                    break 'outer n;
                }
                if n > 3 {
                    continue 'outer;
                }
            }
        }
    };
    let add = |n: usize| *arena.alloc(n) + found;
    Some(add(inner("abc")))
}

#[arena]
fn question(text: &str) -> Result<u32, std::num::ParseIntError> {
    let copy = arena.alloc_str(text);
    let n = arena.alloc(copy.parse::<u32>()?);
    Ok(*n + 1)
}

#[arena]
fn diverges() -> ! {
    let _ = arena.alloc(1);
    std::process::exit(0)
}

fn main() {
    assert_eq!((early(true), early(false)), (None, Some(5)));
    assert!(question("x").is_err());
    assert_eq!(question("4"), Ok(5));
    diverges()
}
