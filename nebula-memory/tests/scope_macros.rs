//! `memory_scope!`, `alloc!` and `allocator!` at run time.
#![cfg(all(feature = "macros", feature = "alloc"))]
// Generated code shadows; that is no business of the user's lints.
#![warn(clippy::shadow_reuse)]

use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::{Arena, ArenaScope, BumpAllocator, alloc, allocator, memory_scope};

fn address<T>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}

#[test]
fn a_scope_ends_with_its_block_however_that_is_left() {
    fn question(a: &mut Arena) -> Option<usize> {
        memory_scope!(a, {
            let _ = a.alloc(1_u64);
            None?;
        });
        None
    }
    fn early(a: &mut Arena) -> usize {
        memory_scope!(a, {
            let place = address(a.alloc(1_u64));
            if place != 0 {
                return place;
            }
        });
        0
    }
    let mut a = Arena::with_capacity(1024);
    let first = memory_scope!(a, { address(a.alloc(1_u64)) });
    assert_eq!(question(&mut a), None);
    assert_eq!(early(&mut a), first);
    let panics = catch_unwind(AssertUnwindSafe(|| memory_scope!(a, |s| { panic!("{}", s.alloc(1_u64)) })));
    assert!(panics.is_err());
    for _ in 0..3 {
        memory_scope!(a, {
            if address(a.alloc(1_u64)) == first {
                continue;
            }
            unreachable!();
        });
    }
    assert_eq!(address(a.alloc(1_u64)), first);
}

#[test]
fn scopes_nest_with_the_outer_values_alive() {
    fn inner(scope: &mut ArenaScope<'_>) -> u32 {
        memory_scope!(scope, { *scope.alloc(100) })
    }
    let mut a = Arena::new();
    let total = memory_scope!(a, {
        let outer = a.alloc(1_u32);
        let mut places = Vec::new();
        for _ in 0..3 {
            memory_scope!("inner", a, {
                let value = a.alloc(10_u32);
                places.push(address(value));
                *outer += *value;
            });
        }
        assert!(places.iter().all(|place| *place == places[0]));
        *outer + inner(&mut a)
    });
    assert_eq!(total, 131);
}

#[test]
fn a_bump_allocator_reuses_its_block() {
    let mut bump = BumpAllocator::new(64);
    for round in 0..100_u64 {
        memory_scope!(bump, {
            let block = alloc!(bump, [u64; 6] = |_| round);
            assert_eq!(block.iter().sum::<u64>(), 6 * round);
        });
    }
}

#[cfg(feature = "std")]
#[test]
fn the_name_of_a_scope_is_on_the_trail_of_its_errors() {
    let mut bump = BumpAllocator::new(16);
    let error = memory_scope!("parse", bump, {
        memory_scope!("header", bump, { bump.try_alloc([0_u64; 8]).unwrap_err() })
    });
    let after = bump.try_alloc([0_u64; 8]).unwrap_err();
    assert!(format!("{error:#}").contains("parse › header"), "{error:#}");
    assert!(!format!("{after:#}").contains("parse"), "{after:#}");
}

#[derive(Debug, PartialEq)]
struct Point<'a, T> {
    x: T,
    name: &'a str,
    rest: [u8; 3],
}

#[test]
fn alloc_builds_in_place() {
    let a = Arena::new();
    let uninit: &mut MaybeUninit<u32> = alloc!(a, u32);
    assert_eq!(*uninit.write(5), 5);
    let slots = alloc!(a, [u16; 3]);
    for (index, slot) in slots.iter_mut().enumerate() {
        slot.write(u16::try_from(index).unwrap());
    }
    let point = alloc!(a, Point { name: a.alloc_str("p"), rest: [1, 2, 3], x: *alloc!(a, u8 = 4) });
    point.x += 1;
    assert_eq!(point, &Point { x: 5, name: "p", rest: [1, 2, 3] });
    let empty = alloc!(a, [u64; 0] = |_| unreachable!());
    assert!(empty.is_empty());
}

#[test]
fn a_panic_in_a_value_leaves_nothing_half_built() {
    let a = Arena::new();
    let fail = || -> &str { panic!("value") };
    let panics = catch_unwind(AssertUnwindSafe(|| alloc!(a, Point { x: 1, name: fail(), rest: [0; 3] }).x));
    assert!(panics.is_err());
    assert_eq!(*a.alloc(1), 1);
}

#[test]
fn allocator_makes_what_it_describes() {
    let bump = allocator!(bump 64);
    assert_eq!(*bump.alloc(1), 1);
    let sum = allocator!(scoped bump 256 => |memory| {
        let values = memory.alloc_slice_fill_with(16, |i| i);
        values.iter().sum::<usize>()
    });
    assert_eq!(sum, 120);
    assert!(allocator!(bump, 8).try_alloc([0_u64; 2]).is_err());
}
