//! All kinds of functions.
#![deny(warnings)]
use nebula_memory::arena;
use std::fmt::Display;

/// Docs.
#[arena]
#[inline(never)]
#[must_use]
pub unsafe fn dangerous(p: *const u8) -> u8 {
    let v = arena.alloc(0);
    *v = unsafe { *p };
    *v
}

#[arena]
pub extern "C" fn foreign(a: i32) -> i32 {
    *arena.alloc(a)
}

#[arena]
fn generic<'a, T: Copy + 'a, const N: usize>(values: &'a [T; N], (a, b): (T, T), [c, ..]: [T; 3]) -> impl Iterator<Item = T> + 'a
where
    T: PartialEq,
{
    let copy = arena.alloc_slice_copy(values);
    copy[0] = if a == b { c } else { a };
    let first = copy[0];
    values.iter().copied().map(move |v| if v == first { first } else { v })
}

#[arena]
fn argument(show: impl Display, #[allow(unused)] ignored: u8, _: u8) -> String {
    let text = arena.alloc_str(&show.to_string());
    text.to_uppercase()
}

#[arena]
fn borrowed<'a>(text: &'a str, n: usize) -> &'a str {
    let n = arena.alloc(n);
    &text[..*n]
}

#[arena(capacity = 64 * 1024)]
fn sized() -> u8 {
    *arena.alloc(1)
}

#[arena(capacity = text.len() * 4)]
fn sized_by_argument(text: &str) -> usize {
    arena.alloc_str(text).len()
}

#[arena]
fn unused() {}

#[arena]
fn inner_attributes() -> u8 {
    #![allow(unused_variables)]
    #![allow(clippy::let_unit_value)]
    //! Inner docs.
    let x = 1;
    *arena.alloc(2)
}

#[arena]
fn shadows() -> usize {
    let arena = arena.alloc_str("abc").len();
    arena
}

fn main() {
    let _ = unsafe { dangerous(&1) };
    let _ = foreign(1);
    assert_eq!(generic(&[1, 2], (1, 1), [2, 3, 4]).count(), 2);
    assert_eq!((argument("a", 0, 0), borrowed("abc", 2), sized(), sized_by_argument("x")), ("A".into(), "ab", 1, 1));
    unused();
    assert_eq!((inner_attributes(), shadows()), (2, 3));
}
