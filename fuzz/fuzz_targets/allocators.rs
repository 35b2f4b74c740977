//! Any steps on any allocator: the model of the property tests, driven by a fuzzer.
#![no_main]

#[path = "../../nebula-memory/tests/support/model.rs"]
mod model;

use std::alloc::Layout;

use libfuzzer_sys::fuzz_target;
use nebula_memory::allocator::{Fallback, Segregated};
use nebula_memory::{
    Arena, ArenaOptions, BumpAllocator, Growth, Poisoned, PoolAllocator, PoolOptions, Shared, StackAllocator,
    SystemAllocator,
};

use model::{check, steps_from};

fuzz_target!(|bytes: &[u8]| {
    let [kind, size, rest @ ..] = bytes else { return };
    let (size, steps) = (usize::from(*size), steps_from(rest));
    match kind % 10 {
        0 => check(&&Arena::new(), &steps),
        1 => {
            let mut options = ArenaOptions::new();
            (options.initial_capacity, options.growth) = (size, Growth::Incremental(size));
            options.max_capacity = Some(size * 64 + 64);
            let mut arena = Arena::with_options(&options).expect("less than the limit");
            check(&&arena, &steps);
            arena.reset();
            check(&&arena.scope(), &steps);
        }
        2 => check(&&Arena::<_, 16>::new_in(SystemAllocator), &steps),
        3 => check(&&BumpAllocator::new(size * 32), &steps),
        4 => check(&&BumpAllocator::<_, 8, Shared>::new_in(size * 32, SystemAllocator), &steps),
        5 => {
            let mut stack = StackAllocator::new(size * 32);
            check(&&stack, &steps);
            assert_eq!(stack.used(), 0);
            check(&&stack.frame(), &steps);
        }
        6 => {
            let block = Layout::from_size_align(size, 1 << (size % 8)).expect("a small one");
            let pool = PoolAllocator::try_new(block, &PoolOptions::new(1 + size % 7)).expect("a small one");
            check(&&pool, &steps);
            assert_eq!(pool.blocks_in_use(), 0);
        }
        7 => {
            let guarded = Poisoned::with_quarantine(SystemAllocator, size * 16);
            check(&guarded, &steps);
            assert_eq!((guarded.live_blocks(), guarded.first_error()), (0, None));
        }
        8 => check(&Fallback::new(&BumpAllocator::new(size * 8), SystemAllocator), &steps),
        _ => {
            let block = Layout::from_size_align(64, 16).expect("a valid one");
            let pool = PoolAllocator::try_new(block, &PoolOptions::new(4)).expect("a small one");
            check(&Segregated::<_, _, 64>::new(&pool, SystemAllocator), &steps);
        }
    }
});
