//! What broke libraries of this kind, and what keeps it away here. A name that begins with a number is a test of that case.
//!
//! Unsound (`S`), wrong (`C`), and found in crates that are in use (`living`):
//!
//! | case | what it was | where it is tested, or why it cannot occur |
//! | --- | --- | --- |
//! | S1 | going back to a checkpoint, in safe code, under live values | `restore` and `release_to` are unsafe: `ui-tests/runtime/fail/s1_*`, `ui-tests/stack/fail/s1_*`; scopes are the safe way |
//! | S2 | values outlive their scope | `ui-tests/runtime/fail/s2_*`; `stack_model.rs` |
//! | S3 | stale checkpoints are accepted and cut live blocks | `stack.rs`; scopes nest by borrowing: `ui-tests/runtime/fail/s3_*` |
//! | S4 | a frame frees memory of a live value | `stack.rs`; `ui-tests/stack/fail/s4_*` |
//! | S5 | frames dropped, or blocks given back, out of order | `stack.rs`; `ui-tests/{stack,runtime}/fail/s5_*` |
//! | S6 | a free list without tags, with links inside of slots | `loom/fixed_pool.rs`, `fixed_pool.rs` |
//! | S7 | blocks less aligned than asked for | `pool_allocator.rs`, `fixed_pool.rs` |
//! | S8 | sizes that overflow wrap around | `pool_allocator.rs`, `typed.rs`, `bump.rs` |
//! | S9 | blocks whose size is no multiple of a link's alignment | `pool_allocator.rs`: links lie beside the blocks |
//! | S10 | values of no size at address 1, whatever their alignment | `bump.rs`, `typed.rs`, `typed_arena.rs`, `compose.rs`, `stack.rs`, `threads.rs`, `poisoned.rs`, `custom.rs`, `pool_allocator.rs` |
//! | S11 | a block goes back to the allocator that is active now | `compose.rs`; below; `ui-tests/runtime/fail/s11_*` |
//! | S12 | a reference asks the thread's arena, not its own, whether it is valid | references borrow what they are from: `ui-tests/{runtime,handle}/fail/s12_*`; boxes of pools: below; arenas of threads: `arena_macro.rs` |
//! | S13 | references over a reset | `ui-tests/{runtime,stack,handle,lifecycle}/fail/s13_*` |
//! | S14 | a reference is made before it is known to be valid | no pointer is followed to find out whose it is: `pool_allocator.rs` |
//! | S15 | an arena of many threads is reset under references | `ui-tests/runtime/fail/s15_*` |
//! | S16 | the memory of one future is read as what another has put there | below |
//! | S17 | a pooled value outlives its pool, or the pool moves | `ui-tests/{runtime,pool}/fail/s17_*`, `ui-tests/pooled/fail/box_outlives_pool.rs` |
//! | S18 | a slice from a null pointer | `typed.rs` |
//! | S19 | a safe function writes through a raw pointer; a fill that the optimiser drops | no safe function here does; the fill of freed blocks is checked: `poisoned.rs` |
//! | S20 | functions that unmap memory are safe | nothing here maps memory; giving it back is unsafe: `ui-tests/runtime/fail/s20_*` |
//! | S21 | each allocation claims the whole buffer | `provenance.rs` |
//! | S22 | pointers made of integers | `provenance.rs`; all tests run under Miri with strict provenance |
//! | S23 | values of a typed arena move, or are claimed by later ones | `typed_arena.rs` |
//! | S24 | a safe trait whose implementations are trusted | `Allocator` is unsafe: `ui-tests/runtime/fail/s24_*`; what its macro checks: `custom.rs` |
//! | S25 | a block that shrank is given back with another layout | `stack.rs`, `custom.rs`; below |
//! | S26 | references to memory that was never written | `ui-tests/runtime/fail/s26_*` |
//! | S27 | what is for one thread is `Sync` | `threads.rs`; `ui-tests/{runtime,stack}/fail/s27_*` |
//! | C1 | a request larger than any chunk loops for ever | `arena.rs`, `bump.rs`, `typed_arena.rs` |
//! | C2 | dropping many chunks overflows the stack | `bump.rs` |
//! | C3 | a reset reuses one chunk and keeps all others idle | `bump.rs` |
//! | C4 | marks cannot be restored once a chunk was added | `arena.rs` |
//! | C5, C6 | later chunks of a typed arena are half used, or overrun after a reset | `typed_arena.rs` |
//! | C7 | a typed arena never drops its values | `typed_arena.rs` |
//! | C8 | the padding of a stack never comes back | `stack.rs` |
//! | C9 | pools of pools: locks in two orders, destructors under a lock | `object_pool_cases.rs` |
//! | C10 | what is detached, cleared or refused costs capacity for ever | `object_pool_cases.rs`, `object_pool_model.rs` |
//! | C11 | shrinking takes the highest priority | `object_pool_cases.rs` |
//! | C12 | a pool that was closed makes objects; acquiring never waits | `object_pool_cases.rs`, `object_pool.rs`, `loom/object_pool.rs` |
//! | C13 | a pool of one throws away what comes back, and spins | `object_pool_cases.rs`, `object_pool_async.rs` |
//! | C14 | the entry that has to go is looked for among all | `cache_cases.rs`; each policy by its reference: `cache_policies.rs` |
//! | C15 | a hit is no use of an entry, and evicts another | `cache_cases.rs` |
//! | C16 | a computation that fails costs an entry | `cache_cases.rs`, `cache_compute.rs`, `cache_dedup.rs` |
//! | C17 | limits do not hold under threads, counts never come back | `cache_cases.rs`, `cache_shared.rs` |
//! | C18 | what has expired is served until a sweep; the deadline of an old value ends a new one | `cache_cases.rs`, `cache_expiry.rs`, `cache_expiry_shared.rs`, `cache_expiry_model.rs` |
//! | C19 | dropping a cache waits for a thread that sleeps | no cache has a thread: `cache_cases.rs` |
//! | C20 | a seed that nobody uses | `cache_cases.rs`, `cache_policies.rs` |
//! | C21 | parts that are not used alike, and locked while something is computed | `cache_cases.rs`, `cache_compute.rs` |
//! | C22 | tiers that lose what goes down, and remember what is gone | `cache_cases.rs`, `cache_tiered.rs` |
//! | C26 | macros that no user can call | below, and `ui-tests/` |
//! | C27 | the system is asked at every allocation | below; `#[arena]`: `out_of_memory/global_heap.rs` |
//! | C28 | a dropped child budget never gives back | `budget.rs`; `ui-tests/runtime/fail/c28_*` |
//! | C31 | a count of free slots falls below zero for a moment | `fixed_pool.rs` |
//! | living | an untyped arena that runs destructors | `ui-tests/{runtime,handle}/fail/living_*` |
//! | living | what is pinned is overwritten without having been dropped | nothing here pins: `ui-tests/{runtime,handle}/fail/living_pinned*` |
//! | living | an arena goes to another thread with what may not | `threads.rs`; `ui-tests/{runtime,handle}/fail/living_*sent*` |
//! | living | empty arenas write to a header that all share | below |
//! | living | growing is wrong where more was given than asked for | below, `compose.rs` |
//! | living | an iterator allocates from the slice that it fills | `bump.rs`, `typed_arena.rs` |
//! | living | a collection that owns its arena moves it | `ui-tests/runtime/fail/living_collection_that_owns_the_arena.rs` |
//! | living | pools go where their backing may not | `pool_allocator.rs`; `ui-tests/runtime/fail/living_*` |
//! | living | slots are lost, or hold what a panic has left | `fixed_pool.rs`, `pool_allocator.rs` |
//! | living | an object that a panic has tainted is handed out | `object_pool.rs` |
//! | living | a cancelled acquire keeps its object, or its place | `object_pool_async.rs`, `loom/object_pool.rs` |
//! | living | objects are dropped while a lock is held | `object_pool.rs`; C9 |
//! | living | a pool goes to another thread with what may not, or shares it | `object_pool.rs`, `object_pool_local.rs`; `ui-tests/pool/fail/living_*` |
//! | living | of 64 objects none is there | `object_pool_cases.rs` |
//! | living | who waits for a load hangs if its leader is not polled | `cache_dedup_async.rs` |
//! | living | a load outlives an insertion or a removal that came after it | `cache_dedup.rs`, `cache_dedup_async.rs`, `cache_cases.rs`; on the way between tiers: `cache_tiered.rs` |
//! | living | a wheel of deadlines keeps entries that are gone | entries are ids, and leave it with the cache: `cache_expiry_model.rs` |
//! | living | an update of a value that depends on the one before is lost | `cache_cases.rs` |
//! | living | a panic of a key or a value in the middle of a change | `cache_panics.rs`, `cache_shared.rs` |
//! | living | a value of another key with the same hash | `cache_cases.rs`, `cache_shared.rs` |
//! | living | removing one entry changes the order of others | `cache_cases.rs` |
//! | living | a cache has more than its capacity, if only for a moment | C17; `cache_model.rs` |
#![cfg(all(not(loom), feature = "std"))]

mod support;

use std::alloc::Layout;
use std::ptr::NonNull;

use nebula_memory::allocator::{Budgeted, Counters, Fallback, Segregated, Tracked};
use nebula_memory::{
    Allocator, Arena, Budget, BumpAllocator, Checkpoint, FixedPool, Local, MemoryUsage, Poisoned,
    PoolAllocator, PoolOptions, SharedArena, StackAllocator,
};
use proptest::prelude::*;
use support::heap::Counting;
use support::strict::Strict;
use support::{Drops, cases, model};

/// Which allocator serves new requests may change between a block's coming and going: it still goes back to its own.
#[test]
fn s11_a_block_goes_back_to_its_own_allocator() {
    let heap = Strict::default();
    let mut bump = BumpAllocator::new(64);
    let layout = Layout::new::<[u64; 4]>();
    {
        // SAFETY: the blocks of the second are the heap's.
        let memory = unsafe { Fallback::new_unchecked(&bump, &heap) };
        let blocks: Vec<NonNull<u8>> = (0..5).map(|_| memory.allocate(layout).unwrap().cast()).collect();
        assert_eq!((bump.used(), heap.bytes()), (64, 3 * 32), "the first has become full meanwhile");
        for block in blocks {
            // SAFETY: allocated above, and given back once.
            unsafe { memory.deallocate(block, layout) };
        }
    }
    assert_eq!(heap.bytes(), 0, "none of the heap's went to the other, or the other way round");
    bump.reset();
}

/// Two pools of one type: a box knows which of them it is from.
#[test]
fn s12_a_box_goes_back_to_its_own_pool() {
    let pools = [const { FixedPool::<String, 4>::new() }; 2];
    let grown = [PoolAllocator::for_type::<String>(1), PoolAllocator::for_type::<String>(1)];
    let mut boxes = Vec::new();
    let mut blocks = Vec::new();
    for round in 0..4 {
        boxes.push(pools[round % 2].alloc_with(|| round.to_string()).unwrap());
        blocks.push(grown[round % 2].typed().unwrap().alloc_with(|| round.to_string()).unwrap());
    }
    boxes.swap(0, 3);
    blocks.swap(0, 3);
    assert!(boxes.iter().zip(&blocks).all(|(one, other)| **one == **other));
    // The first two are of the second pool now, and of the first.
    boxes.truncate(2);
    boxes.remove(1);
    blocks.truncate(1);
    assert_eq!(pools.each_ref().map(FixedPool::in_use), [0, 1]);
    assert_eq!(grown.each_ref().map(PoolAllocator::blocks_in_use), [0, 1]);
    assert!(grown.iter().all(|pool| pool.first_error().is_none()));
}

/// Futures that take turns: each keeps its own memory, and what one has put there no other reads.
#[test]
#[cfg(feature = "macros")]
fn s16_futures_do_not_share_memory() {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    /// Pending once.
    struct Yield(bool);
    impl Future for Yield {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
        }
    }

    #[nebula_memory::arena]
    async fn text(rounds: usize) -> usize {
        let mut parts = Vec::new();
        for round in 0..rounds {
            parts.push(arena.alloc_box(round.to_string()));
            Yield(false).await;
        }
        parts.iter().map(|part| part.len()).sum()
    }

    #[nebula_memory::arena]
    async fn bytes(rounds: usize) -> usize {
        let mut parts = Vec::new();
        for _ in 0..rounds {
            parts.push(arena.alloc([0xFF_u8; size_of::<String>()]));
            Yield(false).await;
        }
        parts.iter().filter(|part| part.iter().all(|byte| *byte == 0xFF)).count()
    }

    let (mut one, mut other, mut third) = (pin!(text(10)), pin!(bytes(20)), Some(Box::pin(bytes(30))));
    let mut context = Context::from_waker(Waker::noop());
    let (mut letters, mut whole) = (None, None);
    for round in 0..40 {
        if letters.is_none()
            && let Poll::Ready(result) = one.as_mut().poll(&mut context)
        {
            letters = Some(result);
        }
        if let Some(third) = &mut third {
            assert!(third.as_mut().poll(&mut context).is_pending());
        }
        if whole.is_none()
            && let Poll::Ready(result) = other.as_mut().poll(&mut context)
        {
            whole = Some(result);
        }
        if round == 5 {
            // Cancelled: its arena is the next one's.
            third = None;
        }
    }
    assert_eq!((letters, whole), (Some(10), Some(20)));
}

proptest! {
    #![proptest_config(cases(128))]

    /// Over a heap that gives more than was asked for, and that knows each block's layouts.
    #[test]
    fn s25_living_blocks_that_are_larger_than_asked_for(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        over_a_generous_heap(&model::steps_from(&bytes));
    }
}

/// Whoever is given more may use it, and is not confused by it.
fn over_a_generous_heap(steps: &[model::Step]) {
    let heap = Strict::default();
    {
        let mut arena = Arena::<_, 1>::new_in(&heap);
        model::check(&&arena, steps);
        arena.reset();
        model::check(&&arena.scope(), steps);
        model::check(&&Arena::<_, 16>::with_capacity_in(300, &heap), steps);
        model::check(&&SharedArena::<_, 8>::new_in(&heap).local(), steps);
        model::check(&&BumpAllocator::<_, 1>::new_in(1000, &heap), steps);
        model::check(&&StackAllocator::try_new_in(1000, &heap).unwrap(), steps);
        let block = Layout::from_size_align(64, 16).unwrap();
        let pool = PoolAllocator::try_new_in(block, &PoolOptions::new(3), &heap).unwrap();
        model::check(&&pool, steps);
        let bump = BumpAllocator::new(500);
        // SAFETY: the blocks of the second are the heap's.
        model::check(&unsafe { Fallback::new_unchecked(&bump, &heap) }, steps);
        model::check(&Segregated::<_, _, 64>::new(&pool, &heap), steps);
        model::check(&Segregated::<_, _, 50>::new(&heap, &heap), steps);
        let budget = Budget::new(10_000);
        model::check(&Budgeted::new(&heap, &budget), steps);
        assert_eq!(MemoryUsage::used(&budget), 0);
        let tracked = Tracked::with_tracker(&heap, Counters::<Local>::new());
        model::check(&tracked, steps);
        assert_eq!(tracked.tracker().snapshot().in_use, 0);
        model::check(&Poisoned::with_quarantine(&heap, 300), steps);
    }
    assert_eq!(heap.bytes(), 0);
}

/// By their full names, from outside of the crate, with nothing imported.
#[test]
#[cfg(feature = "macros")]
fn c26_every_macro_can_be_called() {
    #[derive(nebula_memory::Pooled)]
    #[pooled(capacity = 2)]
    struct Pooled {
        id: u32,
    }

    #[derive(nebula_memory::Builder)]
    struct Plain {
        id: u32,
    }

    #[nebula_memory::arena]
    fn with_arena() -> u32 {
        *arena.alloc(5)
    }

    struct Own;
    impl Own {
        #[expect(clippy::unused_self, reason = "the macro calls it so")]
        fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, nebula_memory::AllocError> {
            nebula_memory::SystemAllocator.allocate(layout)
        }
        #[expect(clippy::unused_self, reason = "the macro calls it so")]
        unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
            // SAFETY: the caller's promise; every block is from the heap.
            unsafe { nebula_memory::SystemAllocator.deallocate(block, layout) }
        }
    }
    // SAFETY: every block is the heap's.
    nebula_memory::impl_allocator!(unsafe Own);

    let mut memory = nebula_memory::allocator!(bump 1024);
    let sum = nebula_memory::memory_scope!(memory, {
        let number = nebula_memory::alloc!(memory, u32 = 3);
        *number + *nebula_memory::alloc!(memory, u32 = 4)
    });
    let own = nebula_memory::AllocHandle::new(6, Own);
    let pooled = Pooled::acquire().unwrap().id(1).finish();
    let plain = Plain::builder().id(2).build();
    assert_eq!((pooled.id, plain.id, sum, with_arena(), *own), (1, 2, 7, 5, 6));
}

/// After the first round everything is there; and what stands on another allocator asks it once for each block.
#[test]
fn c27_what_is_warm_asks_nobody() {
    let (heap, drops) = (Counting::default(), Drops::default());
    let mut arena = Arena::<_, 8>::new_in(&heap);
    let mut pool = PoolAllocator::try_new_in(Layout::new::<[u64; 4]>(), &PoolOptions::new(4), &heap).unwrap();
    let mut shared = SharedArena::<_, 8>::new_in(&heap);
    let mut asked = Vec::new();
    for _ in 0..6 {
        for round in 0..if cfg!(miri) { 3 } else { 50_u64 } {
            let mut outer = arena.scope();
            outer.alloc_slice_fill(100, &round);
            drop(outer.scope().alloc_box(drops.guard()));
            shared.local().alloc_fmt(format_args!("{round:>100}"));
            let blocks: Vec<_> =
                (0..9).map(|_| pool.typed().unwrap().alloc_with(|| drops.guard()).unwrap()).collect();
            drop(blocks);
        }
        arena.reset();
        pool.reset();
        shared.reset();
        asked.push(heap.total.get());
    }
    // One chunk may be added in the second round, when the largest is used first.
    assert!(asked[1..].windows(2).all(|pair| pair[0] == pair[1]), "{asked:?}");

    let heap = Counting::default();
    let budget = Budget::new(usize::MAX);
    let memory = Budgeted::new(Tracked::with_tracker(&heap, Counters::<Local>::new()), &budget);
    let layout = Layout::new::<u64>();
    for block in 1..100 {
        let memory = memory.allocate(layout).map(|block| (block.cast(), &memory)).unwrap();
        assert_eq!(heap.total.get(), block);
        // SAFETY: allocated just above.
        unsafe { memory.1.deallocate(memory.0, layout) };
    }
}

/// An arena without a chunk has nothing to write to, whatever is done with it; so many of them may be used at once.
#[test]
fn living_empty_arenas_share_nothing() {
    fn all_that_needs_no_memory<const MIN_ALIGN: usize>() {
        #[derive(Clone, Copy)]
        #[repr(align(4096))]
        struct Nothing;

        let heap = Counting::default();
        let mut arena = Arena::<_, MIN_ALIGN>::new_in(&heap);
        for _ in 0..20 {
            let mark = arena.checkpoint();
            assert_eq!(support::address(arena.alloc(Nothing)) % 4096, 0);
            arena.alloc_slice_fill(7, &Nothing);
            arena.alloc_str("");
            arena.alloc_fmt(format_args!(""));
            arena.alloc_slice_from_iter(std::iter::empty::<u64>());
            arena.alloc_try_with(|| Err::<(), _>(1)).unwrap_err();
            drop(arena.alloc_box(()));
            arena.try_reserve(0).unwrap();
            let nothing = Layout::from_size_align(0, 64).unwrap();
            let block = (&arena).allocate_zeroed(nothing).unwrap().cast::<u8>();
            // SAFETY: allocated above, of no size before and after.
            let block = unsafe { (&arena).shrink(block, nothing, nothing) }.unwrap().cast();
            // SAFETY: as above.
            unsafe { (&arena).deallocate(block, nothing) };
            // SAFETY: the mark is this arena's; what was allocated since is not used.
            unsafe { arena.restore(mark) };
            arena.scope().scope().alloc(Nothing);
            arena.reset();
            arena.clear();
            assert_eq!((arena.stats(), arena.allocated_bytes()), (nebula_memory::ArenaStats::default(), 0));
        }
        drop(arena);
        assert_eq!(heap.total.get(), 0);
    }

    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(all_that_needs_no_memory::<1>);
            threads.spawn(all_that_needs_no_memory::<16>);
        }
    });
    assert_eq!(*Arena::new().alloc(7), 7);
}
