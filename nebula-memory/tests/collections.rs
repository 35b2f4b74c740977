//! Collections of other crates in our allocators, against the standard library's own, and our allocators on those of
//! other crates. The standard library's collections are in `interop_nightly.rs`.
#![cfg(all(
    not(loom),
    feature = "alloc",
    any(feature = "allocator-api2", feature = "allocator-api2-03", feature = "allocator-api2-04")
))]

mod support;

use proptest::prelude::*;
use support::cases;
use support::collections::{Step, check_vectors, everywhere, steps};

/// The tests of one version of `allocator-api2`: its vectors and boxes in ours, ours on its heap.
macro_rules! version {
    ($name:ident, $api2:ident, $feature:literal, $from:ident) => {
        #[cfg(feature = $feature)]
        mod $name {
            use nebula_memory::allocator::interop::$from;
            use nebula_memory::{AllocErrorCode, AllocHandle, Arena, BumpAllocator};
            use $api2::alloc::{AllocError, Allocator, Global};
            use $api2::boxed::Box as BoxIn;
            use $api2::vec::Vec as VecIn;

            use super::*;

            check_vectors!(vectors, Allocator, VecIn);

            proptest! {
                #![proptest_config(cases(96))]

                #[test]
                fn vectors_agree_with_std(steps in steps()) {
                    everywhere!(vectors, &steps);
                }

                #[test]
                fn ours_stand_on_their_heap(steps in steps()) {
                    vectors(&Arena::<_>::new_in($from(Global)), &steps);
                    vectors(&BumpAllocator::<_>::new_in(4 << 20, $from(Global)), &steps);
                    // Theirs as ours as theirs.
                    vectors(nebula_memory::allocator::interop::Interop($from(Global)), &steps);
                }
            }

            /// Refuses everything.
            #[derive(Clone, Copy)]
            struct Full;

            // SAFETY: there are no blocks.
            unsafe impl Allocator for Full {
                fn allocate(&self, _: std::alloc::Layout) -> Result<std::ptr::NonNull<[u8]>, AllocError> {
                    Err(AllocError)
                }

                unsafe fn deallocate(&self, _: std::ptr::NonNull<u8>, _: std::alloc::Layout) {}
            }

            #[test]
            fn their_error_tells_what_was_asked_for() {
                let error = AllocHandle::try_new([0_u32; 5], $from(Full)).unwrap_err();
                assert_eq!((error.code(), error.layout().unwrap().size()), (AllocErrorCode::OutOfMemory, 20));
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
        }
    };
}

version!(api2, allocator_api2, "allocator-api2", FromApi2);
version!(api2_03, allocator_api2_03, "allocator-api2-03", FromApi2V03);
version!(api2_04, allocator_api2_04, "allocator-api2-04", FromApi2V04);

#[cfg(feature = "allocator-api2")]
mod hash_map {
    use std::collections::HashMap;

    use allocator_api2::alloc::Allocator;
    use hashbrown::{DefaultHashBuilder, HashMap as MapIn};

    use super::*;

    fn map<A: Allocator + Copy>(allocator: A, steps: &[(u8, Option<u16>)]) {
        let mut ours = MapIn::with_hasher_in(DefaultHashBuilder::default(), allocator);
        let mut theirs = HashMap::new();
        for (number, &(key, value)) in steps.iter().enumerate() {
            match value.map(Box::new) {
                Some(value) => assert_eq!(ours.insert(key, value.clone()), theirs.insert(key, value)),
                None => assert_eq!(ours.remove(&key), theirs.remove(&key)),
            }
            if number % 64 == 63 {
                ours.shrink_to_fit();
                ours = ours.clone();
            }
        }
        assert_eq!(ours.len(), theirs.len());
        assert!(theirs.iter().all(|(key, value)| ours.get(key) == Some(value)));
    }

    proptest! {
        #![proptest_config(cases(128))]

        #[test]
        fn maps_agree_with_std(steps in support::collections::map_steps()) {
            everywhere!(map, &steps);
        }
    }
}

#[cfg(feature = "allocator-api2")]
#[test]
fn a_vector_that_is_the_last_block_grows_in_place() {
    let bump = nebula_memory::BumpAllocator::new(2000);
    let mut numbers = allocator_api2::vec::Vec::new_in(&bump);
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
