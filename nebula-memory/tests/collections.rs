//! Collections of other crates in our allocators, against the standard library's own.
#![cfg(all(not(loom), feature = "alloc", feature = "allocator-api2"))]

mod support;

use std::collections::HashMap;

use allocator_api2::alloc::Allocator as Api2;
use allocator_api2::boxed::Box as BoxIn;
use allocator_api2::vec::Vec as VecIn;
use hashbrown::{DefaultHashBuilder, HashMap as MapIn};
use nebula_memory::{Arena, BumpAllocator, SystemAllocator};
use proptest::prelude::*;
use support::cases;

#[derive(Clone, Debug)]
enum Step {
    Push(u32),
    Pop,
    Insert(usize, u32),
    Reserve(usize),
    Shrink,
    Truncate(usize),
    Extend(Vec<u32>),
    NewVec,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any::<u32>().prop_map(Step::Push),
        1 => Just(Step::Pop),
        1 => (any::<usize>(), any::<u32>()).prop_map(|(at, value)| Step::Insert(at, value)),
        1 => (0..200_usize).prop_map(Step::Reserve),
        1 => Just(Step::Shrink),
        1 => (0..20_usize).prop_map(Step::Truncate),
        2 => prop::collection::vec(any::<u32>(), 0..40).prop_map(Step::Extend),
        1 => Just(Step::NewVec),
    ];
    prop::collection::vec(step, 0..80)
}

/// Several vectors in one allocator, of which the last grows: as the last block, and as one that is not.
fn vectors<A: Api2 + Copy>(allocator: A, steps: &[Step]) {
    let mut ours = vec![VecIn::new_in(allocator)];
    let mut theirs = vec![Vec::new()];
    for (number, step) in steps.iter().enumerate() {
        let index = number % ours.len();
        let (our, their) = (&mut ours[index], &mut theirs[index]);
        match step {
            Step::Push(value) => {
                our.push(*value);
                their.push(*value);
            }
            Step::Pop => assert_eq!(our.pop(), their.pop()),
            Step::Insert(at, value) => {
                let at = at % (their.len() + 1);
                our.insert(at, *value);
                their.insert(at, *value);
            }
            Step::Reserve(more) => our.reserve(*more),
            Step::Shrink => our.shrink_to_fit(),
            Step::Truncate(length) => {
                our.truncate(*length);
                their.truncate(*length);
            }
            Step::Extend(values) => {
                our.extend_from_slice(values);
                their.extend_from_slice(values);
            }
            Step::NewVec => {
                ours.push(VecIn::new_in(allocator));
                theirs.push(Vec::new());
            }
        }
        assert!(ours.iter().zip(&theirs).all(|(our, their)| our[..] == their[..]));
    }
}

fn map<A: Api2 + Copy>(allocator: A, steps: &[(u8, Option<u16>)]) {
    let mut ours = MapIn::with_hasher_in(DefaultHashBuilder::default(), allocator);
    let mut theirs = HashMap::new();
    for &(key, value) in steps {
        match value {
            Some(value) => assert_eq!(ours.insert(key, value), theirs.insert(key, value)),
            None => assert_eq!(ours.remove(&key), theirs.remove(&key)),
        }
    }
    assert_eq!(ours.len(), theirs.len());
    assert!(theirs.iter().all(|(key, value)| ours.get(key) == Some(value)));
}

macro_rules! everywhere {
    ($check:ident, $steps:expr) => {
        $check(&Arena::new(), $steps);
        $check(&Arena::<_, 16>::new_in(SystemAllocator), $steps);
        $check(&Arena::new().scope(), $steps);
        $check(&BumpAllocator::new(4 << 20), $steps);
        $check(&BumpAllocator::new(4 << 20).scope(), $steps);
        $check(SystemAllocator, $steps);
    };
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn vectors_agree_with_std(steps in steps()) {
        everywhere!(vectors, &steps);
    }

    #[test]
    fn maps_agree_with_std(steps in prop::collection::vec((any::<u8>(), any::<Option<u16>>()), 0..300)) {
        everywhere!(map, &steps);
    }
}

#[test]
fn a_vector_that_is_the_last_block_grows_in_place() {
    let bump = BumpAllocator::new(2000);
    let mut numbers = VecIn::new_in(&bump);
    for n in 0..200_u32 {
        numbers.push(n);
        assert_eq!(bump.used(), 4 * numbers.capacity(), "no copy was left behind");
    }
    numbers.truncate(50);
    numbers.shrink_to_fit();
    assert_eq!(bump.used(), 200, "half of it and more was won");
    drop(numbers);
    assert_eq!(bump.used(), 0, "the last block was given back");
}

#[test]
fn values_with_destructors_are_dropped_with_their_collection() {
    let drops = support::Drops::default();
    let arena = Arena::new();
    let boxed = BoxIn::new_in(drops.guard(), &arena);
    let mut guards = VecIn::new_in(&arena);
    guards.extend((0..50).map(|_| drops.guard()));
    guards.truncate(40);
    drop((boxed, guards));
    assert_eq!(drops.count(), 51);
}

#[test]
fn a_full_block_is_an_error_for_a_collection() {
    let bump = BumpAllocator::new(64);
    let mut bytes = VecIn::<u8, _>::new_in(&bump);
    assert!(bytes.try_reserve(65).is_err());
    assert!(bytes.try_reserve(64).is_ok());
}
