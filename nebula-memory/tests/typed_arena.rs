//! Arenas of one type: values are dropped once, never move, and come out in order.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::TypedArena;
use proptest::prelude::*;
use support::{Drops, address, cases};

#[test]
fn c7_every_value_is_dropped_once() {
    let drops = Drops::default();
    let mut arena = TypedArena::new();
    for _ in 0..1000 {
        arena.alloc(drops.guard());
    }
    arena.alloc_extend((0..100).map(|_| drops.guard()));
    assert_eq!((arena.len(), drops.count()), (1100, 0));
    arena.clear();
    assert_eq!((arena.len(), drops.count()), (0, 1100));
    arena.alloc(drops.guard());
    drop(arena);
    assert_eq!(drops.count(), 1101);
}

/// No place is skipped, also in later chunks and after a reset.
#[test]
fn c5_c6_chunks_are_filled_from_their_beginning() {
    let mut arena = TypedArena::new();
    for _ in 0..3 {
        let places: Vec<usize> = (0..129_u64).map(|value| address(arena.alloc(value))).collect();
        let breaks = places.windows(2).filter(|pair| pair[1] != pair[0] + 8).count();
        assert!(breaks <= 1, "one vector to the next, {breaks} breaks");
        arena.clear();
    }
}

/// What is kept by `clear` is as large as it was, and full before there is more.
#[test]
fn c6_a_kept_vector_is_filled_in_full() {
    let mut arena = TypedArena::new();
    arena.alloc_extend(0..1000_u64);
    for _ in 0..3 {
        arena.clear();
        let places: Vec<usize> = (0..1000).map(|value| address(arena.alloc(value))).collect();
        assert!(places.windows(2).all(|pair| pair[1] == pair[0] + 8));
        assert!(arena.iter_mut().map(|value| *value).eq(0..1000));
    }
}

/// More than doubling ever leads to.
#[test]
fn c1_more_values_than_any_usual_vector_has() {
    let count = if cfg!(miri) { 3000 } else { 3 << 20 };
    let mut arena = TypedArena::with_capacity(1);
    arena.alloc(1_u8);
    assert_eq!(arena.alloc_extend((0..count).map(|_| 2)).len(), count);
    arena.try_reserve(2 * count).unwrap();
    arena.alloc(3);
    assert_eq!((arena.len(), arena.iter_mut().last()), (count + 2, Some(&mut 3)));
}

#[test]
fn s10_values_of_no_size_are_aligned() {
    #[derive(Clone, Copy)]
    #[repr(align(256))]
    struct Nothing;
    let arena = TypedArena::new();
    for _ in 0..5 {
        assert_eq!(address(arena.alloc(Nothing)) % 256, 0);
        assert_eq!(address(arena.alloc_extend([Nothing; 3])) % 256, 0);
    }
    assert_eq!(arena.len(), 20);
}

#[test]
fn s23_values_stay_where_they_are() {
    let arena = TypedArena::new();
    let first = arena.alloc(Cell::new(1_u32));
    let rest: Vec<&mut Cell<u32>> =
        (0..if cfg!(miri) { 300 } else { 10_000 }).map(|i| arena.alloc(Cell::new(i))).collect();
    first.set(7);
    assert_eq!(first.get(), 7);
    assert!(rest.iter().zip(0..).all(|(cell, i)| cell.get() == i));
}

#[test]
fn values_may_refer_to_each_other() {
    struct Node<'a> {
        name: String,
        next: Cell<Option<&'a Node<'a>>>,
    }
    let arena = TypedArena::new();
    let nodes: Vec<&Node<'_>> =
        (0..100).map(|i| &*arena.alloc(Node { name: i.to_string(), next: Cell::new(None) })).collect();
    for (i, node) in nodes.iter().enumerate() {
        node.next.set(Some(nodes[(i + 1) % nodes.len()]));
    }
    assert_eq!(nodes[99].next.get().unwrap().next.get().unwrap().name, "1");
}

#[test]
fn any_type_will_do() {
    #[derive(Debug, PartialEq)]
    #[repr(align(4096))]
    struct Page(u8);
    #[derive(Debug, PartialEq)]
    struct Nothing;
    let pages = TypedArena::new();
    for i in 0..5 {
        assert_eq!(address(pages.alloc(Page(i))) % 4096, 0);
    }
    assert_eq!(pages.into_vec(), (0..5).map(Page).collect::<Vec<_>>());

    let drops = Drops::default();
    let many = TypedArena::with_capacity(0);
    many.alloc_extend((0..10).map(|_| drops.guard()));
    drop(many);
    assert_eq!(drops.count(), 10);

    let mut nothing: TypedArena<Nothing> = TypedArena::default();
    for _ in 0..1000 {
        nothing.alloc(Nothing);
    }
    assert_eq!((nothing.len(), nothing.iter_mut().count()), (1000, 1000));
}

#[test]
fn living_iterators_may_allocate_in_the_arena_they_fill() {
    let arena = TypedArena::new();
    let outer = arena.alloc_extend((0..50_u32).map(|i| *arena.alloc(i * 1000) + arena.alloc_extend([1])[0]));
    assert!(outer.iter().zip(0..).all(|(value, i)| *value == i * 1000 + 1));
    assert_eq!(arena.len(), 150);
}

#[test]
fn a_panic_drops_each_value_once() {
    struct Bomb<'a>(#[expect(dead_code, reason = "dropped")] support::DropGuard<'a>, bool);
    impl Drop for Bomb<'_> {
        fn drop(&mut self) {
            assert!(!self.1, "bomb");
        }
    }
    let drops = Drops::default();
    let arena = TypedArena::new();
    for i in 0..300 {
        arena.alloc(Bomb(drops.guard(), i == 150));
    }
    assert!(catch_unwind(AssertUnwindSafe(|| drop(arena))).is_err());
    assert_eq!(drops.count(), 300);

    let arena = TypedArena::new();
    let collected = catch_unwind(AssertUnwindSafe(|| {
        arena.alloc_extend((0..10).map(|i| if i == 5 { panic!("iterator") } else { drops.guard() }));
    }));
    assert!(collected.is_err() && arena.is_empty());
    assert_eq!(drops.count(), 305);
}

#[test]
fn reserving_is_answered() {
    let arena = TypedArena::<u64>::new();
    arena.try_reserve(100).unwrap();
    let first = address(arena.alloc(0));
    assert!((1..100).all(|i| address(arena.alloc(i)) == first + 8 * usize::try_from(i).unwrap()));
    assert!(arena.try_reserve(usize::MAX).is_err());
    assert!(arena.try_reserve(usize::MAX / 16).is_err());
    assert_eq!(arena.len(), 100);
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn like_a_vector(steps in prop::collection::vec(prop_oneof![
        8 => (0..4_usize).prop_map(|_| 1),
        2 => 0..600_usize,
        1 => Just(usize::MAX),
    ], 0..40)) {
        let mut arena = TypedArena::new();
        let mut model: Vec<String> = Vec::new();
        for step in steps {
            match step {
                usize::MAX => {
                    arena.clear();
                    model.clear();
                }
                1 => {
                    let value = model.len().to_string();
                    prop_assert_eq!(&*arena.alloc(value.clone()), &value);
                    model.push(value);
                }
                many => {
                    let values: Vec<String> = (0..many).map(|i| (model.len() + i).to_string()).collect();
                    prop_assert_eq!(&*arena.alloc_extend(values.clone()), &*values);
                    model.extend(values);
                }
            }
            prop_assert_eq!(arena.len(), model.len());
            prop_assert!(arena.iter_mut().map(|value| &*value).eq(model.iter()));
        }
        prop_assert_eq!(arena.into_vec(), model);
    }
}
