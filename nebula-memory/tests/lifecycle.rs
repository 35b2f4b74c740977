//! An allocator whose state is part of its type.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::Cell;

use nebula_memory::allocator::lifecycle::{Exclusive, Exhausted, Ready};
use nebula_memory::{AllocErrorCode, Allocator, BumpAllocator, SystemAllocator};
use support::heap::Counting;

const LAYOUT: Layout = Layout::new::<[u64; 4]>();

#[test]
fn memory_is_taken_when_it_is_initialized() {
    let heap = Counting::default();
    let planned = Exclusive::new(|| BumpAllocator::<_>::try_new_in(100, &heap));
    assert_eq!((heap.live.get(), format!("{planned:?}").as_str()), (0, "Exclusive::Uninitialized"));
    let ready = planned.initialize().unwrap();
    assert_eq!(heap.live.get(), 1);
    assert!(format!("{ready:?}").starts_with("Exclusive::Ready(BumpAllocator"));
    drop(ready);
    assert_eq!(heap.live.get(), 0);

    heap.left.set(Some(0));
    let refused = Exclusive::new(|| BumpAllocator::<_>::try_new_in(100, &heap)).initialize();
    assert_eq!(refused.unwrap_err().code(), AllocErrorCode::OutOfMemory);
}

#[test]
fn blocks_do_not_overlap_and_a_reset_frees_them() {
    let mut memory = Exclusive::ready(BumpAllocator::new(100));
    for round in 0..3 {
        let blocks: Vec<_> = std::iter::from_fn(|| memory.allocate(LAYOUT).ok()).collect();
        assert_eq!(blocks.len(), 3);
        for (mark, block) in blocks.into_iter().enumerate() {
            assert_eq!(block.len(), 32);
            for byte in &mut *block {
                byte.write(u8::try_from(mark + round).unwrap());
            }
        }
        let error = memory.allocate(LAYOUT).unwrap_err();
        let exhausted = memory.into_exhausted(error);
        assert_eq!(exhausted.error(), error);
        assert!(format!("{exhausted:?}").starts_with("Exclusive::Exhausted(BumpAllocator"));
        memory = exhausted.reset();
        assert_eq!(memory.allocator().used(), 0);
    }
    assert_eq!(memory.into_inner().capacity(), 100);
}

#[test]
fn pointers_stay_valid_while_the_state_moves() {
    let mut memory = Exclusive::ready(BumpAllocator::new(100));
    let mut blocks = Vec::new();
    let exhausted: Exclusive<_, Exhausted> = loop {
        match memory.try_allocate(LAYOUT) {
            Ok((block, ready)) => {
                // SAFETY: the block is ours, and as large as this.
                unsafe { block.cast().write([blocks.len() as u64; 4]) };
                blocks.push(block);
                memory = *Box::new(ready);
            }
            Err(exhausted) => break exhausted,
        }
    };
    assert_eq!(blocks.len(), 3);
    for (mark, block) in blocks.iter().enumerate() {
        // SAFETY: written above; the allocator moved, was not reset, and its memory is on the heap.
        assert_eq!(unsafe { block.cast::<[u64; 4]>().read() }, [mark as u64; 4]);
    }
    assert_eq!(exhausted.error().layout(), Some(LAYOUT));
    assert_eq!(exhausted.into_inner().available(), 4);
}

#[test]
fn a_request_of_no_bytes_exhausts_nothing() {
    let memory = Exclusive::ready(BumpAllocator::new(0));
    let layout = Layout::from_size_align(0, 4096).unwrap();
    let block = memory.allocate(layout).unwrap();
    assert_eq!((block.len(), block.as_ptr().addr() % 4096), (0, 0));
    assert!(memory.try_allocate(layout).is_ok());
}

#[test]
fn it_costs_nothing() {
    static_assertions::assert_eq_size!(Exclusive<BumpAllocator>, BumpAllocator);
    static_assertions::assert_impl_all!(Exclusive<SystemAllocator, Ready>: Send, Sync);
    static_assertions::assert_not_impl_any!(Exclusive<Cell<u8>>: Sync);
    let calls = Cell::new(0);
    let planned = Exclusive::new(|| {
        calls.set(calls.get() + 1);
        Ok(SystemAllocator)
    });
    assert_eq!(size_of_val(&planned), size_of::<usize>());
    assert_eq!(calls.get(), 0);
    let ready = planned.initialize().unwrap();
    assert!(ready.allocator().allocate(Layout::from_size_align(0, 1).unwrap()).is_ok());
    assert_eq!(calls.get(), 1);
}
