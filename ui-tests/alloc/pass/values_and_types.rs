//! What looks like a value and is a type.
#![deny(warnings)]

use nebula_memory::{Arena, alloc};

#[allow(non_camel_case_types)]
type c_number = i32;

macro_rules! number {
    () => {
        u16
    };
}

macro_rules! through_groups {
    ($arena:expr, $ty:ty, $value:expr) => {
        alloc!($arena, $ty = $value)
    };
}

struct Generic<'a, T> {
    value: T,
    text: &'a str,
}

fn main() {
    let arena = Arena::new();
    *alloc!(arena, c_number = 1) += 1;
    let _ = alloc!(arena, c_number);
    let _ = alloc!(arena, number!());
    *alloc!(arena, number!() = 4) += 1;
    let _ = alloc!(arena, (u8, fn(u8) -> u8) = (1, |x| x));
    let _ = alloc!(arena, &'static [u8] = b"ab");
    let _ = alloc!(arena, [[u8; 2]; 3] = |_| [0; 2]);
    let make = |index| index + 1;
    let _ = alloc!(arena, [usize; 3] = make);
    let _ = through_groups!(arena, Option<u8>, None);
    let text = String::from("x");
    let boxed = Box::new(&arena);
    let made = alloc!(boxed, Generic { value: 3_u8, text: &text });
    assert_eq!((made.value, made.text), (3, "x"));
    let temporary = *alloc!(Arena::new(), u8 = 7);
    assert_eq!(temporary, 7);
}
