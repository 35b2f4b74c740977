//! All forms, for all that allocates.
#![deny(warnings)]
use nebula_memory::{Arena, BumpAllocator, alloc, arena};
use std::mem::MaybeUninit;

#[derive(Debug, PartialEq)]
struct Point<T> {
    x: T,
    y: Option<T>,
}
struct Pair(u8, u16);
#[derive(Debug)]
struct Borrowed<'a> {
    text: &'a str,
    more: &'a mut [u8],
}
mod inner {
    pub struct Thing<const N: usize> {
        pub bytes: [u8; N],
    }
}

#[arena]
fn in_arena() -> Result<u32, std::num::ParseIntError> {
    let x = 1;
    let point = alloc!(arena, Point { x, y: Some("2".parse()?) });
    Ok(point.x + point.y.unwrap())
}

fn main() {
    let a = Arena::new();
    let uninit: &mut MaybeUninit<u64> = alloc!(a, u64);
    uninit.write(1);
    let value: &mut u64 = alloc!(a, u64 = 2);
    let inferred = alloc!(a, _ = 3_u8);
    let n = 3;
    let slots: &mut [MaybeUninit<u8>] = alloc!(a, [u8; n]);
    assert_eq!((*value, *inferred, slots.len()), (2, 3, 3));
    let squares: &mut [u32] = alloc!(a, [u32; n + 1] = |i| (i * i) as u32);
    assert_eq!(squares, [0, 1, 4, 9]);

    let point: &mut Point<u32> = alloc!(a, Point { x: 1, y: None });
    point.y = Some(2);
    assert_eq!(point, &Point { x: 1, y: Some(2) });
    let _ = alloc!(a, Point::<u8> { x: 1, y: None });
    let _ = alloc!(a, Point<u8> { y: None, x: 1, });
    let pair = alloc!(a, Pair { 1: 2, 0: 1 });
    assert_eq!(pair.0 as u16 + pair.1, 3);
    let thing = alloc!(a, inner::Thing { bytes: [1, 2] });
    assert_eq!(thing.bytes.len(), 2);
    let nested = alloc!(a, Borrowed { text: a.alloc_str("x"), more: alloc!(a, [u8; 2] = |i| i as u8) });
    nested.more[0] = 5;
    assert_eq!((nested.text, &nested.more[..]), ("x", &[5, 1][..]));
    let by_reference = &a;
    let _ = alloc!(by_reference, u8 = 1);
    let bump = BumpAllocator::new(64);
    assert_eq!(*alloc!(bump, u8 = 1), 1);
    assert_eq!(*alloc!(crate = nebula_memory, bump, u8 = 1), 1);
    assert_eq!(in_arena(), Ok(3));
    for i in 0..3 {
        let _ = alloc!(a, Point { x: if i == 1 { continue } else { i }, y: None });
    }
}
