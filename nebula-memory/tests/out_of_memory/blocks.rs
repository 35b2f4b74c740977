//! What has one block, or blocks of one size: bump allocators, stacks, pools.

use std::alloc::Layout;

use nebula_memory::allocator::bump::Block;
use nebula_memory::{
    AllocError, AllocErrorCode, Allocator, BumpAllocator, Exclusive, Growth, PoolAllocator, PoolOptions,
    Shared, StackAllocator, SystemAllocator,
};

use crate::every_call::{Outcome, allow, every_call, unwinding};
use crate::methods::{every_method, try_every_method};
use crate::support::Drops;

/// Small blocks, so that every capacity up to what all of them need can be tried.
const SMALL: usize = 12;

#[test]
fn making_one_over_another_allocator() {
    every_call(|heap, drops| {
        let bump = BumpAllocator::<_, 8>::try_new_in(8000, heap)?;
        let shared = BumpAllocator::<_, 1, Shared>::try_new_in(8000, heap)?;
        let other = unwinding(|| BumpAllocator::<_, 1>::new_in(8000, heap))?;
        let stack = StackAllocator::try_new_in(8000, heap)?;
        let block = Block::try_new(10, heap)?;
        let exclusive = Exclusive::new(|| BumpAllocator::<_, 1>::try_new_in(100, heap)).initialize()?;
        try_every_method!(bump, drops, SMALL);
        try_every_method!(shared, drops, SMALL);
        try_every_method!(other, drops, SMALL);
        try_every_method!(stack, drops, SMALL);
        drop((block, exclusive));
        Ok(())
    });
}

/// A block of every size, until all of the scenario fits.
#[track_caller]
fn every_capacity(scenario: impl Fn(usize, &Drops) -> Outcome) {
    let capacities = (0..20_000).step_by(if cfg!(miri) { 307 } else { 5 });
    let refused = capacities.take_while(|&capacity| {
        let drops = Drops::default();
        let outcome = scenario(capacity, &drops);
        assert_eq!(drops.made(), drops.count(), "{capacity} bytes: a value was leaked, or dropped twice");
        let error = outcome.err();
        assert!(error.is_none_or(|error| error.code() == AllocErrorCode::OutOfMemory), "{error:?}");
        error.is_some()
    });
    assert!((1..4000).contains(&refused.count()), "some capacity is enough");
}

#[test]
fn a_bump_allocator_of_every_capacity() {
    every_capacity(|capacity, drops| {
        let mut bump = BumpAllocator::<_, 4>::new_in(capacity, SystemAllocator);
        let outcome = (|| {
            try_every_method!(bump, drops, SMALL);
            Ok(())
        })();
        bump.reset();
        let again = (|| {
            every_method!(bump, drops, SMALL);
            Ok(())
        })();
        let inner = (|| {
            let scope = bump.scope();
            try_every_method!(scope, drops, SMALL);
            Ok(())
        })();
        bump.reset();
        assert_eq!(bump.available(), bump.capacity());
        inner.and(again).and(outcome)
    });
}

#[test]
fn a_shared_bump_allocator_of_every_capacity() {
    every_capacity(|capacity, drops| {
        let mut bump = BumpAllocator::new_shared(capacity);
        let outcome = (|| {
            try_every_method!(bump, drops, SMALL);
            Ok(())
        })();
        bump.reset();
        let again = (|| {
            every_method!(bump, drops, SMALL);
            Ok(())
        })();
        outcome.and(again)
    });
}

#[test]
fn a_stack_of_every_capacity() {
    every_capacity(|capacity, drops| {
        let mut stack = StackAllocator::new(capacity);
        let outcome = (|| {
            let mut outer = stack.frame();
            let kept = outer.try_alloc_box((drops.guard(), 7_u64))?;
            let outcome = (|| {
                let frame = outer.frame();
                try_every_method!(frame, drops, SMALL);
                every_method!(frame, drops, SMALL);
                Ok(())
            })();
            assert_eq!(kept.1, 7);
            outcome
        })();
        assert_eq!(stack.used(), 0, "a frame that was not finished is gone too");
        outcome
    });
}

#[test]
fn a_pool_whose_slabs_are_refused() {
    every_call(|heap, drops| {
        let block = Layout::from_size_align(96, 32).unwrap();
        let mut options = PoolOptions::new(2);
        options.growth = Growth::Incremental(1);
        let mut pool = PoolAllocator::try_new_in(block, &options, heap)?;
        let outcome = (|| {
            let values = pool.typed::<(crate::support::DropGuard<'_>, [u64; 4])>()?;
            let mut boxes = Vec::new();
            for number in 0..12 {
                if number % 3 == 0 {
                    let slot = values.acquire()?;
                    boxes.push(slot.write_with(|| (drops.guard(), [number; 4])));
                } else {
                    boxes.push(values.alloc_with(|| (drops.guard(), [number; 4]))?);
                }
            }
            assert!(boxes.iter().zip(0..).all(|(value, number)| value.1 == [number; 4]));
            Ok(())
        })();
        assert_eq!((pool.blocks_in_use(), pool.first_error()), (0, None));
        allow(heap);
        pool.reset();
        let blocks: Vec<_> = (0..30).map(|_| pool.try_allocate_block().unwrap()).collect();
        assert_eq!((blocks.len(), pool.blocks_in_use()), (30, 30));
        outcome
    });
}

/// Refused by what backs it, the pool says so; refused by its own limit, that all are in use.
#[test]
fn which_of_the_two_refuses_a_block() {
    let heap = crate::support::heap::Counting::default();
    let mut options = PoolOptions::new(1);
    options.max_blocks = Some(2);
    let pool = PoolAllocator::try_new_in(Layout::new::<u64>(), &options, &heap).unwrap();
    let code = |refused: Result<_, AllocError>| refused.map(|_| ()).unwrap_err().code();
    heap.left.set(Some(0));
    assert_eq!(code((&pool).allocate(Layout::new::<u64>())), AllocErrorCode::OutOfMemory);
    heap.left.set(None);
    pool.try_allocate_block().unwrap();
    pool.try_allocate_block().unwrap();
    assert_eq!(code(pool.try_allocate_block()), AllocErrorCode::PoolExhausted);
}
