//! Memory by type, and handles.

use nebula_memory::{AllocHandle, Allocator, Arena, TypedAllocator, impl_allocator};
use std::alloc::Layout;
use std::ptr::NonNull;

use crate::every_call::{Outcome, allow, every_call, unwinding};
use crate::support::Drops;
use crate::support::heap::Counting;

/// What gives a raw block back, whatever happens to the rest of the scenario.
struct Block<'a, A: Allocator, T: ?Sized>(&'a A, NonNull<T>);

impl<A: Allocator, T: ?Sized> Drop for Block<'_, A, T> {
    fn drop(&mut self) {
        // SAFETY: the layout of what was allocated, by the type of the pointer.
        let layout = Layout::for_value(unsafe { self.1.as_ref() });
        // SAFETY: allocated there, and given back once.
        unsafe { self.0.deallocate(self.1.cast(), layout) };
    }
}

fn typed<A: Allocator>(memory: &A) -> Outcome {
    let number = Block(memory, memory.alloc_init(7_u64)?);
    let made = Block(memory, memory.alloc_init_with(|| [1_u8; 40])?);
    let zeroed = memory.allocate_zeroed(Layout::new::<u64>())?.cast::<u64>();
    let zeroed = Block(memory, zeroed);
    let numbers = memory.alloc_array::<u32>(100)?;
    // SAFETY: allocated for as many numbers.
    unsafe { numbers.cast::<u32>().write_bytes(1, 100) };
    let mut numbers = Block(memory, numbers);
    for size in [150, 90, 400] {
        let (old, new) =
            (Layout::array::<u32>(numbers.1.len()).unwrap(), Layout::array::<u32>(size).unwrap());
        let block = numbers.1.cast();
        // If it is refused the block stays as it is.
        let resized = if size < numbers.1.len() {
            // SAFETY: allocated with the old layout; the new one is smaller.
            unsafe { memory.shrink(block, old, new) }
        } else {
            // SAFETY: allocated with the old layout; the new one is larger.
            unsafe { memory.grow_zeroed(block, old, new) }
        };
        numbers.1 = NonNull::slice_from_raw_parts(resized?.cast(), size);
    }
    let values = [number.1.cast::<u64>(), zeroed.1].map(|value| {
        // SAFETY: initialised when it was allocated.
        unsafe { value.read() }
    });
    // SAFETY: as above.
    assert_eq!((values, unsafe { made.1.read() }), ([7, 0], [1; 40]));
    // SAFETY: the first were set, the others zeroed.
    let numbers = unsafe { numbers.1.as_ref() };
    assert!(numbers[..90].iter().all(|number| *number == 0x0101_0101));
    assert!(numbers[150..].iter().all(|number| *number == 0));
    Ok(())
}

#[test]
fn blocks_by_type() {
    every_call(|heap, _| typed(heap));
    every_call(|heap, _| {
        let arena = Arena::<_, 1>::new_in(heap);
        typed(&&arena)
    });
}

/// The value that found no memory is dropped, the others stay.
fn handles<A: Allocator + Copy>(memory: A, drops: &Drops) -> Outcome {
    let first = AllocHandle::try_new((drops.guard(), 1), memory)?;
    let second = AllocHandle::try_new_with(|| (drops.guard(), 2), memory)?;
    let many = AllocHandle::try_slice_with(20, |index| (drops.guard(), index), memory)?;
    let copies = AllocHandle::try_from_slice(&[String::from("a"), String::from("b")], memory)?;
    let third = unwinding(|| AllocHandle::new((drops.guard(), 3), memory))?;
    let fourth = unwinding(|| AllocHandle::new_with(|| (drops.guard(), 4), memory))?;
    let more = unwinding(|| AllocHandle::slice_with(20, |index| (drops.guard(), index), memory))?;
    let again = unwinding(|| AllocHandle::from_slice(&copies, memory))?;
    assert_eq!((first.1, second.1, third.1, fourth.1), (1, 2, 3, 4));
    assert_eq!((many[19].1, more[19].1, &again[1][..]), (19, 19, "b"));
    let (guard, _) = AllocHandle::into_inner(first);
    drop(guard);
    Ok(())
}

#[test]
fn owned_values() {
    every_call(|heap, drops| handles(heap, drops));
    every_call(|heap, drops| {
        let arena = Arena::<_, 1>::new_in(heap);
        let outcome = handles(&arena, drops);
        allow(heap);
        handles(&arena, drops).unwrap();
        outcome
    });
}

/// An allocator of a user, made by the macro.
struct Own<'a>(&'a Counting);

impl Own<'_> {
    fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, nebula_memory::AllocError> {
        self.0.allocate(layout)
    }

    unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.deallocate(block, layout) }
    }
}

// SAFETY: passed on to an allocator.
impl_allocator!(unsafe impl<'a> for Own<'a>);

#[test]
fn an_allocator_of_a_user() {
    every_call(|heap, _| typed(&Own(heap)));
    every_call(|heap, drops| handles(&Own(heap), drops));
}
