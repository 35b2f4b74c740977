//! The pool of equal blocks: alignment, growth, wrong frees, accounting.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

use nebula_memory::allocator::Owns;
use nebula_memory::{
    AllocErrorCode, Allocator, Growth, MemoryUsage, PoolAllocator, PoolBox, PoolOptions, PoolRef,
    SystemAllocator,
};
use proptest::prelude::*;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::heap::Counting;
use support::{Drops, cases};

// A pool is one thread's at a time, and goes to another one only with what backs it; its boxes stay, because giving a
// block back elsewhere would be a race.
assert_impl_all!(PoolAllocator: Send);
assert_not_impl_any!(PoolAllocator: Sync, Clone);
assert_not_impl_any!(PoolAllocator<&'static Counting>: Send);
assert_not_impl_any!(PoolRef<&'static PoolAllocator, u8>: Send, Sync);
assert_not_impl_any!(PoolBox<u8, PoolRef<&'static PoolAllocator, u8>>: Send, Sync);

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

fn options(blocks: usize, growth: Growth, max: Option<usize>) -> PoolOptions {
    let mut options = PoolOptions::new(blocks);
    (options.growth, options.max_blocks) = (growth, max);
    options
}

#[repr(align(4096))]
struct Page(u8);

#[test]
fn s7_blocks_are_aligned_up_to_a_page_and_beyond() {
    for bits in 0..15 {
        let block = layout(24, 1 << bits);
        let pool = PoolAllocator::try_new(block, &PoolOptions::new(3)).unwrap();
        for _ in 0..10 {
            let start = pool.try_allocate_block().unwrap().cast::<u8>();
            assert_eq!(start.addr().get() % block.align(), 0, "{block:?}");
        }
    }
    let pool = PoolAllocator::for_type::<Page>(2);
    let pages = pool.typed::<Page>().unwrap();
    let page = pages.alloc_with(|| Page(3)).unwrap();
    assert_eq!((support::address(&*page) % 4096, page.0), (0, 3));
}

#[test]
fn s8_sizes_that_overflow_are_errors() {
    let largest = layout(isize::MAX as usize, 1);
    for blocks in [1, 2, usize::MAX] {
        let error = PoolAllocator::try_new(largest, &PoolOptions::new(blocks)).unwrap_err();
        assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
    }
    assert!(PoolAllocator::try_new(layout(8, 8), &PoolOptions::new(usize::MAX / 8)).is_err());
    assert!(PoolAllocator::try_new(layout(8, 8), &PoolOptions::new(0)).is_err());
}

#[test]
fn s9_odd_sizes_are_no_trouble() {
    for size in [1, 3, 9, 17, 33] {
        let pool = PoolAllocator::try_new(layout(size, 1), &PoolOptions::new(4)).unwrap();
        let blocks: Vec<NonNull<u8>> =
            (0..9).map(|_| pool.try_allocate_block().unwrap().cast::<u8>()).collect();
        for (block, mark) in blocks.iter().zip(0..) {
            // SAFETY: a block of this size.
            unsafe { block.write_bytes(mark, size) };
        }
        for (block, mark) in blocks.iter().zip(0_u8..) {
            // SAFETY: written above.
            let bytes = unsafe { NonNull::slice_from_raw_parts(*block, size).as_ref() };
            assert!(bytes.iter().all(|byte| *byte == mark));
        }
    }
}

#[test]
fn wrong_frees_are_errors_and_change_nothing() {
    let pool = PoolAllocator::try_new(layout(24, 8), &PoolOptions::new(4)).unwrap();
    let block = pool.try_allocate_block().unwrap().cast::<u8>();
    let free = |block: NonNull<u8>| {
        // SAFETY: after success the block is not used any more.
        unsafe { pool.try_deallocate(block) }.map_err(|error| error.code())
    };
    let shifted = |by: usize| NonNull::new(block.as_ptr().wrapping_add(by)).unwrap();
    for by in [1, 8, 23, 24, 24 * 4, 1 << 30] {
        assert_eq!(free(shifted(by)), Err(AllocErrorCode::ForeignPointer), "{by}");
    }
    let mut elsewhere = [0_u64; 3];
    assert_eq!(free(NonNull::from(&mut elsewhere).cast()), Err(AllocErrorCode::ForeignPointer));
    assert_eq!(pool.blocks_in_use(), 1);
    assert_eq!(free(block), Ok(()));
    assert_eq!(free(block), Err(AllocErrorCode::DoubleFree));
    // SAFETY: answered and remembered.
    unsafe { (&pool).deallocate(block, layout(24, 8)) };
    assert_eq!(pool.first_error().unwrap().code(), AllocErrorCode::DoubleFree);
    assert_eq!(pool.first_error().unwrap().block_address(), Some(block.addr()));
    let (one, two) = (pool.try_allocate_block().unwrap(), pool.try_allocate_block().unwrap());
    assert_ne!(one, two);
}

/// Whether a pointer is good is decided by its address: what is not there any more is never looked at.
#[test]
fn s14_what_a_stale_pointer_points_to_is_never_touched() {
    let pool = PoolAllocator::try_new(layout(24, 8), &PoolOptions::new(4)).unwrap();
    pool.try_allocate_block().unwrap();
    let gone = NonNull::from(Box::leak(Box::new([0_u64; 3])));
    // SAFETY: from a box, just above.
    drop(unsafe { Box::from_raw(gone.as_ptr()) });
    let of_a_pool_that_is_gone = {
        let other = PoolAllocator::try_new(layout(24, 8), &PoolOptions::new(4)).unwrap();
        other.try_allocate_block().unwrap().cast::<u8>()
    };
    for stale in [gone.cast(), of_a_pool_that_is_gone, NonNull::dangling(), NonNull::<u64>::dangling().cast()]
    {
        // SAFETY: none is a block of this pool.
        let error = unsafe { pool.try_deallocate(stale) }.unwrap_err();
        assert_eq!(error.code(), AllocErrorCode::ForeignPointer);
        assert!(!Owns::owns(&&pool, stale, layout(24, 8)));
    }
    assert_eq!(pool.blocks_in_use(), 1);
}

/// A value whose making or dropping panics is never handed out again: its block is, with a new value.
#[test]
fn living_a_panic_gives_the_block_back() {
    struct Bomb<'a>(&'a Drops, u32);
    impl Drop for Bomb<'_> {
        fn drop(&mut self) {
            drop(self.0.guard());
            assert_ne!(self.1, 1, "bomb");
        }
    }
    let drops = Drops::default();
    let pool = PoolAllocator::for_type::<Bomb<'_>>(1);
    let bombs = pool.typed::<Bomb<'_>>().unwrap();
    for _ in 0..3 {
        let made = catch_unwind(AssertUnwindSafe(|| bombs.alloc_with(|| panic!("made nothing")).unwrap()));
        assert!(made.is_err());
        let bomb = bombs.alloc_with(|| Bomb(&drops, 1)).unwrap();
        let place = support::address(&*bomb);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(bomb))).is_err());
        assert_eq!(pool.blocks_in_use(), 0);
        let next = bombs.alloc_with(|| Bomb(&drops, 2)).unwrap();
        assert_eq!((support::address(&*next), next.1), (place, 2));
    }
    assert_eq!((drops.count(), pool.blocks()), (6, 1));
}

#[test]
fn growth_and_its_limit() {
    let heap = Counting::default();
    for (growth, sizes) in
        [(Growth::Fixed, [2, 4, 6]), (Growth::Double, [2, 6, 10]), (Growth::Incremental(1), [2, 5, 9])]
    {
        let pool = PoolAllocator::try_new_in(layout(8, 8), &options(2, growth, Some(10)), &heap).unwrap();
        assert_eq!((pool.blocks(), heap.live.get()), (0, 0), "nothing until it is needed");
        let mut seen = Vec::new();
        for _ in 0..10 {
            pool.try_allocate_block().unwrap();
            if seen.last() != Some(&pool.blocks()) {
                seen.push(pool.blocks());
            }
        }
        assert_eq!(seen[..3], sizes);
        let error = pool.try_allocate_block().unwrap_err();
        assert_eq!((error.code(), error.capacity()), (AllocErrorCode::PoolExhausted, Some(10)));
        assert_eq!((pool.used(), pool.available()), (80, Some(0)));
    }
    assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
    heap.left.set(Some(0));
    let pool = PoolAllocator::try_new_in(layout(8, 8), &PoolOptions::new(2), &heap).unwrap();
    assert_eq!(pool.try_allocate_block().unwrap_err().code(), AllocErrorCode::OutOfMemory);
    heap.left.set(None);
    assert!(pool.try_allocate_block().is_ok());
}

#[test]
fn s10_blocks_of_no_size_take_none() {
    let pool = PoolAllocator::try_new(layout(64, 64), &options(1, Growth::Fixed, Some(1))).unwrap();
    pool.try_allocate_block().unwrap();
    let nothing = layout(0, 4096);
    let block = (&pool).allocate(nothing).unwrap().cast::<u8>();
    assert_eq!(block.addr().get() % 4096, 0);
    // SAFETY: allocated above.
    unsafe { (&pool).deallocate(block, nothing) };
    assert_eq!((pool.blocks_in_use(), pool.first_error()), (1, None));
    let units = pool.typed::<()>().unwrap();
    let boxes: Vec<_> = (0..10).map(|_| units.alloc_with(|| ()).unwrap()).collect();
    assert_eq!(boxes.len(), 10);
}

#[test]
fn what_does_not_fit_a_block_is_an_error() {
    let pool = PoolAllocator::try_new(layout(32, 8), &PoolOptions::new(4)).unwrap();
    for wrong in [layout(33, 1), layout(8, 16)] {
        assert_eq!((&pool).allocate(wrong).unwrap_err().code(), AllocErrorCode::InvalidLayout);
    }
    assert!(pool.typed::<[u64; 5]>().is_err() && pool.typed::<[u64; 4]>().is_ok());
    let block = (&pool).allocate(layout(4, 4)).unwrap();
    assert_eq!(block.len(), 32);
    // SAFETY: allocated above; the new one is larger.
    let grown = unsafe { (&pool).grow(block.cast(), layout(4, 4), layout(32, 8)) }.unwrap();
    assert_eq!(grown, block);
    // SAFETY: as above.
    assert!(unsafe { (&pool).grow(block.cast(), layout(32, 8), layout(33, 8)) }.is_err());
}

#[test]
fn boxes_drop_their_values_and_a_reset_frees_leaked_blocks() {
    let drops = Drops::default();
    let mut pool = PoolAllocator::for_type::<[usize; 4]>(2);
    {
        let typed = pool.typed().unwrap();
        let boxes: Vec<_> = (0..5).map(|_| typed.alloc_with(|| drops.guard()).unwrap()).collect();
        assert_eq!(pool.blocks_in_use(), 5);
        drop(boxes);
        assert_eq!((drops.count(), pool.blocks_in_use()), (5, 0));
        std::mem::forget(typed.alloc_with(|| drops.guard()).unwrap());
    }
    assert_eq!(pool.blocks_in_use(), 1);
    let blocks = pool.blocks();
    pool.reset();
    for _ in 0..blocks {
        pool.try_allocate_block().unwrap();
    }
    assert_eq!((pool.blocks_in_use(), pool.blocks()), (blocks, blocks));
}

/// A backing that asks the pool it backs is refused, and nothing is lost.
#[test]
fn a_backing_that_uses_its_pool_is_refused() {
    use std::cell::OnceCell;
    struct Turning(OnceCell<*const PoolAllocator<&'static Turning>>);
    // SAFETY: passes everything on to the heap.
    unsafe impl Allocator for Turning {
        fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, nebula_memory::AllocError> {
            if let Some(pool) = self.0.get() {
                // SAFETY: alive while the test runs.
                let pool = unsafe { &**pool };
                assert_eq!(pool.try_allocate_block().unwrap_err().code(), AllocErrorCode::PoolExhausted);
            }
            SystemAllocator.allocate(layout)
        }

        unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { SystemAllocator.deallocate(block, layout) };
        }
    }
    let backing: &'static Turning = Box::leak(Box::new(Turning(OnceCell::new())));
    let pool = PoolAllocator::try_new_in(layout(8, 8), &PoolOptions::new(2), backing).unwrap();
    backing.0.set(&raw const pool).unwrap();
    assert!(pool.try_allocate_block().is_ok());
    drop(pool);
    // SAFETY: leaked above, not used any more.
    drop(unsafe { Box::from_raw(std::ptr::from_ref(backing).cast_mut()) });
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn like_a_set(
        steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..120),
        size in 1..100_usize,
        bits in 0..6_u32,
        first in 1..10_usize,
        limit in prop::option::of(1..60_usize),
        refuse_after in prop::option::of(0..4_usize),
    ) {
        let heap = Counting::default();
        heap.left.set(refuse_after);
        let block = layout(size, 1 << bits);
        {
            let pool = PoolAllocator::try_new_in(block, &options(first, Growth::Double, limit), &heap).unwrap();
            let mut live: Vec<(NonNull<u8>, u8)> = Vec::new();
            let mut dead: Vec<NonNull<u8>> = Vec::new();
            for (step, (allocate, index)) in steps.into_iter().enumerate() {
                let mark = u8::try_from(step).unwrap();
                if allocate {
                    match pool.try_allocate_block() {
                        Ok(new) => {
                            let new = new.cast::<u8>();
                            prop_assert_eq!(new.addr().get() % block.align(), 0);
                            // SAFETY: a block of at least this size.
                            unsafe { new.write_bytes(mark, size) };
                            dead.retain(|dead| *dead != new);
                            live.push((new, mark));
                        }
                        Err(error) => {
                            let expected = match error.code() {
                                AllocErrorCode::PoolExhausted => limit.is_some_and(|limit| live.len() == limit),
                                AllocErrorCode::OutOfMemory => refuse_after.is_some(),
                                _ => false,
                            };
                            prop_assert!(expected, "{}", error);
                        }
                    }
                } else if !live.is_empty() {
                    let (old, _) = live.swap_remove(index.index(live.len()));
                    // SAFETY: in use, not used after this.
                    let freed = unsafe { pool.try_deallocate(old) };
                    prop_assert!(freed.is_ok());
                    dead.push(old);
                }
                for dead in &dead {
                    // SAFETY: free, so this is an error.
                    let error = unsafe { pool.try_deallocate(*dead) }.unwrap_err();
                    prop_assert_eq!(error.code(), AllocErrorCode::DoubleFree);
                }
                prop_assert_eq!(pool.blocks_in_use(), live.len());
                for (block, mark) in &live {
                    // SAFETY: in use, and written.
                    let bytes = unsafe { NonNull::slice_from_raw_parts(*block, size).as_ref() };
                    prop_assert!(bytes.iter().all(|byte| byte == mark));
                }
            }
        }
        prop_assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
    }
}
