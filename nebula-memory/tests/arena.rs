//! What an arena's owner can do: options, limits, statistics, marks; arenas of one type and of many threads.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::cell::Cell;

use nebula_memory::{
    AllocErrorCode, AllocatorKind, Arena, ArenaOptions, Checkpoint, Growth, MemoryUsage, Resettable,
    SystemAllocator,
};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;

fn options(initial: usize, growth: Growth, max: Option<usize>) -> ArenaOptions {
    let mut options = ArenaOptions::new();
    (options.initial_capacity, options.growth, options.max_capacity) = (initial, growth, max);
    options
}

/// The sizes of the chunks that an arena asks for while it is filled.
fn chunk_sizes(growth: Growth, chunks: usize) -> Vec<usize> {
    let arena = Arena::<_, 8>::with_options_in(&options(1024, growth, None), SystemAllocator).unwrap();
    let mut sizes = vec![arena.allocated_bytes()];
    while sizes.len() < chunks {
        arena.alloc(1_u64);
        let known = sizes.iter().sum::<usize>();
        if arena.allocated_bytes() > known {
            sizes.push(arena.allocated_bytes() - known);
        }
    }
    sizes
}

#[test]
fn grows_as_told() {
    assert!(chunk_sizes(Growth::Fixed, 5).windows(2).all(|pair| pair[0] == pair[1]));
    let doubling = chunk_sizes(Growth::Double, 5);
    assert!(doubling[1..].windows(2).all(|pair| pair[1].abs_diff(pair[0] * 2) <= 32), "{doubling:?}");
    let rising = chunk_sizes(Growth::Incremental(512), 5);
    assert!(rising[1..].windows(2).all(|pair| pair[1] - pair[0] == 512), "{rising:?}");
}

#[test]
fn c1_a_request_larger_than_any_usual_chunk_gets_one_of_its_own() {
    let heap = Counting::default();
    let arena = Arena::<_, 1>::with_options_in(&options(256, Growth::Fixed, None), &heap).unwrap();
    arena.alloc(1_u8);
    let before = heap.total.get();
    assert_eq!(arena.alloc_slice_fill(100_000, &7_u8).len(), 100_000);
    assert_eq!(heap.total.get(), before + 1);
    arena.alloc_slice_fill(300, &1_u8);
    assert!(heap.total.get() <= before + 2);
}

#[test]
fn a_limit_is_kept_and_all_of_it_can_be_used() {
    for limit in [64, 100, 1024, 5000, 65_536] {
        for growth in [Growth::Fixed, Growth::Double, Growth::Incremental(100)] {
            let heap = Counting::default();
            let arena = Arena::<_, 1>::with_options_in(&options(64, growth, Some(limit)), &heap).unwrap();
            while arena.try_alloc(1_u8).is_ok() {}
            let stats = arena.stats();
            assert!(stats.total_allocated <= limit, "{stats:?}");
            assert!(stats.total_allocated > limit - 16, "{stats:?} of {limit}");
            assert_eq!(stats.current_used, stats.total_allocated);
            let error = arena.try_alloc(1_u8).unwrap_err();
            assert_eq!(
                (error.code(), error.allocator()),
                (AllocErrorCode::BudgetExceeded, AllocatorKind::Arena)
            );
            assert_eq!(error.capacity(), Some(limit));
        }
    }
    let whole = Arena::with_options(&options(4096, Growth::Double, Some(4096))).unwrap();
    assert_eq!(whole.alloc_slice_fill(4096, &1_u8).len(), 4096);
    assert!(Arena::with_options(&options(4097, Growth::Double, Some(4096))).is_err());
}

#[test]
fn statistics_are_what_was_done() {
    let mut arena = Arena::new();
    assert_eq!(arena.stats(), nebula_memory::ArenaStats::default());
    arena.alloc([0_u8; 100]);
    let first = arena.stats();
    assert_eq!((first.chunk_count, first.current_used), (1, 100));
    assert_eq!(first.largest_chunk, first.total_allocated);
    arena.alloc([0_u8; 5000]);
    let second = arena.stats();
    assert_eq!((second.chunk_count, second.current_used), (2, first.total_allocated + 5000));
    assert_eq!(second.total_allocated, first.total_allocated + second.largest_chunk);
    Resettable::reset(&mut arena);
    let third = arena.stats();
    assert_eq!((third.current_used, third.total_allocated), (0, second.total_allocated));
    // Begins in the largest chunk.
    arena.alloc([0_u8; 5000]);
    assert_eq!(arena.stats().current_used, 5000);
    assert_eq!((MemoryUsage::used(&arena), arena.available()), (5000, None));
}

#[test]
fn clearing_gives_everything_back() {
    let heap = Counting::default();
    let mut arena = Arena::<_, 1>::new_in(&heap);
    for _ in 0..3 {
        arena.alloc_slice_fill(10_000, &1_u8);
        arena.alloc(1_u8);
        arena.clear();
        assert_eq!((heap.live.get(), heap.live_bytes.get(), arena.allocated_bytes()), (0, 0, 0));
    }
    assert!(std::ptr::eq(*arena.backing(), &raw const heap));
}

#[test]
fn c4_marks_are_restored_across_the_growth_of_chunks() {
    let arena = Arena::new();
    let kept = arena.alloc(7_u64);
    let mark = arena.checkpoint();
    let used = arena.stats().current_used;
    for _ in 0..5 {
        for _ in 0..100 {
            arena.alloc([0_u8; 1000]);
        }
        // SAFETY: the mark is this arena's; what was allocated since is not used.
        unsafe { arena.restore(mark) };
        assert_eq!(arena.stats().current_used, used);
    }
    assert_eq!(*kept, 7);
    let bytes = arena.allocated_bytes();
    arena.alloc([0_u8; 1000]);
    assert_eq!(arena.allocated_bytes(), bytes);
}

#[test]
fn what_is_reserved_needs_no_backing() {
    let heap = Counting::default();
    let arena = Arena::<_, 1>::new_in(&heap);
    arena.try_reserve(10_000).unwrap();
    heap.left.set(Some(0));
    for _ in 0..10_000 {
        arena.alloc(1_u8);
    }
    assert!(arena.try_reserve(1_000_000).is_err());
    assert_eq!(arena.try_reserve(usize::MAX).unwrap_err().code(), AllocErrorCode::CapacityOverflow);
}

#[test]
fn text_is_written_where_it_stays() {
    struct Nested<'a>(&'a Arena);
    impl std::fmt::Display for Nested<'_> {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let inner = self.0.alloc_fmt(format_args!("<{:>40}>", "inner"));
            write!(f, "{inner}")?;
            let mut numbers = self.0.alloc_slice_from_iter(0..3).to_vec();
            numbers.push(3);
            write!(f, "{numbers:?}")
        }
    }
    let arena = Arena::new();
    assert_eq!(arena.alloc_fmt(format_args!("")), "");
    let long = arena.alloc_fmt(format_args!("{} and {}", "x".repeat(3000), 42));
    assert_eq!(*long, format!("{} and 42", "x".repeat(3000)));
    let nested = arena.alloc_fmt(format_args!("[{}|{}]", Nested(&arena), Nested(&arena)));
    assert_eq!(*nested, format!("[{0}|{0}]", format!("<{:>40}>[0, 1, 2, 3]", "inner")));

    let full =
        Arena::<_, 1>::with_options_in(&options(64, Growth::Fixed, Some(64)), SystemAllocator).unwrap();
    assert!(full.try_alloc_fmt(format_args!("{:100}", 1)).is_err());
    // What could not be finished was given back.
    assert_eq!(full.try_alloc_fmt(format_args!("{:60}", 1)).unwrap().len(), 60);
}

#[test]
fn a_value_that_cannot_be_made_takes_no_room() {
    let arena = Arena::new();
    arena.alloc(1_u8);
    let before = arena.stats().current_used;
    assert_eq!(arena.alloc_try_with(|| Err::<u64, _>("no")), Err("no"));
    let after = arena.stats().current_used;
    assert!(after <= before + 8, "only padding is left");
    assert_eq!(*arena.alloc_try_with(|| Ok::<_, ()>(5_u64)).unwrap(), 5);
    // Something else was allocated meanwhile: it stays.
    let mut inner = None;
    let failed = arena.try_alloc_try_with(|| {
        inner = Some(arena.alloc(9_u32));
        Err::<u64, _>("no")
    });
    assert_eq!(failed.unwrap(), Err("no"));
    arena.alloc(0_u64);
    assert_eq!(inner.copied(), Some(9));
}

#[test]
fn boxed_slices_drop_what_they_hold_and_what_was_collected() {
    use support::Drops;
    let arena = Arena::new();
    let drops = Drops::default();
    let boxed = arena.alloc_box_from_iter((0..10).map(|_| drops.guard()));
    assert_eq!((boxed.len(), drops.count()), (10, 0));
    drop(boxed);
    assert_eq!(drops.count(), 10);

    let heap = Counting::default();
    heap.left.set(Some(3));
    let small = Arena::<_, 1>::with_options_in(&options(0, Growth::Fixed, None), &heap).unwrap();
    let refused = small.try_alloc_box_from_iter((0..100_000).map(|_| drops.guard()).filter(|_| true));
    assert!(refused.is_err());
    assert_eq!(drops.count(), drops.made());
}

#[test]
fn c_strings_and_filled_slices() {
    let arena = Arena::new();
    assert_eq!(arena.alloc_cstr(c"terminated"), c"terminated");
    assert_eq!(arena.alloc_slice_fill(3, &String::from("x").len()), [1, 1, 1]);
    assert_eq!(arena.try_alloc_slice_fill(0, &Cell::new(1)).unwrap().len(), 0);
    assert!(arena.try_alloc_slice_fill(usize::MAX, &1_u64).is_err());
}

/// The last block of a collection grows where it is although values are allocated meanwhile.
#[test]
fn values_do_not_stand_in_the_way_of_a_growing_block() {
    use nebula_memory::Allocator;
    use std::alloc::Layout;
    let arena = Arena::with_capacity(100_000);
    let array = |len| Layout::array::<u64>(len).unwrap();
    let mut block = (&arena).allocate(array(4)).unwrap();
    let start = block.cast::<u8>();
    for len in 4..1000 {
        arena.alloc(len);
        arena.alloc_str("between");
        // SAFETY: allocated with this layout; the new one is larger.
        block = unsafe { (&arena).grow(block.cast(), array(len), array(len + 1)) }.unwrap();
    }
    assert_eq!(block.cast::<u8>(), start);
}

#[test]
fn a_counted_arena_tells_other_threads() {
    let mut arena = Arena::counted();
    let monitor = arena.monitor();
    for _ in 0..10 {
        arena.alloc(1_u64);
    }
    {
        let mut outer = arena.scope();
        outer.alloc(1_u8);
        {
            let inner = outer.scope();
            inner.alloc_str("two");
            let _ = inner.alloc_slice_fill(1000, &0_u64);
        }
        assert!(monitor.allocated_bytes() >= 8000, "told of the new chunk");
        outer.alloc(2_u8);
    }
    assert_eq!((arena.allocations(), monitor.allocations()), (14, 14));
    let there = std::thread::spawn({
        let monitor = monitor.clone();
        move || monitor.allocations()
    });
    assert_eq!(there.join().unwrap(), 14);
    arena.clear();
    assert_eq!((monitor.allocations(), monitor.allocated_bytes()), (14, 0));
    drop(arena);
    assert_eq!(monitor.allocations(), 14);
}

proptest! {
    #![proptest_config(cases(256))]

    /// Chunk sizes, limits and resets: never more than the limit, nothing lost, the same work again in the same memory.
    #[test]
    fn accounting_is_exact(
        sizes in prop::collection::vec((0..3000_usize, 0..8_u32), 1..60),
        initial in 0..4000_usize,
        growth in prop_oneof![
            Just(Growth::Fixed), Just(Growth::Double), (0..5000_usize).prop_map(Growth::Incremental)
        ],
        limit in prop::option::of(4000..200_000_usize),
    ) {
        let heap = Counting::default();
        {
            let mut arena = Arena::<_, 1>::with_options_in(&options(initial, growth, limit), &heap).unwrap();
            for round in 0..4 {
                let mut live: Vec<(&mut [u8], u8)> = Vec::new();
                let mut used = 0;
                for (index, (size, align)) in sizes.iter().enumerate() {
                    let mark = u8::try_from(index).unwrap();
                    let bytes = if align % 2 == 0 {
                        arena.try_alloc_slice_fill(*size, &mark)
                    } else {
                        arena.try_alloc_slice_from_iter(std::iter::repeat_n(mark, *size))
                    };
                    if let Ok(bytes) = bytes {
                        used += bytes.len();
                        live.push((bytes, mark));
                    }
                    let stats = arena.stats();
                    prop_assert!(stats.current_used >= used && stats.current_used <= stats.total_allocated);
                    prop_assert!(limit.is_none_or(|limit| stats.total_allocated <= limit));
                }
                for (bytes, mark) in live {
                    prop_assert!(bytes.iter().all(|byte| *byte == mark));
                }
                prop_assert!(round == 0 || arena.allocated_bytes() >= arena.stats().largest_chunk);
                arena.reset();
                prop_assert_eq!(arena.stats().current_used, 0);
            }
        }
        prop_assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
    }
}
