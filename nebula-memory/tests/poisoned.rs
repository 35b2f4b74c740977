//! Mistakes that are planted, and found.
#![cfg(all(not(loom), feature = "alloc"))]
#![cfg_attr(nebula_asan, feature(sanitize))]

mod support;

use std::alloc::Layout;
use std::ptr::NonNull;

use nebula_memory::{
    AllocErrorCode, Allocator, Arena, BumpAllocator, MemoryUsage, Poisoned, SystemAllocator,
};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

/// Writes somewhere around a block. What is hit must be memory of the allocator behind.
///
/// The sanitizer, which was told of what must not be touched, does not look here: others shall find it.
#[cfg_attr(nebula_asan, sanitize(address = "off"))]
fn write_at(block: NonNull<u8>, offset: isize) {
    let place = block.as_ptr().wrapping_offset(offset);
    // SAFETY: in a red zone or a freed block, which are part of a larger block.
    unsafe { *place ^= 0x55 };
}

fn code(outcome: Result<(), nebula_memory::AllocError>) -> Option<AllocErrorCode> {
    outcome.err().map(|error| error.code())
}

#[test]
fn writes_beyond_either_end_are_found() {
    for (size, align) in [(1_isize, 1), (24, 8), (100, 64), (7, 4096)] {
        for offset in [-1, -32, size, size + 31] {
            let memory = Poisoned::new(SystemAllocator);
            let block = memory.allocate(layout(size.unsigned_abs(), align)).unwrap().cast::<u8>();
            assert_eq!(code(memory.check()), None);
            write_at(block, offset);
            let error = memory.check().unwrap_err();
            assert_eq!(error.code(), AllocErrorCode::Corruption);
            assert_eq!(error.block_address(), Some(block.addr()));
            assert_eq!(error.layout(), Some(layout(size.unsigned_abs(), align)));
            // SAFETY: allocated above, not used after this.
            let freed = unsafe { memory.try_deallocate(block, layout(size.unsigned_abs(), align)) };
            assert_eq!(code(freed), Some(AllocErrorCode::Corruption));
            assert_eq!((code(memory.check()), memory.live_blocks()), (None, 0), "put away");
            // So that no sanitizer complains of what was put away on purpose.
            let start = block.as_ptr().wrapping_sub(align.max(32));
            let whole = layout(size.unsigned_abs() + align.max(32) + 32, align);
            // SAFETY: what the allocator took from the heap and has given up.
            unsafe { SystemAllocator.deallocate(NonNull::new(start).unwrap(), whole) };
        }
    }
}

#[test]
fn writes_into_freed_blocks_are_found() {
    let bump = BumpAllocator::new(4096);
    let memory = Poisoned::with_quarantine(&bump, 100);
    let word = layout(40, 8);
    let block = memory.allocate(word).unwrap().cast::<u8>();
    // SAFETY: allocated above; the write that follows is the mistake.
    unsafe { memory.deallocate(block, word) };
    assert_eq!(code(memory.check()), None);
    write_at(block, 39);
    assert_eq!(code(memory.check()), Some(AllocErrorCode::Corruption));
    // It is noticed at the latest when the block would be used again.
    for _ in 0..3 {
        let other = memory.allocate(word).unwrap().cast::<u8>();
        assert_ne!(other, block);
        // SAFETY: allocated above, not used after this.
        unsafe { memory.deallocate(other, word) };
    }
    let error = memory.first_error().unwrap();
    assert_eq!((error.code(), error.block_address()), (AllocErrorCode::Corruption, Some(block.addr())));
}

#[test]
fn wrong_frees_are_errors_and_change_nothing() {
    let heap = Counting::default();
    let memory = Poisoned::new(&heap);
    let word = layout(8, 8);
    let block = memory.allocate(word).unwrap().cast::<u8>();
    let free = |block: NonNull<u8>, layout| {
        // SAFETY: after success it is not used any more.
        code(unsafe { memory.try_deallocate(block, layout) })
    };
    let inside = NonNull::new(block.as_ptr().wrapping_add(1)).unwrap();
    assert_eq!(free(inside, word), Some(AllocErrorCode::ForeignPointer));
    assert_eq!(free(block, layout(16, 8)), Some(AllocErrorCode::InvalidLayout));
    assert_eq!(free(block, layout(8, 4)), Some(AllocErrorCode::InvalidLayout));
    assert_eq!(free(block, word), None);
    assert_eq!(free(block, word), Some(AllocErrorCode::DoubleFree));
    assert_eq!(memory.first_error(), None, "told already");
    drop(memory);
    assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
}

#[test]
fn s19_fresh_and_freed_memory_stand_out() {
    let memory = Poisoned::new(SystemAllocator);
    let block = memory.allocate(layout(16, 8)).unwrap();
    // SAFETY: filled with a pattern.
    assert!(unsafe { block.as_ref() }.iter().all(|byte| *byte == 0xA5));
    let zeroed = memory.allocate_zeroed(layout(16, 8)).unwrap();
    // SAFETY: zeroed.
    assert!(unsafe { zeroed.as_ref() }.iter().all(|byte| *byte == 0));
    for block in [block, zeroed] {
        // SAFETY: allocated above, not used after this.
        unsafe { memory.deallocate(block.cast(), layout(16, 8)) };
    }
}

#[test]
fn s10_blocks_of_no_size_and_sizes_that_overflow() {
    let memory = Poisoned::new(SystemAllocator);
    let nothing = memory.allocate(layout(0, 4096)).unwrap().cast::<u8>();
    assert_eq!(nothing.addr().get() % 4096, 0);
    // SAFETY: allocated above.
    assert_eq!(code(unsafe { memory.try_deallocate(nothing, layout(0, 4096)) }), None);
    let error = memory.allocate(layout(isize::MAX as usize, 1)).unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
}

/// The quarantine is bounded, and empty when the allocator is dropped.
#[test]
fn the_quarantine_lets_the_oldest_go() {
    let heap = Counting::default();
    let memory = Poisoned::with_quarantine(&heap, 1000);
    for _ in 0..100 {
        let block = memory.allocate(layout(100, 1)).unwrap().cast::<u8>();
        // SAFETY: allocated above, not used after this.
        unsafe { memory.deallocate(block, layout(100, 1)) };
        assert!(heap.live.get() <= 10);
    }
    drop(memory);
    assert_eq!(heap.live.get(), 0);
}

#[test]
fn an_arena_may_stand_on_it_and_it_on_an_arena() {
    let guarded = Poisoned::new(SystemAllocator);
    let mut arena = Arena::<_, 8>::new_in(&guarded);
    for i in 0..1000_u64 {
        arena.alloc(i);
    }
    assert_eq!(code(guarded.check()), None);
    assert!(arena.used() >= 8000);
    arena.clear();
    assert_eq!((guarded.live_blocks(), guarded.first_error()), (0, None));
    drop(arena);
    let arena = Arena::new();
    let guarded = Poisoned::new(&arena);
    let block = guarded.allocate(layout(8, 8)).unwrap().cast::<u8>();
    write_at(block, 8);
    assert_eq!(code(guarded.check()), Some(AllocErrorCode::Corruption));
}

proptest! {
    #![proptest_config(cases(128))]

    /// Without a mistake nothing is found, whatever is done; contents are kept.
    #[test]
    fn finds_nothing_where_nothing_is(steps in prop::collection::vec((0..4_u8, 0..200_usize, 0..8_u32, any::<prop::sample::Index>()), 0..60), limit in 0..2000_usize) {
        let heap = Counting::default();
        {
            let memory = Poisoned::with_quarantine(&heap, limit);
            let mut live: Vec<(NonNull<u8>, Layout, u8)> = Vec::new();
            for (step, (kind, size, bits, index)) in steps.into_iter().enumerate() {
                let mark = u8::try_from(step).unwrap();
                let new = layout(size, 1 << bits);
                let fill = |block: NonNull<u8>| {
                    // SAFETY: a block of this size.
                    unsafe { block.write_bytes(mark, size) };
                };
                match kind {
                    0 | 1 => {
                        let block = memory.allocate(new).unwrap().cast::<u8>();
                        fill(block);
                        live.push((block, new, mark));
                    }
                    2 if !live.is_empty() => {
                        let (block, old, _) = live.swap_remove(index.index(live.len()));
                        // SAFETY: allocated here, given back once.
                        unsafe { memory.deallocate(block, old) };
                    }
                    3 if !live.is_empty() => {
                        let at = index.index(live.len());
                        let (block, old, mark) = live[at];
                        let resized = if size >= old.size() {
                            // SAFETY: allocated here with this layout; the new one is not smaller.
                            unsafe { memory.grow(block, old, new) }
                        } else {
                            // SAFETY: as above; smaller.
                            unsafe { memory.shrink(block, old, new) }
                        }.unwrap();
                        // SAFETY: the first bytes are kept.
                        let kept = unsafe { NonNull::slice_from_raw_parts(resized.cast::<u8>(), size.min(old.size())).as_ref() };
                        prop_assert!(kept.iter().all(|byte| *byte == mark));
                        fill(resized.cast());
                        live[at] = (resized.cast(), new, u8::try_from(step).unwrap());
                    }
                    _ => {}
                }
                prop_assert_eq!(code(memory.check()), None);
                prop_assert_eq!(memory.first_error(), None);
            }
            for (block, layout, _) in live {
                // SAFETY: allocated here, given back once.
                unsafe { memory.deallocate(block, layout) };
            }
        }
        prop_assert_eq!((heap.live.get(), heap.live_bytes.get()), (0, 0));
    }
}
