//! The standard library's own collections in our allocators, on a nightly compiler.
#![cfg(all(not(loom), feature = "alloc", nebula_nightly))]
#![feature(allocator_api, btreemap_alloc)]

mod support;

use std::alloc::{Allocator, Global, Layout};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use nebula_memory::allocator::interop::{FromStd, Interop};
use nebula_memory::{AllocErrorCode, AllocHandle, Arena, BumpAllocator};
use proptest::prelude::*;
use support::cases;
use support::collections::{Step, check_vectors, everywhere, map_steps, steps};

check_vectors!(vectors, Allocator, Vec);

fn tree<A: Allocator + Copy>(allocator: A, steps: &[(u8, Option<u16>)]) {
    let mut ours = BTreeMap::new_in(allocator);
    let mut theirs = BTreeMap::new();
    for &(key, value) in steps {
        match value.map(Box::new) {
            Some(value) => assert_eq!(ours.insert(key, value.clone()), theirs.insert(key, value)),
            None => assert_eq!(ours.remove(&key), theirs.remove(&key)),
        }
    }
    assert!(ours.clone().iter().eq(&theirs));
    let half = ours.split_off(&128);
    assert!(ours.iter().chain(&half).eq(&theirs));
}

fn deque<A: Allocator + Copy>(allocator: A, steps: &[(u8, Option<u16>)]) {
    let mut ours = VecDeque::new_in(allocator);
    let mut theirs = VecDeque::new();
    for &(key, value) in steps {
        match value.map(Box::new) {
            Some(value) if key % 2 == 0 => {
                ours.push_front(value.clone());
                theirs.push_front(value);
            }
            Some(value) => {
                ours.push_back(value.clone());
                theirs.push_back(value);
            }
            None => assert_eq!(ours.pop_front(), theirs.pop_front()),
        }
    }
    ours.shrink_to_fit();
    assert!(ours.iter().eq(&theirs));
}

/// Counted references: freed by whichever clone of the allocator is last.
fn counted<A: Allocator + Copy>(allocator: A, steps: &[(u8, Option<u16>)]) {
    let mut shared: Vec<Rc<u16, A>> = Vec::new();
    for &(key, value) in steps {
        match value {
            Some(value) => shared.push(Rc::new_in(value, allocator)),
            None if !shared.is_empty() => {
                let rc = shared[usize::from(key) % shared.len()].clone();
                drop(shared.swap_remove(0));
                shared.push(rc);
            }
            None => {}
        }
    }
    assert_eq!(shared.len(), steps.iter().filter(|(_, value)| value.is_some()).count());
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn vectors_agree_with_std(steps in steps()) {
        everywhere!(vectors, &steps);
    }

    #[test]
    fn trees_deques_and_references_agree_with_std(steps in map_steps()) {
        everywhere!(tree, &steps);
        everywhere!(deque, &steps);
        everywhere!(counted, &steps);
    }

    #[test]
    fn ours_stand_on_the_heap_of_std(steps in steps()) {
        vectors(&Arena::<_>::new_in(FromStd(Global)), &steps);
        vectors(&BumpAllocator::<_>::new_in(4 << 20, FromStd(Global)), &steps);
        vectors(Interop(FromStd(Global)), &steps);
    }
}

#[test]
fn boxes_of_trait_objects() {
    let (arena, drops) = (Arena::new(), support::Drops::default());
    let closures: Vec<Box<dyn Fn(u32) -> u32 + '_, _>, _> = {
        let mut closures = Vec::new_in(&arena);
        for n in 0..3_u32 {
            let guard = drops.guard();
            closures.push(Box::new_in(
                move |m| {
                    let _ = &guard;
                    n + m
                },
                &arena,
            ) as Box<dyn Fn(u32) -> u32 + '_, _>);
        }
        closures
    };
    assert_eq!(closures.iter().map(|add| add(10)).sum::<u32>(), 33);
    drop(closures);
    assert_eq!(drops.count(), 3);
}

#[test]
fn an_error_of_std_tells_what_was_asked_for() {
    let layout = Layout::new::<[u8; 100]>();
    let small = BumpAllocator::new(10);
    // Ours as theirs as ours: what the first error knew is lost on the way.
    let error = AllocHandle::try_new([0_u8; 100], FromStd(&small)).unwrap_err();
    assert_eq!(
        (error.code(), error.layout(), error.available()),
        (AllocErrorCode::OutOfMemory, Some(layout), None)
    );
}
