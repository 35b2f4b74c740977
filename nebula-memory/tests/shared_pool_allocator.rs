//! The pool of equal blocks that threads share: what `pool_allocator` asks of the one for one thread, and threads.
#![cfg(all(not(loom), feature = "std"))]

mod support;

use std::alloc::Layout;
use std::collections::HashSet;
use std::ptr::NonNull;
use std::sync::{Mutex, OnceLock};
use std::thread;

use nebula_memory::allocator::Owns;
use nebula_memory::{
    AllocError, AllocErrorCode, Allocator, Growth, MemoryUsage, PoolAllocator, PoolBox, PoolOptions, PoolRef,
    SharedPoolAllocator, SystemAllocator,
};
use proptest::prelude::*;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::cases;

assert_impl_all!(SharedPoolAllocator: Send, Sync);
assert_impl_all!(PoolBox<u8, PoolRef<&'static SharedPoolAllocator, u8>>: Send, Sync);
assert_not_impl_any!(PoolBox<std::rc::Rc<u8>, PoolRef<&'static SharedPoolAllocator, std::rc::Rc<u8>>>: Send, Sync);
assert_not_impl_any!(SharedPoolAllocator<&'static PoolAllocator>: Send, Sync);

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

fn options(blocks: usize, max: Option<usize>) -> PoolOptions {
    let mut options = PoolOptions::new(blocks);
    options.max_blocks = max;
    options
}

fn pool(blocks: usize, max: Option<usize>) -> SharedPoolAllocator {
    SharedPoolAllocator::try_new(layout(24, 8), &options(blocks, max)).unwrap()
}

#[test]
fn s7_blocks_are_aligned_and_apart() {
    for (size, bits) in [(1, 0), (3, 0), (24, 3), (24, 7), (100, 12), (5000, 14)] {
        let block = layout(size, 1 << bits);
        let pool = SharedPoolAllocator::try_new(block, &PoolOptions::new(3)).unwrap();
        let stride = pool.block_layout().size();
        let mut starts: Vec<usize> = (0..40)
            .map(|mark| {
                let start = pool.try_allocate_block().unwrap().cast::<u8>();
                // SAFETY: a block of this size.
                unsafe { start.write_bytes(mark, stride) };
                start.addr().get()
            })
            .collect();
        starts.sort_unstable();
        assert!(starts.iter().all(|start| start % block.align() == 0), "{block:?}");
        assert!(starts.windows(2).all(|pair| pair[1] - pair[0] >= stride), "{block:?}");
    }
}

#[test]
fn s8_sizes_that_overflow_and_options_that_cannot_be_are_errors() {
    let code =
        |block, options: &PoolOptions| SharedPoolAllocator::try_new(block, options).unwrap_err().code();
    for blocks in [1, 2, usize::MAX] {
        let largest = layout(isize::MAX as usize, 1);
        assert_eq!(code(largest, &PoolOptions::new(blocks)), AllocErrorCode::CapacityOverflow);
    }
    let mut fixed = PoolOptions::new(4);
    fixed.growth = Growth::Fixed;
    for options in [PoolOptions::new(0), options(1, Some(0)), fixed] {
        assert_eq!(code(layout(8, 8), &options), AllocErrorCode::InvalidOptions);
    }
}

#[test]
fn wrong_frees_are_errors_and_change_nothing() {
    let pool = pool(4, None);
    let block = pool.try_allocate_block().unwrap().cast::<u8>();
    let free = |block: NonNull<u8>| {
        // SAFETY: after success the block is not used any more.
        unsafe { pool.try_deallocate(block) }.map_err(|error| error.code())
    };
    let shifted = |by: usize| NonNull::new(block.as_ptr().wrapping_add(by)).unwrap();
    for by in [1, 8, 23, 24 * 4, 1 << 30] {
        assert_eq!(free(shifted(by)), Err(AllocErrorCode::ForeignPointer), "{by}");
    }
    // A block, but nobody has it yet.
    assert_eq!(free(shifted(24)), Err(AllocErrorCode::DoubleFree));
    assert_eq!(pool.blocks_in_use(), 1);
    assert_eq!(free(block), Ok(()));
    assert_eq!(free(block), Err(AllocErrorCode::DoubleFree));
    // SAFETY: answered and remembered.
    unsafe { (&pool).deallocate(block, layout(24, 8)) };
    assert_eq!(pool.first_error().unwrap().code(), AllocErrorCode::DoubleFree);
    let (one, two) = (pool.try_allocate_block().unwrap(), pool.try_allocate_block().unwrap());
    assert_ne!(one, two);
    assert!(Owns::owns(&&pool, one.cast(), layout(24, 8)));
    assert!(!Owns::owns(&&pool, NonNull::dangling(), layout(24, 8)));
}

#[test]
fn is_exhausted_at_its_limit_and_not_before() {
    let pool = pool(3, Some(7));
    let blocks: Vec<_> = (0..7).map(|_| pool.try_allocate_block().unwrap().cast::<u8>()).collect();
    assert_eq!((pool.blocks(), pool.blocks_in_use()), (7, 7));
    assert_eq!((pool.used(), pool.available()), (7 * 24, Some(0)));
    assert_eq!(pool.try_allocate_block().unwrap_err().code(), AllocErrorCode::PoolExhausted);
    // SAFETY: from above, once.
    unsafe { pool.try_deallocate(blocks[3]) }.unwrap();
    assert_eq!(pool.try_allocate_block().unwrap().cast(), blocks[3]);
}

#[test]
fn a_reset_frees_all_and_keeps_the_memory() {
    let mut pool = pool(4, None);
    let blocks: HashSet<_> = (0..20).map(|_| pool.try_allocate_block().unwrap().cast::<u8>()).collect();
    let capacity = pool.capacity();
    pool.reset();
    assert_eq!((pool.blocks(), pool.blocks_in_use()), (0, 0));
    let again: HashSet<_> = (0..20).map(|_| pool.try_allocate_block().unwrap().cast::<u8>()).collect();
    assert_eq!((again, pool.capacity()), (blocks, capacity));
}

/// A backing that uses the pool that it backs is told that there is nothing, and does not wait for itself.
#[test]
fn living_the_backing_uses_the_pool() {
    static POOL: OnceLock<SharedPoolAllocator<Curious>> = OnceLock::new();
    static ASKED: Mutex<Option<AllocErrorCode>> = Mutex::new(None);
    struct Curious;
    // SAFETY: all blocks are the system's.
    unsafe impl Allocator for Curious {
        fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
            let asked = POOL.get().unwrap().try_allocate_block();
            *ASKED.lock().unwrap() = asked.err().map(|error| error.code());
            SystemAllocator.allocate(layout)
        }
        unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { SystemAllocator.deallocate(block, layout) };
        }
    }
    let pool = POOL.get_or_init(|| {
        SharedPoolAllocator::try_new_in(layout(8, 8), &PoolOptions::new(2), Curious).unwrap()
    });
    pool.try_allocate_block().unwrap();
    assert_eq!(*ASKED.lock().unwrap(), Some(AllocErrorCode::PoolExhausted));
}

/// Nothing is lost when there is no memory, or when the backing panics: later there is.
#[test]
fn living_no_memory_and_panics() {
    struct Moody(Mutex<u32>);
    // SAFETY: all blocks are the system's.
    unsafe impl Allocator for Moody {
        fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
            let asked = {
                let mut asked = self.0.lock().unwrap();
                *asked += 1;
                *asked
            };
            match asked {
                1 => {
                    SystemAllocator.allocate(Layout::from_size_align(isize::MAX as usize & !63, 64).unwrap())
                }
                2 => panic!("on purpose"),
                _ => SystemAllocator.allocate(layout),
            }
        }
        unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { SystemAllocator.deallocate(block, layout) };
        }
    }
    let pool =
        SharedPoolAllocator::try_new_in(layout(8, 8), &PoolOptions::new(2), Moody(Mutex::new(0))).unwrap();
    assert_eq!(pool.try_allocate_block().unwrap_err().code(), AllocErrorCode::OutOfMemory);
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| pool.try_allocate_block())).is_err());
    assert_eq!(pool.blocks(), 0);
    assert!(pool.try_allocate_block().is_ok());
}

/// Threads take, write, read and give back, some of them what others have taken; each gets its share until the limit.
#[test]
fn threads_share_all_blocks() {
    const THREADS: usize = 4;
    const EACH: usize = if cfg!(miri) { 3 } else { 50 };
    const ROUNDS: usize = if cfg!(miri) { 20 } else { 20_000 };
    let pool = SharedPoolAllocator::try_new(layout(16, 8), &options(4, Some(THREADS * EACH))).unwrap();
    let values = pool.typed::<[usize; 2]>().unwrap();
    let mailbox = Mutex::new(None);
    thread::scope(|threads| {
        for index in 0..THREADS {
            let mailbox = &mailbox;
            threads.spawn(move || {
                let mut held = Vec::new();
                for round in 0..ROUNDS {
                    // One of each share may be in the mailbox.
                    if held.len() < 1 + round % (EACH - 1).max(1) {
                        held.push(values.alloc_with(|| [index, round]).expect("there is one for each"));
                    } else {
                        let value = held.swap_remove(round % held.len());
                        assert_eq!(value[0], index);
                        if round % 7 == 0 {
                            drop(mailbox.lock().unwrap().replace(value));
                        }
                    }
                }
            });
        }
    });
    drop(mailbox);
    assert_eq!(pool.blocks_in_use(), 0);
    assert!(pool.blocks() <= THREADS * EACH);
}

#[derive(Clone, Debug)]
enum Step {
    Take,
    Give(usize),
    GiveTwice(usize),
    Reset,
}

proptest! {
    #![proptest_config(cases(256))]

    /// The model is the set of the blocks that are in use.
    #[test]
    fn blocks_are_had_by_one_at_a_time(
        first in 1_usize..9,
        most in 1_usize..40,
        steps in proptest::collection::vec(prop_oneof![
            6 => Just(Step::Take),
            3 => any::<usize>().prop_map(Step::Give),
            1 => any::<usize>().prop_map(Step::GiveTwice),
            1 => Just(Step::Reset),
        ], 0..120),
    ) {
        let mut pool = pool(first, Some(most));
        let mut held: Vec<NonNull<u8>> = Vec::new();
        for step in steps {
            match step {
                Step::Take => match pool.try_allocate_block() {
                    Ok(block) => {
                        prop_assert!(!held.contains(&block.cast()));
                        held.push(block.cast());
                    }
                    Err(error) => {
                        prop_assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
                        prop_assert_eq!(held.len(), most);
                    }
                },
                Step::Give(which) | Step::GiveTwice(which) if !held.is_empty() => {
                    let block = held.swap_remove(which % held.len());
                    // SAFETY: taken above, and not used any more.
                    let given = unsafe { pool.try_deallocate(block) };
                    prop_assert_eq!(given, Ok(()));
                    if matches!(step, Step::GiveTwice(_)) {
                        // SAFETY: it is not in use.
                        let error = unsafe { pool.try_deallocate(block) }.unwrap_err();
                        prop_assert_eq!(error.code(), AllocErrorCode::DoubleFree);
                    }
                }
                Step::Reset => {
                    pool.reset();
                    held.clear();
                }
                _ => {}
            }
            prop_assert_eq!(pool.blocks_in_use(), held.len());
        }
    }
}
