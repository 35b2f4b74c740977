//! Every allocator against a model, by itself and inside of others.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;

use nebula_memory::allocator::{Budgeted, Counters, Fallback, Segregated, Tracked};
use nebula_memory::{
    Arena, ArenaOptions, Budget, BumpAllocator, Local, MemoryUsage, Poisoned, PoolAllocator, PoolOptions,
    Shared, StackAllocator, SystemAllocator,
};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;
use support::model::{Step, check};

fn layouts() -> impl Strategy<Value = Layout> {
    (prop_oneof![8 => 0..80_usize, 2 => 0..3000_usize], prop_oneof![8 => 0..5_u32, 1 => 0..13_u32])
        .prop_map(|(size, align)| Layout::from_size_align(size, 1 << align).unwrap())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (layouts(), any::<bool>()).prop_map(|(layout, zeroed)| Step::Allocate { layout, zeroed }),
        1 => any::<usize>().prop_map(Step::Free),
        3 => (any::<usize>(), layouts(), any::<bool>(), any::<bool>()).prop_map(|(index, layout, zeroed, last)| {
            Step::Resize { index: if last { usize::MAX } else { index }, layout, zeroed }
        }),
    ];
    prop::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn the_heap(steps in steps()) {
        check(&SystemAllocator, &steps);
    }

    #[test]
    fn arenas(steps in steps(), limit in prop::option::of(2000..50_000_usize)) {
        let heap = Counting::default();
        {
            let mut arena = Arena::<_, 1>::new_in(&heap);
            check(&&arena, &steps);
            arena.reset();
            check(&&arena, &steps);
            check(&&arena.scope(), &steps);
            check(&&Arena::<_, 16>::with_capacity_in(500, &heap), &steps);
            // An arena in an arena.
            check(&&Arena::<_, 4>::new_in(&arena), &steps);
            let mut options = ArenaOptions::new();
            options.max_capacity = limit;
            check(&&Arena::<_, 8>::with_options_in(&options, &heap).unwrap(), &steps);
            check(&&Arena::<_, 1, nebula_memory::Counted>::counted_in(&heap), &steps);
        }
        prop_assert_eq!(heap.live_bytes.get(), 0);
    }

    /// Small blocks, so that they run out.
    #[test]
    fn bump_allocators(steps in steps(), capacity in 0..4000_usize) {
        let mut bump = BumpAllocator::new(capacity);
        check(&&bump, &steps);
        let scope = bump.scope();
        check(&&scope, &steps);
        check(&&BumpAllocator::<_, 8>::new_in(capacity, SystemAllocator), &steps);
        check(&&BumpAllocator::<_, 1, Shared>::new_in(capacity, SystemAllocator), &steps);
        check(&&BumpAllocator::<_, 16, Shared>::new_in(capacity, SystemAllocator), &steps);
    }

    #[test]
    fn stacks(steps in steps(), capacity in 0..4000_usize) {
        let mut stack = StackAllocator::new(capacity);
        check(&&stack, &steps);
        prop_assert_eq!(stack.used(), 0, "all was given back, in some order");
        check(&&stack.frame(), &steps);
        prop_assert_eq!(stack.used(), 0);
    }

    #[test]
    fn pools_of_blocks(steps in steps(), size in 1..100_usize, bits in 0..7_u32, max in prop::option::of(1..20_usize)) {
        let heap = Counting::default();
        {
            let mut options = PoolOptions::new(3);
            options.max_blocks = max;
            let block = Layout::from_size_align(size, 1 << bits).unwrap();
            let pool = PoolAllocator::try_new_in(block, &options, &heap).unwrap();
            check(&&pool, &steps);
            prop_assert_eq!((pool.blocks_in_use(), pool.first_error()), (0, None));
        }
        prop_assert_eq!(heap.live_bytes.get(), 0);
    }

    #[test]
    fn compositions(steps in steps(), capacity in 0..2000_usize, limit in 0..20_000_usize) {
        let heap = Counting::default();
        {
            let bump = BumpAllocator::new(capacity);
            check(&Fallback::new(&bump, SystemAllocator), &steps);
            let block = Layout::from_size_align(64, 16).unwrap();
            let pool = PoolAllocator::try_new_in(block, &PoolOptions::new(4), &heap).unwrap();
            check(&Segregated::<_, _, 64>::new(&pool, &heap), &steps);
            prop_assert_eq!(pool.blocks_in_use(), 0);
            let budget = Budget::new(limit);
            check(&Budgeted::new(&heap, &budget), &steps);
            prop_assert_eq!(MemoryUsage::used(&budget), 0);
            let tracked = Tracked::with_tracker(&heap, Counters::<Local>::new());
            check(&tracked, &steps);
            prop_assert_eq!(tracked.tracker().snapshot().in_use, 0);
            let guarded = Poisoned::with_quarantine(Budgeted::new(&heap, &budget), 1000);
            check(&guarded, &steps);
            prop_assert_eq!((guarded.live_blocks(), guarded.first_error()), (0, None));
            prop_assert!(guarded.check().is_ok());
        }
        prop_assert_eq!(heap.live_bytes.get(), 0);
    }
}
