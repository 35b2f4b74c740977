//! The stack: blocks come back in order, with their padding; every other order is noticed and harmless.
#![cfg(all(not(loom), feature = "alloc"))]

use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use nebula_memory::{AllocErrorCode, Allocator, AllocatorKind, Checkpoint, StackAllocator};

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

/// Whatever moves to grow, or to be aligned to more, leaves nothing behind.
#[test]
fn blocks_that_move_leave_nothing_behind() {
    let stack = StackAllocator::new(4096);
    let (small, large, wide) = (layout(8, 8), layout(64, 8), layout(8, 256));
    let blocks = [0; 3].map(|_| allocate(&stack, small));
    // SAFETY: eight bytes of ours.
    unsafe { blocks[0].write_bytes(7, 8) };
    // SAFETY: live, with this layout; only what is returned is used after.
    let grown = unsafe { (&stack).grow(blocks[0], small, large) }.unwrap().cast::<u8>();
    assert_ne!(grown, blocks[0]);
    // SAFETY: eight bytes were copied.
    assert_eq!(unsafe { grown.cast::<[u8; 8]>().read() }, [7; 8]);
    // SAFETY: answered, not used.
    let twice = unsafe { stack.try_deallocate(blocks[0], small) }.unwrap_err();
    assert_eq!(twice.code(), AllocErrorCode::DoubleFree);
    let unaligned = blocks.iter().find(|block| block.addr().get() % 256 != 0 && **block != blocks[0]);
    let Some(unaligned) = unaligned else { unreachable!("two blocks side by side") };
    // SAFETY: as above.
    let aligned = unsafe { (&stack).shrink(*unaligned, small, wide) }.unwrap().cast::<u8>();
    assert_eq!(aligned.addr().get() % 256, 0);
    let other = if *unaligned == blocks[1] { blocks[2] } else { blocks[1] };
    for (block, layout) in [(other, small), (grown, large), (aligned, wide)] {
        // SAFETY: live, given back once.
        unsafe { (&stack).deallocate(block, layout) };
    }
    assert_eq!(stack.used(), 0);
}

#[test]
fn s25_a_block_that_shrank_goes_back_with_its_new_layout() {
    let stack = StackAllocator::new(1024);
    let (large, small) = (layout(64, 8), layout(8, 8));
    let (first, second) = (allocate(&stack, large), allocate(&stack, large));
    for block in [second, first] {
        let later = allocate(&stack, small);
        // SAFETY: live; not the last one, so that it stays where it is.
        assert_eq!(unsafe { (&stack).shrink(block, large, small) }.unwrap().cast(), block);
        // SAFETY: the last one.
        unsafe { stack.try_deallocate(later, small) }.unwrap();
        let used = stack.used();
        // SAFETY: live; the last one now.
        assert_eq!(unsafe { (&stack).shrink(block, small, layout(4, 4)) }.unwrap().cast(), block);
        assert!(stack.used() < used);
        // SAFETY: the last one, with the layout it has now.
        unsafe { stack.try_deallocate(block, layout(4, 4)) }.unwrap();
    }
    assert_eq!(stack.used(), 0);

    let block = allocate(&stack, large);
    // SAFETY: live; what is left of it is nothing.
    let nothing = unsafe { (&stack).shrink(block, large, layout(0, 8)) }.unwrap().cast();
    assert_eq!(stack.used(), 0);
    // SAFETY: of no size.
    unsafe { (&stack).deallocate(nothing, layout(0, 8)) };
    assert_eq!(stack.used(), 0);
}

#[cfg(feature = "allocator-api2")]
#[test]
fn vectors_and_boxes_that_grow_in_turn_leave_nothing_behind() {
    use allocator_api2::{boxed::Box, vec::Vec};

    let stack = StackAllocator::new(1 << 14);
    {
        let mut vectors = [0; 3].map(|_| Vec::new_in(&stack));
        let mut boxes = Vec::new_in(&stack);
        for number in 0..50_usize {
            vectors[number % 3].push(number);
            boxes.push(Box::new_in(number, &stack));
        }
        let [first, second, third] = vectors;
        drop(second);
        assert!(first.iter().eq(&(0..50).step_by(3).collect::<std::vec::Vec<_>>()));
        boxes.swap_remove(20);
        assert!(boxes.iter().map(|number| **number).sum::<usize>() == 49 * 50 / 2 - 20);
        drop(first);
        assert!(stack.used() > 0);
        drop(boxes);
        drop(third);
    }
    assert_eq!(stack.used(), 0);
}

/// A vector from before the mark grew where it is: the mark is good, and the vector keeps what it has.
#[test]
fn a_marker_is_good_after_the_last_block_was_resized() {
    let stack = StackAllocator::new(1024);
    let (small, large) = (layout(8, 8), layout(100, 8));
    for (old, new) in [(small, large), (large, small)] {
        let block = allocate(&stack, old);
        let marker = stack.marker();
        if new.size() > old.size() {
            // SAFETY: live, the last one.
            unsafe { (&stack).grow(block, old, new) }.unwrap();
        } else {
            // SAFETY: as above.
            unsafe { (&stack).shrink(block, old, new) }.unwrap();
        }
        let resized = stack.used();
        stack.alloc(1_u64);
        stack.alloc([2_u8; 200]);
        // SAFETY: none of the values since is used any more.
        unsafe { stack.release_to(marker) }.unwrap();
        assert_eq!(stack.used(), resized);
        // SAFETY: live, the last one.
        unsafe { stack.try_deallocate(block, new) }.unwrap();
        assert_eq!(stack.used(), 0);
    }
}

#[test]
fn errors_name_the_stack() {
    let error = StackAllocator::try_new(usize::MAX).unwrap_err();
    assert_eq!(error.allocator(), AllocatorKind::Stack);
    let error = StackAllocator::new(64).try_alloc([0_u8; 65]).unwrap_err();
    assert_eq!((error.allocator(), error.is_retryable()), (AllocatorKind::Stack, false));
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
