//! `#[derive(Builder)]`: what is dropped and when, checks at the end, and the builders of this crate's own options.
#![cfg(feature = "macros")]
#![warn(clippy::impl_trait_in_params)]

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::Builder;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::{DropGuard, Drops};

#[derive(Builder)]
#[builder(check = Self::check, error = &'static str)]
struct Options<'d> {
    first: DropGuard<'d>,
    second: DropGuard<'d>,
    third: Option<DropGuard<'d>>,
    #[builder(default = 3, into)]
    number: u64,
}

impl Options<'_> {
    fn check(&self) -> Result<(), &'static str> {
        assert_ne!(self.number, 13, "an unlucky check");
        if self.number > 9 { Err("too many") } else { Ok(()) }
    }
}

#[test]
fn a_builder_that_is_dropped_drops_what_was_set() {
    let drops = Drops::default();
    drop(Options::builder());
    drop(Options::builder().second(drops.guard()));
    assert_eq!(drops.count(), 1);
    drop(Options::builder().third(drops.guard()).second(drops.guard()).number(1_u8));
    assert_eq!(drops.count(), 3);
    drop(Options::builder().first(drops.guard()).second(drops.guard()));
    assert_eq!(drops.count(), 5);
}

#[test]
fn an_optional_field_set_again_drops_the_value_it_had() {
    let drops = Drops::default();
    let mut builder = Options::builder().first(drops.guard());
    for _ in 0..4 {
        builder = builder.third(drops.guard());
    }
    assert_eq!(drops.count(), 3);
    let options = builder.second(drops.guard()).build().unwrap();
    assert_eq!(drops.count(), 3);
    assert!(options.third.is_some());
    drop(options);
    assert_eq!(drops.count(), 6);
}

#[test]
fn a_check_that_fails_drops_the_value_once() {
    let drops = Drops::default();
    let error = Options::builder().first(drops.guard()).second(drops.guard()).number(10_u8).build().err();
    assert_eq!((error, drops.count()), (Some("too many"), 2));
}

#[test]
fn a_check_that_panics_drops_the_value_once() {
    let drops = Drops::default();
    let builder = Options::builder().first(drops.guard()).third(drops.guard());
    let builder = builder.second(drops.guard()).number(13_u8);
    assert!(catch_unwind(AssertUnwindSafe(|| builder.build().is_ok())).is_err());
    assert_eq!(drops.count(), 3);
}

#[test]
fn a_panic_between_setters_drops_what_was_set() {
    let drops = Drops::default();
    let fails = || -> DropGuard<'_> { panic!("no second one") };
    let result =
        catch_unwind(AssertUnwindSafe(|| Options::builder().first(drops.guard()).second(fails()).build()));
    assert!(result.is_err());
    assert_eq!(drops.count(), 1);
}

#[test]
fn a_check_sees_the_defaults_and_runs_once() {
    thread_local!(static SEEN: Cell<(u32, u8)> = const { Cell::new((0, 0)) });

    #[derive(Builder)]
    #[builder(check = look, error = ())]
    struct Small {
        #[builder(skip = 5)]
        skipped: u8,
        #[builder(default = 2)]
        defaulted: u8,
    }
    #[expect(clippy::unnecessary_wraps, reason = "it is a check")]
    fn look(small: &Small) -> Result<(), ()> {
        SEEN.set((SEEN.get().0 + 1, small.skipped + small.defaulted));
        Ok(())
    }
    assert!(Small::builder().build().is_ok());
    assert_eq!(SEEN.get(), (1, 7));
}

#[test]
fn fields_of_size_zero_and_of_large_alignment() {
    #[derive(Clone, Copy, Debug, PartialEq)]
    #[repr(align(256))]
    struct Aligned(u8);
    #[derive(Builder, Debug, PartialEq)]
    struct Odd {
        nothing: (),
        #[builder(default)]
        empty: [u64; 0],
        aligned: Aligned,
        more: Option<Aligned>,
    }
    let odd = Odd::builder().more(Aligned(1)).aligned(Aligned(2)).nothing(()).build();
    assert_eq!(odd, Odd { nothing: (), empty: [], aligned: Aligned(2), more: Some(Aligned(1)) });
    assert_eq!(core::ptr::from_ref(&odd).addr() % 256, 0);
}

#[test]
fn more_required_fields_than_one_group_in_any_order() {
    #[derive(Builder, Debug)]
    #[rustfmt::skip]
    struct Many { a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8 }

    let builder = Many::builder().j(10).a(1).i(9).b(2).h(8).c(3).g(7).d(4).f(6);
    let Many { a, b, c, d, e, f, g, h, i, j } = builder.e(5).build();
    assert_eq!([a, b, c, d, e, f, g, h, i, j], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[derive(Builder)]
struct Plain<T> {
    value: T,
}
assert_impl_all!(PlainBuilder<u8>: Send, Sync, Unpin, std::fmt::Debug);
assert_not_impl_any!(PlainBuilder<std::rc::Rc<u8>>: Send, Sync);
assert_not_impl_any!(PlainBuilder<u8>: Clone, Copy);

/// What is set is in the type, what the value has of its own is beside it: a word.
#[test]
fn a_builder_is_one_word_larger_than_the_value() {
    assert_eq!(size_of::<PlainBuilder<[u64; 9]>>(), size_of::<[u64; 10]>());
    assert_eq!(Plain::builder().value(1).build().value, 1);
    assert_eq!(format!("{:?}", Plain::builder().value(1)), "PlainBuilder { .. }");
}

#[cfg(feature = "alloc")]
mod arena_options {
    use nebula_memory::{AllocErrorCode, AllocatorKind, Arena, ArenaOptions, Growth, KIB, MIB};
    use proptest::prelude::*;

    use super::support;

    #[test]
    fn what_is_not_set_is_as_in_new() {
        assert_eq!(ArenaOptions::builder().build().unwrap(), ArenaOptions::new());
        assert_eq!(ArenaOptions::default(), ArenaOptions::new());
    }

    #[test]
    fn each_option_arrives() {
        let mut expected = ArenaOptions::new();
        expected.initial_capacity = 4 * KIB;
        expected.growth = Growth::Incremental(KIB);
        expected.max_capacity = Some(MIB);
        let builder = ArenaOptions::builder().initial_capacity(4 * KIB).growth(Growth::Incremental(KIB));
        assert_eq!(builder.max_capacity(MIB).build().unwrap(), expected);
    }

    /// Options can be made where only constants are, without the builder.
    #[test]
    fn options_in_a_constant() {
        const OPTIONS: ArenaOptions = {
            let mut options = ArenaOptions::new();
            options.max_capacity = Some(MIB);
            options
        };
        assert_eq!(ArenaOptions::builder().max_capacity(MIB).build().unwrap(), OPTIONS);
    }

    #[test]
    fn a_limit_below_the_first_chunk_is_an_error_that_says_both() {
        let error = ArenaOptions::builder().initial_capacity(4097).max_capacity(4096).build().unwrap_err();
        assert_eq!((error.code(), error.allocator()), (AllocErrorCode::InvalidOptions, AllocatorKind::Arena));
        assert_eq!((error.layout().unwrap().size(), error.capacity()), (4097, Some(4096)));
        assert!(!error.is_retryable(), "no memory that is given back makes room: {error}");
        let text = error.to_string();
        assert!(text.contains("arena (4096 bytes, ") && text.contains("4097 bytes"), "{text}");
    }

    #[test]
    fn a_first_chunk_that_cannot_be_is_an_error() {
        for bytes in [usize::MAX, isize::MAX.unsigned_abs() + 1] {
            let error = ArenaOptions::builder().initial_capacity(bytes).build().unwrap_err();
            assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
        }
        assert!(ArenaOptions::builder().initial_capacity(isize::MAX.unsigned_abs()).build().is_ok());
    }

    #[test]
    fn a_first_chunk_as_large_as_a_limit_of_any_size() {
        for limit in 0..64 {
            let options =
                ArenaOptions::builder().initial_capacity(limit).max_capacity(limit).build().unwrap();
            let arena = Arena::with_options(&options).unwrap();
            assert_eq!(arena.allocated_bytes(), limit / 16 * 16);
        }
    }

    fn sizes() -> impl Strategy<Value = usize> {
        prop_oneof![0..10_000_usize, (usize::MAX - 10_000)..=usize::MAX]
    }

    proptest! {
        #![proptest_config(support::cases(256))]

        /// An arena refuses what the check refuses, with the same code, and nothing else (of sizes that the heap has).
        #[test]
        fn the_check_agrees_with_the_arena(
            initial in sizes(),
            limit in proptest::option::of(sizes()),
            growth in prop_oneof![
                Just(Growth::Fixed),
                Just(Growth::Double),
                any::<usize>().prop_map(Growth::Incremental),
            ],
        ) {
            let mut options = ArenaOptions::new();
            (options.initial_capacity, options.growth, options.max_capacity) = (initial, growth, limit);
            let mut builder = ArenaOptions::builder().growth(growth).initial_capacity(initial);
            if let Some(limit) = limit {
                builder = builder.max_capacity(limit);
            }
            let checked = builder.build();
            prop_assert_eq!(checked.is_ok(), options.check().is_ok());
            match (checked, Arena::with_options(&options)) {
                // A limit is used up to the last multiple of 16.
                (Ok(_), Ok(arena)) => {
                    let usable = limit.map_or(usize::MAX, |limit| limit / 16 * 16);
                    prop_assert!(arena.allocated_bytes() >= initial.min(usable));
                    prop_assert!(arena.allocated_bytes() <= limit.unwrap_or(usize::MAX));
                }
                (Err(checked), Err(made)) => prop_assert_eq!(checked.code(), made.code()),
                (checked, made) => prop_assert!(false, "{checked:?} but {made:?}"),
            }
        }
    }
}

#[cfg(feature = "alloc")]
mod pool_options {
    use core::alloc::Layout;

    use nebula_memory::{Growth, PoolAllocator, PoolOptions};

    #[test]
    fn what_is_not_set_is_as_in_new() {
        assert_eq!(PoolOptions::builder().blocks(7).build(), PoolOptions::new(7));
    }

    #[test]
    fn each_option_arrives() {
        let options = PoolOptions::builder().max_blocks(3).growth(Growth::Fixed).blocks(2).build();
        let mut expected = PoolOptions::new(2);
        (expected.growth, expected.max_blocks) = (Growth::Fixed, Some(3));
        assert_eq!(options, expected);
        assert!(PoolAllocator::try_new(Layout::new::<u64>(), &options).is_ok());
    }
}
