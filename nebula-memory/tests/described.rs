//! `allocator!`, `dealloc!` and `budget!` at run time: what is described is what there is.
#![cfg(all(not(loom), feature = "macros", feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::Cell;
use std::thread;

use nebula_memory::allocator::{Budgeted, Counters, Owned, Owns, Tracked};
use nebula_memory::{
    AllocErrorCode, AllocHandle, Allocator, Budget, BudgetUsage, BumpAllocator, KIB, Local, MIB, MemoryUsage,
    PoolAllocator, Shared, StackAllocator, SystemAllocator, ThreadSafeAllocator, TypedAllocator, allocator,
    budget, dealloc, memory_budget, memory_scope,
};
use proptest::prelude::*;
use support::cases;
use support::model::{Step, check};

const BLOCKS: usize = 4;

allocator! {
    /// Memory of one request.
    #[derive(Debug)]
    struct RequestMemory {
        small: pool(64 bytes x BLOCKS),
        large: bump(1 KiB),
        fallback: system,
        budget: 8 KiB,
        stats: on,
    }
}

allocator! {
    struct Strict {
        tiny: pool(16 bytes x 2),
        small: pool(64 bytes x 2),
        middle: stack(1 KiB) up to 128 bytes,
        large: bump(4 KiB),
    }
}

allocator! {
    struct Parallel { all: bump(64 KiB), fallback: bump(16 KiB), threading: shared, stats: on, budget: 70 KiB }
}

allocator! {
    struct Nodes { nodes: pool(48 bytes x 2) }
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 1).unwrap()
}

#[test]
fn blocks_are_where_the_lines_say() {
    let memory = RequestMemory::new();
    let (small, large) = (memory.alloc_init([1_u8; 64]).unwrap(), memory.alloc_init([2_u8; 65]).unwrap());
    assert_eq!((memory.small().blocks_in_use(), memory.large().used()), (1, 65));
    // The pool has no more blocks, then the fallback gives.
    let more: Vec<_> = (0..BLOCKS).map(|_| memory.alloc::<[u8; 10]>().unwrap()).collect();
    assert_eq!((memory.small().blocks_in_use(), memory.large().used()), (BLOCKS, 65));
    let stats = memory.stats();
    assert_eq!((stats.live(), stats.in_use), (2 + BLOCKS, 64 + 65 + 10 * BLOCKS));
    assert_eq!(memory.budget().used(), stats.in_use);
    // SAFETY: allocated above, and not used after this.
    unsafe { dealloc!(memory, small) };
    // SAFETY: as above.
    unsafe { dealloc!(memory, large) };
    for block in more {
        // SAFETY: as above.
        unsafe { dealloc!(&memory, block) };
    }
    assert_eq!((memory.stats().in_use, memory.budget().used(), memory.small().blocks_in_use()), (0, 0, 0));
    assert_eq!(memory.small().first_error(), None);
}

#[test]
fn more_than_the_budget_is_an_error_that_says_so() {
    let memory = RequestMemory::new();
    let kept = memory.allocate(layout(8000)).unwrap();
    let error = memory.allocate(layout(193)).unwrap_err();
    assert_eq!((error.code(), error.available()), (AllocErrorCode::BudgetExceeded, Some(192)));
    assert_eq!(memory.stats().refused, 1);
    // SAFETY: allocated above with this layout.
    unsafe { memory.deallocate(kept.cast(), layout(8000)) };
    assert_eq!(memory.budget().available(), 8 * KIB);
}

#[test]
fn without_a_fallback_a_full_class_is_an_error() {
    let memory = Strict::new();
    let tiny: Vec<_> = (0..2).map(|_| memory.alloc::<[u8; 16]>().unwrap()).collect();
    let error = memory.alloc::<u8>().unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
    let (small, middle) = (memory.alloc::<[u8; 17]>().unwrap(), memory.alloc::<[u8; 65]>().unwrap());
    assert_eq!((memory.small().blocks_in_use(), memory.middle().used() > 64), (1, true));
    let large = memory.alloc::<[u8; 129]>().unwrap();
    assert_eq!(memory.large().used(), 129);
    assert_eq!(memory.alloc::<[u8; 4 * KIB]>().unwrap_err().code(), AllocErrorCode::OutOfMemory);
    // A block that grows out of its class moves, one that shrinks comes back.
    // SAFETY: allocated above, with this size.
    unsafe { small.cast::<u8>().write_bytes(7, 17) };
    // SAFETY: allocated above with this layout.
    let grown = unsafe { memory.grow(small.cast(), layout(17), layout(500)) }.unwrap();
    // SAFETY: the bytes are those from before.
    assert_eq!((memory.small().blocks_in_use(), unsafe { grown.cast::<[u8; 17]>().read() }), (0, [7; 17]));
    // SAFETY: grown above to this layout.
    let shrunk = unsafe { memory.shrink(grown.cast(), layout(500), layout(20)) }.unwrap();
    // SAFETY: the bytes are those from before.
    assert_eq!((memory.small().blocks_in_use(), unsafe { shrunk.cast::<[u8; 17]>().read() }), (1, [7; 17]));
    // SAFETY: shrunk above to this layout.
    unsafe { memory.deallocate(shrunk.cast(), layout(20)) };
    // SAFETY: allocated above.
    unsafe { dealloc!(memory, middle) };
    // SAFETY: allocated above.
    unsafe { dealloc!(memory, large) };
    for block in tiny {
        // SAFETY: allocated above.
        unsafe { dealloc!(memory, block) };
    }
    assert_eq!(
        (memory.tiny().blocks_in_use(), memory.small().blocks_in_use(), memory.middle().used()),
        (0, 0, 0)
    );
}

#[test]
fn blocks_of_a_pool_are_as_aligned_as_their_size_allows() {
    let memory = Nodes::default();
    assert_eq!(memory.nodes().block_layout(), Layout::from_size_align(48, 16).unwrap());
    assert!(memory.allocate(Layout::from_size_align(48, 16).unwrap()).is_ok());
    assert_eq!(memory.alloc::<[u8; 49]>().unwrap_err().code(), AllocErrorCode::InvalidLayout);
}

#[test]
fn it_owns_its_memory_and_takes_it_along() {
    let memory = RequestMemory::new();
    let name = memory.alloc_init(*b"ada").unwrap();
    let moved = Box::new(memory);
    // SAFETY: allocated above; the allocator was moved, not dropped.
    assert_eq!(unsafe { name.read() }, *b"ada");
    let handle = AllocHandle::new([1_u64; 100], *moved);
    let sum = thread::spawn(move || handle.iter().sum::<u64>()).join().unwrap();
    assert_eq!(sum, 100);
}

#[test]
fn many_threads_share_one() {
    fn parallel<A: ThreadSafeAllocator>(_: &A) {}
    let memory = Parallel::new();
    parallel(&memory);
    thread::scope(|threads| {
        for number in 0..3_u64 {
            let memory = &memory;
            threads.spawn(move || {
                for size in 1..if cfg!(miri) { 8 } else { 100 } {
                    let block = memory.alloc_array::<u64>(size).unwrap();
                    // SAFETY: allocated just above with this length.
                    unsafe { block.cast::<u64>().write(number) };
                    // SAFETY: as above.
                    assert_eq!(unsafe { block.cast::<u64>().read() }, number);
                    // SAFETY: as above.
                    unsafe { dealloc!(memory, block) };
                }
            });
        }
    });
    assert_eq!((memory.stats().in_use, memory.budget().used()), (0, 0));
}

#[test]
fn expressions_are_the_types_of_the_runtime() {
    let bump: BumpAllocator = allocator!(bump 4 KiB);
    let aligned: BumpAllocator<_, 8> = allocator!(bump 4096, { align: 8 });
    let shared = allocator!(bump, 4096, { threading: shared });
    let pool: PoolAllocator = allocator!(pool 64 x 10);
    let pages: PoolAllocator = allocator!(pool 100 x 2, { align: 4096 });
    let stack: StackAllocator = allocator!(stack 8192);
    let heap: Tracked<SystemAllocator> = allocator!(system, { tracked: true });
    let counted: Tracked<Owned<BumpAllocator>> = allocator!(bump 64, { track_stats: true });
    let limited: Budgeted<Owned<StackAllocator>, Budget<'_, Local>> = allocator!(stack 1 KiB, { budget: 64 });
    let both: Tracked<Budgeted<Owned<PoolAllocator>, Budget<'_>>, Counters> =
        allocator!(pool 8 x 8, { budget: 16, stats: on });

    assert_eq!(
        (bump.capacity(), stack.capacity(), support::address(aligned.alloc(1_u8)) % 8),
        (4096, 8192, 0)
    );
    thread::scope(|threads| {
        let three = threads.spawn(|| *shared.alloc(3)).join();
        assert_eq!(three.ok(), Some(3));
    });
    assert_eq!(
        (pool.block_layout(), pages.block_layout().align()),
        (Layout::from_size_align(64, 64).unwrap(), 4096)
    );
    let (on_heap, in_block) = (heap.alloc_init(7_u64).unwrap(), counted.alloc_init(8_u64).unwrap());
    assert_eq!((heap.tracker().snapshot().live(), counted.tracker().snapshot().in_use), (1, 8));
    // SAFETY: allocated just above.
    unsafe { dealloc!(heap, on_heap) };
    // SAFETY: allocated just above.
    unsafe { dealloc!(counted, in_block) };
    assert_eq!(counted.allocator().used(), 0);
    assert!(limited.alloc::<[u8; 65]>().is_err() && limited.alloc::<[u8; 64]>().is_ok());
    let blocks = [both.alloc::<u64>(), both.alloc::<u64>(), both.alloc::<u64>()];
    assert_eq!(blocks.map(|block| block.is_ok()), [true, true, false]);
    assert_eq!((both.tracker().snapshot().refused, both.allocator().budget().used()), (1, 16));
}

#[test]
fn a_pool_without_blocks_is_an_error() {
    let (none, size) = (0, 8);
    for make in [
        Box::new(|| drop(allocator!(pool size x none))) as Box<dyn Fn()>,
        Box::new(|| drop(allocator!(pool none x size))),
        Box::new(|| drop(allocator!(pool usize::MAX x size))),
    ] {
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(make)).is_err());
    }
}

#[test]
fn stacks_have_scopes() {
    let mut stack = allocator!(stack 1024);
    let before = stack.used();
    let sum = memory_scope!(stack, {
        let outer = stack.alloc(1_u64);
        memory_scope!("inner", stack, {
            *outer += *stack.alloc(2_u64);
        });
        *outer
    });
    assert_eq!((sum, stack.used()), (3, before));
    assert_eq!(allocator!(scoped stack 64 => |s| { *s.alloc(4) }), 4);
}

#[test]
fn owned_allocators_answer_for_their_blocks() {
    let owned = Owned::new(BumpAllocator::new(100));
    let block = owned.alloc::<[u8; 60]>().unwrap();
    assert!(owned.owns(block.cast(), layout(60)));
    assert_eq!(
        (MemoryUsage::used(&owned), MemoryUsage::available(&owned), owned.capacity()),
        (60, Some(40), 100)
    );
    // SAFETY: allocated just above.
    unsafe { dealloc!(owned, block) };
    let mut inside = owned.into_inner();
    inside.reset();
    assert_eq!(inside.used(), 0);
}

#[test]
fn every_pointer_can_be_given_back() {
    let bump = BumpAllocator::new(256);
    let (value, values) = ((&bump).alloc_init(1_u64).unwrap(), (&bump).alloc_array::<u16>(10).unwrap());
    // SAFETY: allocated above; the last one first, so that all is free again.
    unsafe { dealloc!(bump, values.as_ptr()) };
    // SAFETY: as above.
    unsafe { dealloc!(bump, value.as_ptr()) };
    // SAFETY: nothing is there.
    unsafe { dealloc!(bump, std::ptr::null_mut::<u64>()) };
    assert_eq!(bump.used(), 0);
}

#[test]
fn budgets() {
    const LIMIT: usize = 8 * MIB;
    static ALL: Budget<Shared> = budget!(total: LIMIT, per_alloc: 1 MiB, threading: shared);
    let small = const { memory_budget!(100) };
    assert_eq!((ALL.limit(), small.limit(), budget!(1 KiB).limit()), (LIMIT, 100, 1024));

    let memory = Budgeted::new(SystemAllocator, &ALL);
    assert_eq!(memory.allocate(layout(MIB + 1)).unwrap_err().code(), AllocErrorCode::BudgetExceeded);

    let calls = Cell::new(0);
    let notify = |_: BudgetUsage| calls.set(calls.get() + 1);
    let order = Cell::new(Vec::new());
    let next = |number: usize| {
        let mut numbers = order.take();
        numbers.push(number);
        order.set(numbers);
        number
    };
    let careful = budget!(per_allocation: next(50), soft: next(80) => &notify, total: next(100));
    assert_eq!(order.take(), [50, 80, 100]);
    let bytes = careful.reserve(90).unwrap();
    assert_eq!((calls.get(), careful.available()), (1, 10));
    drop(bytes);
    let refused = Budgeted::new(SystemAllocator, &careful).allocate(layout(51)).unwrap_err();
    assert_eq!(refused.code(), AllocErrorCode::BudgetExceeded);
}

#[test]
#[should_panic(expected = "the limit for one block is larger than the total")]
fn limits_that_are_known_too_late_panic() {
    let (total, per_alloc) = (10, 11);
    let _ = budget!(total: total, per_alloc: per_alloc);
}

#[cfg(feature = "allocator-api2")]
#[test]
fn collections_live_in_it() {
    use allocator_api2::vec::Vec;
    use hashbrown::HashMap;

    let memory = RequestMemory::new();
    {
        let mut numbers = Vec::new_in(&memory);
        numbers.extend(0..500_u64);
        let mut names: HashMap<u32, u32, _, _> = HashMap::new_in(&memory);
        names.extend((0..20).map(|n| (n, n * n)));
        assert_eq!((numbers.iter().sum::<u64>(), names[&19]), (499 * 250, 361));
        assert!(memory.stats().in_use > 4000);
        // The budget ends it; what was there is untouched.
        assert!(numbers.try_reserve(10_000).is_err());
        assert_eq!(numbers.len(), 500);
    }
    assert_eq!((memory.stats().in_use, memory.budget().used()), (0, 0));

    // The collection may own all of its memory.
    let mut owner = Vec::new_in(Strict::new());
    owner.extend([1_u8; 100]);
    let owner = owner;
    assert_eq!((owner.len(), owner.allocator().middle().used() > 0), (100, true));
}

fn layouts() -> impl Strategy<Value = Layout> {
    (prop_oneof![8 => 0..200_usize, 2 => 0..3000_usize], prop_oneof![8 => 0..5_u32, 1 => 0..9_u32])
        .prop_map(|(size, align)| Layout::from_size_align(size, 1 << align).unwrap())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (layouts(), any::<bool>()).prop_map(|(layout, zeroed)| Step::Allocate { layout, zeroed }),
        1 => any::<usize>().prop_map(Step::Free),
        3 => (any::<usize>(), layouts(), any::<bool>())
            .prop_map(|(index, layout, zeroed)| Step::Resize { index, layout, zeroed }),
    ];
    prop::collection::vec(step, 0..if cfg!(miri) { 12 } else { 60 })
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn compositions_keep_the_contract(steps in steps()) {
        let memory = RequestMemory::new();
        check(&memory, &steps);
        prop_assert_eq!((memory.stats().in_use, memory.budget().used()), (0, 0));
        prop_assert_eq!((memory.small().blocks_in_use(), memory.small().first_error()), (0, None));

        let memory = Strict::new();
        check(&memory, &steps);
        prop_assert_eq!((memory.tiny().first_error(), memory.small().first_error()), (None, None));
        prop_assert_eq!((memory.tiny().blocks_in_use(), memory.middle().used()), (0, 0));

        let memory = Parallel::new();
        check(&memory, &steps);
        prop_assert_eq!((memory.stats().in_use, memory.budget().used()), (0, 0));

        check(&Owned::new(StackAllocator::new(10_000)), &steps);
    }
}
