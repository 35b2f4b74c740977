//! The stack: blocks come back in order, with their padding; every other order is noticed and harmless.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use nebula_memory::{AllocErrorCode, Allocator, Checkpoint, StackAllocator};
use proptest::prelude::*;
use support::cases;

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

fn allocate(stack: &StackAllocator, layout: Layout) -> NonNull<u8> {
    stack.allocate(layout).unwrap().cast()
}

#[test]
fn c8_all_padding_comes_back() {
    let stack = StackAllocator::new(8192);
    for (first, second) in [(1, 8), (3, 64), (1, 4096), (7, 2)] {
        let (small, large) = (layout(1, 1), layout(first, second));
        let one = allocate(&stack, small);
        let between = stack.used();
        let two = allocate(&stack, large);
        // SAFETY: both from above, in order, not used any more.
        unsafe { stack.try_deallocate(two, large) }.unwrap();
        assert_eq!(stack.used(), between);
        // SAFETY: as above.
        unsafe { stack.try_deallocate(one, small) }.unwrap();
        assert_eq!(stack.used(), 0);
    }
}

#[test]
fn s5_a_violated_order_is_an_error_and_changes_nothing() {
    let stack = StackAllocator::new(1024);
    let word = layout(8, 8);
    let blocks: Vec<NonNull<u8>> = (0..4).map(|_| allocate(&stack, word)).collect();
    for (block, mark) in blocks.iter().zip(1..) {
        // SAFETY: eight bytes of ours.
        unsafe { block.write_bytes(mark, 8) };
    }
    let used = stack.used();
    let code = |block: NonNull<u8>| {
        // SAFETY: after success it is not used any more.
        unsafe { stack.try_deallocate(block, word) }.map_err(|error| error.code())
    };
    assert_eq!(code(blocks[0]), Err(AllocErrorCode::LifoViolation));
    assert_eq!(code(blocks[2]), Err(AllocErrorCode::LifoViolation));
    let inside = NonNull::new(blocks[1].as_ptr().wrapping_add(1)).unwrap();
    assert_eq!(code(inside), Err(AllocErrorCode::ForeignPointer));
    let mut elsewhere = 0_u64;
    assert_eq!(code(NonNull::from(&mut elsewhere).cast()), Err(AllocErrorCode::ForeignPointer));
    assert_eq!(stack.used(), used);
    for (block, mark) in blocks.iter().zip(1_u8..) {
        // SAFETY: eight bytes of ours.
        assert_eq!(unsafe { block.read() }, mark);
    }
    assert_eq!(code(blocks[3]), Ok(()));
    assert_eq!(code(blocks[3]), Err(AllocErrorCode::DoubleFree));
    for block in blocks[..3].iter().rev() {
        assert_eq!(code(*block), Ok(()));
    }
    assert_eq!(stack.used(), 0);
}

#[test]
fn collections_may_give_back_in_any_order() {
    let stack = StackAllocator::new(1024);
    let word = layout(8, 8);
    let blocks: Vec<NonNull<u8>> = (0..5).map(|_| allocate(&stack, word)).collect();
    let used = stack.used();
    for index in [1, 3, 0, 2] {
        // SAFETY: from above, once each.
        unsafe { (&stack).deallocate(blocks[index], word) };
        assert_eq!(stack.used(), used);
    }
    // SAFETY: a block that waits to be taken off; answered, not used.
    let twice = unsafe { stack.try_deallocate(blocks[1], word) }.unwrap_err();
    assert_eq!(twice.code(), AllocErrorCode::DoubleFree);
    // SAFETY: the last one.
    unsafe { stack.try_deallocate(blocks[4], word) }.unwrap();
    assert_eq!(stack.used(), 0);
}

#[test]
fn s3_markers_that_are_stale_or_of_another_stack_are_refused() {
    let stack = StackAllocator::new(1024);
    stack.alloc(1_u32);
    let early = stack.marker();
    stack.alloc(2_u32);
    let late = stack.checkpoint();
    stack.alloc(3_u32);
    let release_to = |marker| {
        // SAFETY: none of the values is used any more.
        unsafe { stack.release_to(marker) }.map_err(|error| error.code())
    };
    assert_eq!(release_to(early), Ok(()));
    assert_eq!(release_to(late), Err(AllocErrorCode::LifoViolation));
    stack.alloc([4_u8; 100]);
    assert_eq!(release_to(late), Err(AllocErrorCode::LifoViolation));
    // SAFETY: as above; an earlier state.
    unsafe { stack.restore(early) };
    assert_eq!(stack.marker(), early);
}

#[test]
fn frames_end_with_their_values_and_outer_values_stay() {
    let mut stack = StackAllocator::new(4096);
    let kept = stack.frame().available();
    let mut outer = stack.frame();
    let text = outer.alloc_str("outer");
    for i in 0..10_u8 {
        let inner = outer.frame();
        let values = inner.alloc_slice_fill(100, &i);
        let boxed = inner.alloc_box(vec![i; 3]);
        assert!(values.iter().chain(boxed.iter()).all(|value| *value == i));
        text.make_ascii_uppercase();
    }
    assert_eq!(text, "OUTER");
    assert_eq!(stack.available(), kept);
}

/// A block from before a frame cannot be given back in it.
#[test]
fn s4_a_frame_leaves_alone_what_was_before_it() {
    let mut stack = StackAllocator::new(1024);
    let word = layout(8, 8);
    let before = allocate(&stack, word);
    let frame = stack.frame();
    // SAFETY: answered with an error.
    let refused = unsafe { frame.try_deallocate(before, word) }.unwrap_err();
    assert_eq!(refused.code(), AllocErrorCode::LifoViolation);
    // SAFETY: the last one, not used any more.
    unsafe { stack.try_deallocate(before, word) }.unwrap();
}

#[test]
fn no_heap_is_needed_and_no_room_is_an_error() {
    let mut buffer = [MaybeUninit::uninit(); 128];
    let stack = StackAllocator::from_buffer(&mut buffer);
    assert_eq!(*stack.alloc(7_u16), 7);
    let error = stack.try_alloc([0_u8; 128]).unwrap_err();
    assert_eq!((error.code(), error.capacity()), (AllocErrorCode::OutOfMemory, Some(128)));
    assert!(stack.try_alloc_slice_fill(usize::MAX, &0_u64).is_err());
    let huge = Layout::from_size_align(isize::MAX as usize - 4095, 4096).unwrap();
    assert!((&stack).allocate(huge).is_err());
    assert!(StackAllocator::try_new(usize::MAX).is_err());
}

#[test]
fn s10_blocks_of_no_size_are_aligned_and_take_nothing() {
    let stack = StackAllocator::new(64);
    let nothing = layout(0, 4096);
    let block = allocate(&stack, nothing);
    assert_eq!(block.addr().get() % 4096, 0);
    // SAFETY: from above.
    unsafe { stack.try_deallocate(block, nothing) }.unwrap();
    assert_eq!(stack.used(), 0);
}

proptest! {
    #![proptest_config(cases(256))]

    /// Any sequence of allocations, strict and loose frees and markers, against a list of what lives.
    #[test]
    fn like_a_list(steps in prop::collection::vec((0..7_u8, 1..200_usize, 0..8_u32, any::<prop::sample::Index>()), 0..60)) {
        let stack = StackAllocator::new(4096);
        // Block, layout, mark, what was used before it, whether it waits to be taken off.
        let mut live: Vec<(NonNull<u8>, Layout, u8, usize, bool)> = Vec::new();
        for (step, (kind, size, align, index)) in steps.into_iter().enumerate() {
            let mark = u8::try_from(step).unwrap();
            match kind {
                0..=2 => {
                    let layout = layout(size, 1 << align);
                    let before = stack.used();
                    if let Ok(block) = (&stack).allocate(layout) {
                        let block = block.cast::<u8>();
                        prop_assert_eq!(block.addr().get() % layout.align(), 0);
                        // SAFETY: just allocated with this size.
                        unsafe { block.write_bytes(mark, size) };
                        live.push((block, layout, mark, before, false));
                    }
                }
                3 | 4 if !live.is_empty() => {
                    let at = if kind == 3 { live.len() - 1 } else { index.index(live.len()) };
                    let (block, layout, _, before, waits) = live[at];
                    // SAFETY: if it succeeds the block is not used any more.
                    let freed = unsafe { stack.try_deallocate(block, layout) };
                    if at == live.len() - 1 {
                        prop_assert!(freed.is_ok());
                        live.pop();
                        let mut used = before;
                        while live.last().is_some_and(|block| block.4) {
                            used = live.pop().unwrap().3;
                        }
                        prop_assert_eq!(stack.used(), used);
                    } else {
                        let code = freed.unwrap_err().code();
                        prop_assert_eq!(code, if waits { AllocErrorCode::DoubleFree } else { AllocErrorCode::LifoViolation });
                    }
                }
                5 if !live.is_empty() => {
                    let at = index.index(live.len());
                    if !live[at].4 {
                        // SAFETY: live, given back once.
                        unsafe { (&stack).deallocate(live[at].0, live[at].1) };
                        live[at].4 = true;
                        while live.last().is_some_and(|block| block.4) {
                            live.pop();
                        }
                    }
                }
                6 if !live.is_empty() => {
                    let at = live.len() - 1;
                    let (block, old, mark, ..) = live[at];
                    let new = layout(size, old.align());
                    let resized = if new.size() >= old.size() {
                        // SAFETY: live, with this layout.
                        unsafe { (&stack).grow(block, old, new) }
                    } else {
                        // SAFETY: as above.
                        unsafe { (&stack).shrink(block, old, new) }
                    };
                    if let Ok(resized) = resized {
                        prop_assert_eq!(resized.cast(), block);
                        // SAFETY: live with this size.
                        unsafe { block.write_bytes(mark, size) };
                        live[at].1 = new;
                    }
                }
                _ => {}
            }
            for (block, layout, mark, ..) in live.iter().filter(|block| !block.4) {
                // SAFETY: live with this size, and written.
                let bytes = unsafe { NonNull::slice_from_raw_parts(*block, layout.size()).as_ref() };
                prop_assert!(bytes.iter().all(|byte| byte == mark));
            }
            if live.is_empty() {
                prop_assert_eq!(stack.used(), 0);
            }
        }
    }
}
