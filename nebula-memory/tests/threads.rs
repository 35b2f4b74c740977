//! What many threads may use at once: the shared bump allocator and the shared arena.
#![cfg(all(not(loom), feature = "std"))]

mod support;

use std::alloc::Layout;
use std::ptr::NonNull;
use std::thread;

use nebula_memory::allocator::bump::{Block, Buffer, Embedded};
use nebula_memory::{
    AllocErrorCode, Allocator, BumpAllocator, MemoryUsage, Shared, SharedArena, SystemAllocator,
    ThreadSafeAllocator,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

type SharedBump = BumpAllocator<Block<SystemAllocator>, 1, Shared>;

assert_impl_all!(SharedBump: Send, Sync);
assert_impl_all!(&'static SharedBump: ThreadSafeAllocator);
assert_impl_all!(BumpAllocator<Buffer<'static>, 8, Shared>: Send, Sync);
assert_impl_all!(SharedArena: Send, Sync);
const ROUNDS: usize = if cfg!(miri) { 20 } else { 2000 };

/// What is for one thread is not shared, whatever it is made of, and what owns values goes where they may.
#[test]
fn s27_local_memory_is_not_shared() {
    assert_not_impl_any!(BumpAllocator: Sync);
    assert_not_impl_any!(nebula_memory::BumpScope<'static, Block<SystemAllocator>>: Sync);
    assert_not_impl_any!(nebula_memory::StackAllocator: Sync);
    assert_not_impl_any!(nebula_memory::StackFrame<'static, Block<SystemAllocator>>: Sync);
    assert_not_impl_any!(nebula_memory::Arena: Sync);
    assert_not_impl_any!(nebula_memory::ArenaScope<'static>: Sync);
    assert_not_impl_any!(nebula_memory::ThreadArena<'static>: Sync);
    assert_not_impl_any!(nebula_memory::TypedArena<u8>: Sync);
    assert_not_impl_any!(nebula_memory::PoolAllocator: Sync);
    assert_not_impl_any!(nebula_memory::LocalFixedPool<u8, 4>: Sync);
    assert_not_impl_any!(nebula_memory::Poisoned<SystemAllocator>: Sync);
    assert_not_impl_any!(nebula_memory::Budget<'static>: Sync);
    assert_not_impl_any!(nebula_memory::allocator::Tracked<SystemAllocator>: Sync);
}

/// Memory that is shared is so only over a backing that is.
#[test]
fn living_arenas_go_only_where_what_they_hold_may_go() {
    assert_impl_all!(nebula_memory::TypedArena<u8>: Send);
    assert_not_impl_any!(nebula_memory::TypedArena<std::rc::Rc<u8>>: Send);
    assert_not_impl_any!(nebula_memory::Arena<&'static BumpAllocator>: Send);
    assert_not_impl_any!(nebula_memory::ArenaScope<'static, &'static BumpAllocator>: Send);
    assert_not_impl_any!(SharedArena<&'static BumpAllocator>: Send, Sync);
    assert_not_impl_any!(nebula_memory::ThreadArena<'static, &'static BumpAllocator>: Send, Sync);
    assert_impl_all!(SharedArena<&'static SharedBump>: Send, Sync);
    assert_not_impl_any!(BumpAllocator<Block<&'static BumpAllocator>, 1, Shared>: Send, Sync);
    assert_not_impl_any!(nebula_memory::StackAllocator<Block<&'static BumpAllocator>>: Send);
    assert_not_impl_any!(nebula_memory::Poisoned<&'static BumpAllocator>: Send);
}

#[test]
fn threads_get_blocks_of_their_own() {
    let memory = SharedBump::new_shared(4 * ROUNDS * 24 + 64);
    thread::scope(|threads| {
        for thread in 0..4_u64 {
            let memory = &memory;
            threads.spawn(move || {
                let values: Vec<&mut [u64]> =
                    (0..ROUNDS).map(|i| memory.alloc_slice_fill(1 + i % 3, &thread)).collect();
                assert!(values.iter().flat_map(|value| value.iter()).all(|value| *value == thread));
            });
        }
    });
    assert!(MemoryUsage::used(&memory) >= 4 * (0..ROUNDS).map(|i| 8 * (1 + i % 3)).sum::<usize>());
}

#[test]
fn a_full_block_is_an_error_and_a_reset_frees_it() {
    let mut memory = SharedBump::new_shared(64);
    memory.alloc([0_u8; 60]);
    let error = memory.try_alloc([0_u8; 5]).unwrap_err();
    assert_eq!((error.code(), error.available()), (AllocErrorCode::OutOfMemory, Some(4)));
    memory.alloc([0_u8; 4]);
    memory.reset();
    assert_eq!((memory.used(), memory.available()), (0, 64));
    // A scope is for one thread, and faster.
    let scope = memory.scope();
    scope.alloc([0_u8; 64]);
    assert_eq!(memory.available(), 64);
}

#[test]
fn the_last_block_is_resized_in_place_and_given_back() {
    let memory: BumpAllocator<_, 8, Shared> = BumpAllocator::new_in(1024, SystemAllocator);
    let bytes = |size| Layout::from_size_align(size, 8).unwrap();
    let block = (&memory).allocate(bytes(100)).unwrap().cast::<u8>();
    // SAFETY: allocated with this layout; the new one is larger.
    let grown = unsafe { (&memory).grow(block, bytes(100), bytes(1000)) }.unwrap();
    assert_eq!((grown.cast(), memory.used()), (block, 1000));
    // SAFETY: as above; smaller.
    let shrunk = unsafe { (&memory).shrink(block, bytes(1000), bytes(10)) }.unwrap();
    assert_eq!((shrunk.cast(), memory.used()), (block, 16));
    // SAFETY: allocated here, given back once.
    unsafe { (&memory).deallocate(block, bytes(10)) };
    assert_eq!(memory.used(), 0);
}

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Nothing;

#[test]
fn s10_blocks_of_no_size_are_aligned_and_take_nothing() {
    let memory: BumpAllocator<Embedded<64>, 1, Shared> = BumpAllocator::embedded();
    memory.alloc([0_u8; 64]);
    assert_eq!(support::address(memory.alloc(Nothing)) % 64, 0);
    let nothing = Layout::from_size_align(0, 4096).unwrap();
    let block = (&memory).allocate(nothing).unwrap().cast::<u8>();
    assert_eq!(block.addr().get() % 4096, 0);
    // SAFETY: allocated here with this layout.
    unsafe { (&memory).deallocate(block, nothing) };
    assert_eq!(memory.used(), 64);
}

#[test]
fn a_static_needs_no_heap() {
    static MEMORY: BumpAllocator<Embedded<4096>, 8, Shared> = BumpAllocator::embedded();
    let words: Vec<&'static str> = thread::scope(|threads| {
        let handles: Vec<_> =
            (0..4).map(|i| threads.spawn(move || &*MEMORY.alloc_fmt(format_args!("thread {i}")))).collect();
        handles.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(words, ["thread 0", "thread 1", "thread 2", "thread 3"]);
}

#[test]
fn a_moved_inline_block_takes_its_bytes_along() {
    let memory: BumpAllocator<Embedded<256>, 1, Shared> = BumpAllocator::embedded();
    memory.alloc_str("here");
    let mut moved = Box::new(memory);
    assert_eq!(moved.alloc_str("there"), "there");
    assert_eq!(moved.used(), 9);
    moved.reset();
    assert_eq!(moved.alloc([1_u8; 256]).len(), 256);
}

#[test]
fn parts_of_a_shared_arena_go_on_where_they_were() {
    let mut arena = SharedArena::new();
    for round in 0..3 {
        let texts: Vec<&str> = thread::scope(|threads| {
            let handles: Vec<_> = (0..4)
                .map(|i| {
                    let arena = &arena;
                    threads.spawn(move || {
                        let part = arena.local();
                        (0..ROUNDS).map(|n| &*part.alloc_fmt(format_args!("{i}:{n}"))).collect::<Vec<&str>>()
                    })
                })
                .collect();
            handles.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        let expected = (0..4).flat_map(|i| (0..ROUNDS).map(move |n| format!("{i}:{n}")));
        assert!(texts.iter().copied().eq(expected), "round {round}");
        arena.reset();
    }
    assert!(arena.idle_bytes() > 0);
}

/// Its chunks are in a block of the test's, so that leaking it leaks nothing else.
#[test]
fn a_part_that_is_leaked_keeps_its_chunks() {
    let memory = BumpAllocator::new(8 * 1024);
    let mut arena = SharedArena::<_, 1>::new_in(&memory);
    {
        let first = arena.local();
        let kept = first.alloc(1_u32);
        drop(first);
        assert!(arena.idle_bytes() > 0);
        let again = arena.local();
        again.alloc(2_u32);
        assert_eq!((*kept, arena.idle_bytes()), (1, 0));
        std::mem::forget(again);
    }
    arena.reset();
    let part = arena.local();
    assert_eq!((*part.alloc(3_u32), arena.idle_bytes()), (3, 0));
}

#[test]
fn collections_of_a_thread_grow_in_its_part() {
    let arena = SharedArena::<_, 8>::new_in(SystemAllocator);
    let part = arena.local();
    let layout = Layout::new::<[u64; 8]>();
    let block: NonNull<[u8]> = (&part).allocate_zeroed(layout).unwrap();
    // SAFETY: allocated here with this layout.
    unsafe { (&part).deallocate(block.cast(), layout) };
}
