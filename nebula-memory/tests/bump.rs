//! `Arena`, `BumpAllocator` and their scopes: what they have in common, and what each has alone.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::mem::MaybeUninit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::rc::{Rc, Weak};

use nebula_memory::{
    AllocError, AllocErrorCode, Allocator, Arena, ArenaBox, ArenaScope, BumpAllocator, BumpScope,
    SystemAllocator,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::heap::Counting;
use support::{Drops, address};

// Owners and scopes may go to another thread, and are used by one at a time.
assert_impl_all!(Arena: Send);
assert_impl_all!(ArenaScope<'static>: Send);
assert_impl_all!(BumpAllocator: Send);
assert_not_impl_any!(Arena: Sync, Clone);
assert_not_impl_any!(ArenaScope<'static>: Sync, Clone);
assert_not_impl_any!(BumpAllocator: Sync, Clone);
assert_impl_all!(ArenaBox<'static, u8>: Send, Sync);
assert_not_impl_any!(ArenaBox<'static, Rc<u8>>: Send, Sync);
// An arena over memory that belongs to one thread stays there.
assert_not_impl_any!(Arena<&'static Counting>: Send);
assert_not_impl_any!(ArenaScope<'static, &'static Counting>: Send);
// Collections may hold references to an owner, never the owner.
assert_impl_all!(&'static Arena: Allocator);
assert_impl_all!(&'static ArenaScope<'static>: Allocator);
assert_not_impl_any!(Arena: Allocator);
assert_not_impl_any!(ArenaScope<'static>: Allocator);
assert_not_impl_any!(BumpAllocator: Allocator);
// A scope that is held across an `await` must not be larger than it has to be.
const _: () = assert!(size_of::<ArenaScope<'_>>() == 4 * size_of::<usize>());

/// The same test for everything that bumps.
macro_rules! for_each_kind {
    ($name:ident, |$memory:ident| $body:block) => {
        mod $name {
            use super::*;

            #[test]
            fn arena() {
                let $memory = Arena::new();
                $body
            }
            #[test]
            fn arena_aligned_to_8() {
                let $memory = Arena::<_, 8>::new_in(SystemAllocator);
                $body
            }
            #[test]
            fn arena_scope() {
                let mut arena = Arena::new();
                let $memory = arena.scope();
                $body
            }
            #[test]
            fn arena_scope_aligned_to_16() {
                let mut arena = Arena::<_, 16>::new_in(SystemAllocator);
                let $memory = arena.scope();
                $body
            }
            #[test]
            fn bump() {
                let $memory = BumpAllocator::new(1 << 20);
                $body
            }
            #[test]
            fn bump_scope_in_a_buffer() {
                let mut buffer = vec![MaybeUninit::uninit(); 1 << 20];
                let mut bump: BumpAllocator<_, 4> = BumpAllocator::from_buffer(&mut buffer);
                let $memory = bump.scope();
                $body
            }
        }
    };
}

for_each_kind!(values_and_slices, |memory| {
    let number = memory.alloc(7_u64);
    let pair = memory.alloc_with(|| (1_u8, 2_u128));
    let text = memory.alloc_str("größer");
    let copied = memory.alloc_slice_copy(&[1_u16, 2, 3]);
    let cloned = memory.alloc_slice_clone(&[Some(1_i32), None]);
    let squares = memory.alloc_slice_fill_with(100, |i| i * i);
    let collected = memory.alloc_slice_from_iter((0..1000_u32).filter(|n| n % 3 == 0));
    let place = memory.alloc_uninit::<[u32; 3]>().write([1, 2, 3]);
    let places = memory.alloc_slice_uninit::<u8>(4);
    places.iter_mut().zip(b"abcd").for_each(|(place, byte)| {
        place.write(*byte);
    });

    *number += 1;
    text.make_ascii_uppercase();
    assert_eq!((*number, *pair, &*text), (8, (1, 2), "GRößER"));
    assert_eq!((&*copied, &*cloned), (&[1, 2, 3][..], &[Some(1), None][..]));
    assert_eq!((squares[99], collected.len(), collected[333]), (9801, 334, 999));
    assert_eq!(*place, [1, 2, 3]);
    assert_eq!(address(pair) % 16, 0);
});

for_each_kind!(s10_alignments_and_nothing_at_all, |memory| {
    #[derive(Debug, PartialEq)]
    #[repr(align(4096))]
    struct Page([u8; 3]);
    #[repr(align(256))]
    struct Nothing;

    for round in 0..9_u8 {
        memory.alloc(round);
        let page = memory.alloc(Page([round; 3]));
        assert_eq!((address(page) % 4096, page.0), (0, [round; 3]));
        assert_eq!(address(memory.alloc(Nothing)) % 256, 0);
    }
    assert_eq!(memory.alloc_str(""), "");
    assert_eq!(memory.alloc_slice_copy::<u128>(&[]), &[]);
    assert_eq!(memory.alloc_slice_fill_with(0, |_| 0_u64), &[0_u64; 0]);
    assert_eq!(memory.alloc_slice_fill_with(1000, |_| ()).len(), 1000);
    assert_eq!(memory.alloc_slice_from_iter(std::iter::empty::<u128>()), &[]);
    assert_eq!(memory.alloc_slice_from_iter((0..777).map(|_| ())).len(), 777);
});

for_each_kind!(living_user_code_may_allocate_while_a_value_is_made, |memory| {
    let outer = memory.alloc_with(|| {
        let inner = memory.alloc_with(|| [1_u64; 9]);
        (&*inner, 2)
    });
    let each = memory.alloc_slice_fill_with(20, |i| &*memory.alloc(i));
    // An iterator that allocates, and that does not know its length.
    let collected =
        memory.alloc_slice_from_iter((0..100_u32).filter(|n| n % 2 == 0).map(|n| &*memory.alloc(n)));
    assert_eq!((outer.0, outer.1), (&[1; 9], 2));
    assert!(each.iter().enumerate().all(|(i, value)| i == **value));
    assert!(collected.iter().enumerate().all(|(i, value)| 2 * i == **value as usize));
});

for_each_kind!(an_iterator_that_lies_about_its_length, |memory| {
    struct Liar(u32, (usize, Option<usize>));
    impl Iterator for Liar {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            self.1
        }
    }
    let long = memory.alloc_slice_from_iter(Liar(100, (3, Some(3))));
    let short = memory.alloc_slice_from_iter(Liar(3, (100, Some(100))));
    assert_eq!((long.len(), long[0], long[99]), (100, 99, 0));
    assert_eq!(short, [2, 1, 0]);
    let error = memory.try_alloc_slice_from_iter(Liar(1, (usize::MAX, None))).unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
});

for_each_kind!(a_panic_while_a_value_is_made, |memory| {
    let kept = memory.alloc(1_u32);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        memory.alloc_slice_fill_with(10, |i| if i == 5 { panic!("half-way") } else { i });
    }));
    assert!(panicked.is_err());
    assert_eq!((*kept, *memory.alloc(2_u32)), (1, 2));
});

for_each_kind!(boxes_drop_their_value, |memory| {
    let drops = Drops::default();
    let kept = memory.alloc_box(drops.guard());
    drop(memory.alloc_box(drops.guard()));
    assert_eq!(drops.count(), 1);
    let moved_out = ArenaBox::into_inner(memory.alloc_box(drops.guard()));
    assert_eq!(drops.count(), 1);
    drop((kept, moved_out));
    assert_eq!(drops.count(), 3);
    let leaked = ArenaBox::leak(memory.alloc_box([1_u8, 2]));
    assert_eq!(leaked, &[1, 2]);
    std::mem::forget(memory.alloc_box(drops.guard()));
    assert_eq!(drops.count(), 3);
});

for_each_kind!(s8_sizes_that_overflow_are_errors, |memory| {
    let huge = isize::MAX as usize;
    let codes = [
        memory.try_alloc_slice_uninit::<u64>(usize::MAX).unwrap_err().code(),
        memory.try_alloc_slice_uninit::<u8>(usize::MAX).unwrap_err().code(),
        memory.try_alloc_slice_fill_with(huge, |_| 0_u16).unwrap_err().code(),
    ];
    assert_eq!(codes, [AllocErrorCode::CapacityOverflow; 3]);
    // The last is small enough to be asked of the heap, which an interpreter takes seriously.
    let lengths = [huge, huge - 7, huge - 15, huge - 4096];
    for length in lengths.into_iter().take(if cfg!(miri) { 3 } else { 4 }) {
        let error = memory.try_alloc_slice_uninit::<u8>(length).unwrap_err();
        assert!(matches!(error.code(), AllocErrorCode::CapacityOverflow | AllocErrorCode::OutOfMemory));
    }
    assert_eq!(*memory.alloc(5_u8), 5);
});

for_each_kind!(an_iterator_that_changes_its_mind_about_its_length, |memory| {
    struct Fickle(Cell<usize>, u64);
    impl Iterator for Fickle {
        type Item = u64;
        fn next(&mut self) -> Option<u64> {
            self.1 = self.1.checked_sub(1)?;
            Some(u64::MAX)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (self.0.replace(self.0.get() * 100 + 1), None)
        }
    }
    let victim = memory.alloc(7_u64);
    for length in [4, 400] {
        let collected = memory.alloc_slice_from_iter(Fickle(Cell::new(1), length));
        assert!(collected.iter().all(|value| *value == u64::MAX));
    }
    assert_eq!(*victim, 7);
});

/// Outer values stay usable in inner scopes; inner ones reuse the same memory.
macro_rules! scopes_nest {
    ($name:ident, $owner:expr) => {
        #[test]
        fn $name() {
            let mut owner = $owner;
            let kept = address(owner.alloc(1_u64));
            let mut first = Vec::new();
            for round in 0..3_u64 {
                let mut outer = owner.scope();
                let sum = outer.alloc(0_u64);
                let mut addresses = Vec::new();
                for n in 0..4 {
                    let mut inner = outer.scope();
                    let value = inner.alloc(n + round);
                    let innermost = inner.scope();
                    *innermost.alloc(0_u64) = 99;
                    *sum += *value;
                    addresses.push(address(value));
                }
                assert_eq!(*sum, 6 + 4 * round);
                assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]));
                addresses.push(address(sum));
                if round == 0 {
                    first = addresses;
                } else {
                    assert_eq!(first, addresses);
                }
            }
            assert_eq!(kept - address(owner.alloc(2_u64)), 8);
        }
    };
}
scopes_nest!(scopes_of_an_arena_nest, Arena::new());
scopes_nest!(scopes_of_a_bump_allocator_nest, BumpAllocator::new(4096));

#[test]
fn a_scope_can_be_used_on_another_thread() {
    let mut arena = Arena::new();
    let mut outer = arena.scope();
    let sum = outer.alloc(0_u32);
    let inner = outer.scope();
    std::thread::scope(|threads| {
        threads.spawn(move || *sum = inner.alloc_slice_fill_with(2000, |_| 1_u32).iter().sum());
    });
    assert_eq!(*outer.alloc(3_u32), 3);
}

#[test]
fn a_new_arena_allocates_nothing() {
    let heap = Counting::default();
    let mut arena = Arena::<_, 1>::new_in(&heap);
    arena.alloc(());
    arena.alloc_str("");
    arena.reset();
    let scope = arena.scope();
    scope.alloc([(); 7]);
    assert_eq!(heap.total.get(), 0);
}

/// Large requests after the first chunk end at once, and get what they ask for.
#[test]
fn c1_a_request_larger_than_any_chunk() {
    let heap = Counting::default();
    let arena = Arena::<_, 1>::new_in(&heap);
    arena.alloc(1_u8);
    for megabytes in [6, 1, 9] {
        let bytes = arena.alloc_slice_fill_with(if cfg!(miri) { 9000 } else { megabytes << 20 }, |_| 1_u8);
        assert!(bytes.iter().all(|byte| *byte == 1));
    }
    assert!(heap.live.get() <= 4);
}

/// Neither dropping nor resetting goes deeper with every chunk.
#[test]
fn c2_very_many_chunks() {
    let chunks = if cfg!(miri) { 300 } else { 400_000 };
    let heap = Counting::default();
    heap.most.set(Some(160));
    let mut arena = Arena::<_, 1>::new_in(&heap);
    for _ in 0..chunks {
        arena.alloc([0_u8; 64]);
    }
    assert_eq!(heap.live.get(), chunks);
    arena.reset();
    arena.alloc([0_u8; 64]);
    drop(arena);
    assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
}

/// The same work again and again needs no more memory: the largest chunk is used first, so that the second round may
/// need one chunk more than there are, but none after it does.
#[test]
fn c3_chunks_are_reused_after_a_reset() {
    let heap = Counting::default();
    let mut arena = Arena::<_, 1>::new_in(&heap);
    let work = |arena: &Arena<&Counting>| {
        for size in 1..if cfg!(miri) { 60 } else { 600 } {
            arena.alloc_slice_fill_with(size, |i| i);
        }
    };
    work(&arena);
    let first = heap.total.get();
    arena.reset();
    work(&arena);
    let (chunks, bytes) = (heap.total.get(), arena.allocated_bytes());
    assert!(chunks <= first + 1);
    for _ in 0..5 {
        arena.reset();
        work(&arena);
        let mut scope = arena.scope();
        scope.scope().alloc(1_u8);
    }
    assert_eq!((heap.total.get(), arena.allocated_bytes()), (chunks, bytes));
}

/// Scopes across the growth of chunks give everything back too.
#[test]
fn scopes_that_grow_reuse_their_chunks() {
    let heap = Counting::default();
    let mut arena = Arena::<_, 1>::new_in(&heap);
    let mut outer = arena.scope();
    let kept = outer.alloc_slice_fill_with(1000, |i| i);
    let mut chunks = None;
    for _ in 0..10 {
        let mut inner = outer.scope();
        inner.alloc_slice_fill_with(5000, |i| i);
        inner.scope().alloc_slice_fill_with(20_000, |i| i);
        inner.alloc_slice_fill_with(5000, |i| i);
        assert_eq!(*chunks.get_or_insert(heap.total.get()), heap.total.get());
    }
    outer.alloc_slice_fill_with(5000, |i| i);
    assert_eq!(chunks, Some(heap.total.get()));
    assert!(kept.iter().enumerate().all(|(i, value)| i == *value));
}

#[test]
fn a_capacity_given_is_one_chunk() {
    let heap = Counting::default();
    let mut arena = Arena::<_, 16>::with_capacity_in(100_000, &heap);
    for _ in 0..3 {
        arena.alloc_slice_fill_with(6_250, |_| 1_u128);
        assert_eq!(heap.total.get(), 1);
        arena.reset();
    }
    assert!(Arena::try_with_capacity(usize::MAX).is_err());
    assert!(Arena::try_with_capacity(isize::MAX as usize).is_err());
}

/// Whatever allocation is the one that is refused: an error or a clean panic, and nothing is lost.
#[test]
fn out_of_memory_everywhere() {
    for left in 0..6 {
        let heap = Counting::default();
        heap.left.set(Some(left));
        let mut arena = Arena::<_, 1>::new_in(&heap);
        let mut refused = false;
        for size in [10_usize, 5000, 20_000, 50_000, 200_000] {
            match arena.try_alloc_slice_fill_with(size, |i| i % 251 == 0) {
                Ok(marks) => assert!(marks.iter().enumerate().all(|(i, mark)| *mark == (i % 251 == 0))),
                Err(error) => {
                    refused = true;
                    assert_eq!(error.code(), AllocErrorCode::OutOfMemory);
                    assert_eq!(error.layout().unwrap().size(), size);
                }
            }
        }
        assert_eq!(refused, left < 5);
        if refused {
            let panicked = catch_unwind(AssertUnwindSafe(|| arena.alloc_slice_uninit::<u8>(1 << 20).len()));
            let message = *panicked.unwrap_err().downcast::<String>().unwrap();
            assert!(message.contains("ALLOC_OUT_OF_MEMORY") && message.contains("💡"), "{message}");
        }
        arena.reset();
        drop(arena);
        assert_eq!(heap.live.get(), 0);
    }
}

#[test]
fn a_refused_large_chunk_is_tried_smaller() {
    let heap = Counting::default();
    heap.most.set(Some(1000));
    let arena = Arena::<_, 1>::new_in(&heap);
    assert_eq!(arena.alloc_slice_fill_with(800, |_| 1_u8).len(), 800);
    assert_eq!(arena.alloc_slice_fill_with(800, |_| 1_u8).len(), 800);
    assert!(arena.try_alloc([0_u8; 1000]).is_err());
}

/// A backing that uses the very arena it backs, while that asks it for a chunk.
#[test]
fn a_backing_that_uses_its_own_arena() {
    type Own = Arena<Reentrant, 1>;
    #[derive(Clone, Default)]
    struct Reentrant(Rc<RefCell<Weak<Own>>>, Rc<Cell<usize>>);
    // SAFETY: the blocks are the heap's; the arena is used through a shared reference, as anybody may.
    unsafe impl Allocator for Reentrant {
        fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
            if let Some(arena) = self.0.borrow().upgrade() {
                while let Ok(note) = arena.try_alloc([7_u8; 24]) {
                    assert_eq!(note, &[7; 24]);
                    self.1.set(self.1.get() + 1);
                }
            }
            SystemAllocator.allocate(layout)
        }
        unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { SystemAllocator.deallocate(block, layout) };
        }
    }
    let backing = Reentrant::default();
    let mut arena = Own::new_in(backing.clone());
    for _ in 0..5 {
        arena.alloc([1_u64; 500]);
    }
    arena.reset();
    let arena = Rc::new(arena);
    *backing.0.borrow_mut() = Rc::downgrade(&arena);
    let blocks: Vec<_> = (0..40_u64).map(|n| arena.alloc([n; 100])).collect();
    arena.alloc_slice_fill_with(20_000, |_| 0_u64);
    assert!(blocks.iter().zip(0..).all(|(block, n)| **block == [n; 100]));
    assert!(backing.1.get() > 0, "the backing never found room");
}

#[test]
fn a_block_says_how_much_it_holds() {
    let mut bump = BumpAllocator::new(100);
    assert_eq!((bump.capacity(), bump.used(), bump.available()), (100, 0, 100));
    bump.alloc([0_u8; 30]);
    assert_eq!((bump.used(), bump.available()), (30, 70));
    let error = bump.try_alloc([0_u8; 71]).unwrap_err();
    assert_eq!((error.capacity(), error.available()), (Some(100), Some(70)));
    assert_eq!(bump.alloc([1_u8; 70]), &[1; 70]);
    assert!(bump.try_alloc(1_u8).is_err());
    assert!(bump.try_alloc(()).is_ok());
    bump.reset();
    assert_eq!(bump.available(), 100);
}

#[test]
fn blocks_of_no_size_and_of_any_offset() {
    assert!(BumpAllocator::new(0).try_alloc(1_u8).is_err());
    assert_eq!(*BumpAllocator::new(0).alloc(()), ());
    assert!(BumpAllocator::try_new(usize::MAX).is_err());

    let mut buffer = [MaybeUninit::uninit(); 64];
    for start in 0..40 {
        for length in 0..24 {
            let part = &mut buffer[start..start + length];
            let range = part.as_ptr_range();
            let mut bump: BumpAllocator<_, 8> = BumpAllocator::from_buffer(part);
            for _ in 0..2 {
                while let Ok(value) = bump.try_alloc(7_u64) {
                    let place = address(value);
                    assert!(place >= range.start.addr() && place + 8 <= range.end.addr() && place % 8 == 0);
                }
                assert!(bump.available() < 8);
                bump.reset();
            }
        }
    }
}

#[test]
fn a_scope_of_a_block_reports_what_is_left() {
    let mut bump = BumpAllocator::new(64);
    let mut outer: BumpScope<'_, _> = bump.scope();
    outer.alloc([0_u8; 40]);
    let inner = outer.scope();
    assert_eq!(inner.available(), 24);
    let error = inner.try_alloc([0_u8; 32]).unwrap_err();
    assert_eq!((error.capacity(), error.available()), (Some(64), Some(24)));
    assert!(catch_unwind(AssertUnwindSafe(|| inner.alloc([0_u8; 32]))).is_err());
    assert_eq!(outer.available(), 24);
}
