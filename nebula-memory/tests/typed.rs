//! Memory by type, raw and owned, in every kind of allocator.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::rc::Rc;

use nebula_memory::{
    AllocErrorCode, AllocHandle, Allocator, AllocatorCore, AllocatorExt, Arena, BumpAllocator,
    SystemAllocator, TypedAllocator,
};
use proptest::prelude::*;
use support::heap::Counting;
use support::{Drops, address, cases};

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(4096))]
struct Page(u8);

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(align(64))]
struct Nothing;

fn is_aligned<T>(pointer: NonNull<T>) -> bool {
    pointer.as_ptr().is_aligned()
}

/// Memory for a value: aligned, and ours, as writing all of it shows.
fn filled<T: Clone + PartialEq + std::fmt::Debug>(slot: NonNull<T>, value: &T) -> impl Fn() {
    assert!(is_aligned(slot));
    // SAFETY: allocated for a `T`; that no two blocks overlap is what is tested.
    unsafe { slot.write(value.clone()) };
    let value = value.clone();
    move || {
        // SAFETY: written above, and not given back yet.
        assert_eq!(unsafe { slot.as_ref() }, &value);
    }
}

/// Every method once, each block written in full and given back.
fn typed<A: Allocator>(memory: A) {
    let number = memory.alloc_init(7_u64).unwrap();
    let page = memory.alloc_init_with(|| Page(3)).unwrap();
    let plain = memory.alloc::<u16>().unwrap();
    let other = memory.allocate_typed::<u32>().unwrap();
    let table = memory.alloc_array::<u32>(100).unwrap();
    let array = memory.alloc_array_const::<u8, 33>().unwrap();
    let again = memory.allocate_array::<Page, 2>().unwrap();
    // SAFETY: initialised when it was allocated.
    assert_eq!(unsafe { number.read() }, 7);
    // SAFETY: as above.
    assert_eq!(unsafe { page.read() }, Page(3));
    assert_eq!(table.len(), 100);
    let checks: [Box<dyn Fn()>; 7] = [
        Box::new(filled(number, &8)),
        Box::new(filled(page, &Page(4))),
        Box::new(filled(plain, &1)),
        Box::new(filled(other, &2)),
        Box::new(filled(table.cast::<[u32; 100]>(), &[5; 100])),
        Box::new(filled(array, &[9; 33])),
        Box::new(filled(again, &[Page(5), Page(6)])),
    ];
    for check in checks {
        check();
    }
    // SAFETY: allocated above as this type, and not used after this; so are the others.
    unsafe { memory.dealloc(again) };
    // SAFETY: as above.
    unsafe { memory.dealloc(array) };
    // SAFETY: as above, with this length.
    unsafe { memory.dealloc_array(table) };
    // SAFETY: as above.
    unsafe { memory.dealloc(other) };
    // SAFETY: as above.
    unsafe { memory.dealloc(plain) };
    // SAFETY: as above.
    unsafe { memory.dealloc(page) };
    // SAFETY: as above.
    unsafe { memory.dealloc(number) };
}

#[test]
fn every_allocator_has_it() {
    let heap = Counting::default();
    typed(&heap);
    assert_eq!(heap.live_bytes.get(), 0);
    typed(SystemAllocator);
    typed(&Arena::new());
    typed(&Arena::new().scope());
    typed(&Arena::<_, 16>::new_in(&heap));
    typed(&BumpAllocator::new(1 << 16));
    typed(&BumpAllocator::new(1 << 16).scope());
    typed(&BumpAllocator::new_shared(1 << 16));
    // Also one that is not `Sized`.
    let unsized_allocator: &dyn Allocator = &heap;
    let block = unsized_allocator.allocate_raw(Layout::new::<u8>()).unwrap();
    // SAFETY: given back as it was allocated.
    unsafe { unsized_allocator.deallocate_raw(block, Layout::new::<u8>()) };
    assert_eq!(heap.live.get(), 0);
}

#[test]
fn s10_zero_size_values_are_aligned_and_use_no_memory() {
    fn nothing_of<A: Allocator>(memory: &A) -> NonNull<Nothing> {
        let nothings = memory.alloc_array::<Nothing>(usize::MAX).unwrap();
        assert!(is_aligned(nothings.cast::<Nothing>()));
        // SAFETY: allocated just above.
        unsafe { memory.dealloc_array(nothings) };
        memory.alloc_init(Nothing).unwrap()
    }

    let heap = Counting::default();
    let memory = BumpAllocator::new(8);
    for _ in 0..3 {
        assert!(is_aligned(nothing_of(&&memory)) && is_aligned(nothing_of(&SystemAllocator)));
    }
    assert_eq!(memory.used(), 0);
    let handle = AllocHandle::new(Nothing, &heap);
    assert_eq!(address(&*handle) % 64, 0);
    assert_eq!(AllocHandle::into_inner(handle), Nothing);
}

#[test]
fn s18_empty_slices_are_not_null() {
    let memory = BumpAllocator::new(0);
    let empty = AllocHandle::<[u64], _>::from_slice(&[], &memory);
    assert!(empty.is_empty() && empty.as_ptr().is_aligned() && empty.as_ptr().addr() != 0);
}

#[test]
fn s8_a_size_that_overflows_is_an_error() {
    let memory = &Arena::new();
    for count in [usize::MAX, usize::MAX / 8 + 1, isize::MAX as usize / 8 + 1] {
        let error = TypedAllocator::alloc_array::<u64>(&memory, count).unwrap_err();
        assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
        let error = AllocHandle::try_slice_with(count, |_| 0_u64, memory).unwrap_err();
        assert_eq!(error.code(), AllocErrorCode::CapacityOverflow);
    }
}

#[test]
fn c_like_pointers_zeroed_and_resized() {
    let memory = &Arena::new();
    let layout = |size| Layout::from_size_align(size, 8).unwrap();
    let block = memory.allocate_raw_zeroed(layout(16)).unwrap();
    // SAFETY: allocated with 16 bytes, which are zero.
    assert_eq!(unsafe { block.cast::<[u8; 16]>().read() }, [0; 16]);
    // SAFETY: allocated with 16 bytes.
    unsafe { block.cast::<[u8; 16]>().write([5; 16]) };
    // SAFETY: allocated just above with this layout.
    let block = unsafe { memory.reallocate_raw(block, layout(16), layout(4000)).unwrap() };
    // SAFETY: the first 16 bytes were kept.
    assert_eq!(unsafe { block.cast::<[u8; 16]>().read() }, [5; 16]);
    // SAFETY: allocated just above with this layout.
    let block = unsafe { memory.reallocate_raw(block, layout(4000), layout(8)).unwrap() };
    // SAFETY: the first 8 bytes were kept.
    assert_eq!(unsafe { block.cast::<[u8; 8]>().read() }, [5; 8]);
    // SAFETY: allocated just above with this layout.
    unsafe { memory.deallocate_raw(block, layout(8)) };
}

/// With the trait in scope, as it is in this file.
#[test]
fn an_arena_still_has_its_own_alloc() {
    let mut arena = Arena::new();
    let one: &mut u32 = arena.alloc(1);
    *one += 1;
    assert_eq!(*one, 2);
    let reference = &arena;
    let two: &mut u32 = reference.alloc(2);
    let holder = (reference, 3_u32);
    let three: &mut u32 = holder.0.alloc(holder.1);
    assert_eq!((*two, *three), (2, 3));
    let scope = arena.scope();
    let four: &mut u32 = scope.alloc(4);
    let bump = BumpAllocator::new(64);
    let five: &mut u32 = bump.alloc(5);
    assert_eq!((*four, *five), (4, 5));
}

#[test]
fn a_value_that_finds_no_memory_is_dropped_and_a_closure_not_called() {
    let (heap, drops) = (Counting::default(), Drops::default());
    heap.left.set(Some(0));
    assert!(heap.alloc_init(drops.guard()).is_err());
    assert_eq!(drops.count(), 1);
    assert!(AllocHandle::try_new(drops.guard(), &heap).is_err());
    assert_eq!(drops.count(), 2);
    assert!(heap.alloc_init_with::<u8>(|| unreachable!()).is_err());
    assert!(AllocHandle::try_new_with(|| -> u8 { unreachable!() }, &heap).is_err());
    assert!(AllocHandle::<[u8], _>::try_from_slice(&[1], &heap).is_err());
}

#[test]
fn memory_is_given_back_if_a_closure_panics() {
    let (heap, drops) = (Counting::default(), Drops::default());
    let caught = |run: &dyn Fn()| assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    caught(&|| assert!(heap.alloc_init_with(|| -> u64 { panic!("made nothing") }).is_err()));
    caught(&|| drop(AllocHandle::new_with(|| -> u64 { panic!("made nothing") }, &heap)));
    assert_eq!(heap.live.get(), 0);
    // The first three are there by then.
    let made = |index| if index < 3 { drops.guard() } else { panic!("three are enough") };
    caught(&|| drop(AllocHandle::slice_with(5, made, &heap)));
    assert_eq!((heap.live.get(), drops.count()), (0, 3));
}

struct PanicsOnDrop<'a>(&'a Cell<u32>);

impl Drop for PanicsOnDrop<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        panic!("dropped");
    }
}

#[test]
fn memory_is_given_back_if_a_destructor_panics() {
    let (heap, drops, dropped) = (Counting::default(), Drops::default(), Cell::new(0));
    let handle = AllocHandle::new((PanicsOnDrop(&dropped), drops.guard()), &heap);
    assert!(catch_unwind(AssertUnwindSafe(|| drop(handle))).is_err());
    assert_eq!((heap.live.get(), drops.count(), dropped.get()), (0, 1, 1));
    let pieces = AllocHandle::slice_with(
        3,
        |index| (index == 1).then(|| PanicsOnDrop(&dropped)).ok_or_else(|| drops.guard()),
        &heap,
    );
    assert!(catch_unwind(AssertUnwindSafe(|| drop(pieces))).is_err());
    assert_eq!((heap.live.get(), drops.count(), dropped.get()), (0, 3, 2));
}

/// An allocator that is owned, and counts its own end.
struct Owned<'a> {
    heap: &'a Counting,
    _end: support::DropGuard<'a>,
}

// SAFETY: everything is passed on.
unsafe impl Allocator for Owned<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, nebula_memory::AllocError> {
        self.heap.allocate(layout)
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.heap.deallocate(block, layout) }
    }
}

#[test]
fn what_a_handle_does_to_value_memory_and_allocator() {
    let (heap, values, ends) = (Counting::default(), Drops::default(), Drops::default());
    let make = || AllocHandle::new(values.guard(), Owned { heap: &heap, _end: ends.guard() });
    let state = || (heap.live.get(), values.count(), ends.count());

    let handle = make();
    assert_eq!(AllocHandle::allocator(&handle).heap.live.get(), 1);
    drop(handle);
    assert_eq!(state(), (0, 1, 1));

    let value = AllocHandle::into_inner(make());
    assert_eq!(state(), (0, 1, 2), "the memory went back, the value did not");
    drop(value);

    let (value, allocator) = AllocHandle::into_raw(make());
    assert_eq!(state(), (1, 2, 2));
    // SAFETY: from `into_raw`, and taken back once.
    drop(unsafe { AllocHandle::from_raw(value, allocator) });
    assert_eq!(state(), (0, 3, 3));

    let leaked = AllocHandle::leak(make());
    assert_eq!(state(), (1, 3, 3), "neither the value nor its allocator has ended");
    // So that nothing is left behind.
    // SAFETY: a leaked handle's value, which the same heap allocated.
    drop(unsafe { AllocHandle::from_raw(NonNull::from(leaked), &heap) });
    assert_eq!(state(), (0, 4, 3));
}

#[test]
fn handles_lead_to_their_value() {
    let memory = BumpAllocator::new(1 << 10);
    let mut text = AllocHandle::new(String::from("a"), &memory);
    text.push('b');
    assert_eq!(
        (format!("{text}"), format!("{text:?}"), text.as_ref().len()),
        ("ab".into(), "\"ab\"".into(), 2)
    );
    text.as_mut().clear();
    assert!(text.is_empty());
    // A leaked value lives as long as what its allocator borrows.
    let slice: &mut [Rc<u8>] = AllocHandle::leak(AllocHandle::slice_with(2, |_| Rc::new(7), &memory));
    assert_eq!(*slice[1], 7);
    for value in slice {
        // SAFETY: never used again: the slice is leaked.
        unsafe { std::ptr::drop_in_place(value) };
    }
}

trait Any {}
impl<T> Any for T {}

#[test]
fn a_trait_object_is_dropped_as_what_it_is() {
    let (heap, drops) = (Counting::default(), Drops::default());
    let (value, memory) = AllocHandle::into_raw(AllocHandle::new((drops.guard(), Page(1)), &heap));
    let value: NonNull<dyn Any + '_> = value;
    // SAFETY: from `into_raw`, and taken back once.
    let object = unsafe { AllocHandle::from_raw(value, memory) };
    assert_eq!(heap.live.get(), 1);
    drop(object);
    assert_eq!((heap.live_bytes.get(), drops.count()), (0, 1));
}

#[test]
fn handles_of_shared_allocators_go_to_other_threads() {
    static_assertions::assert_impl_all!(AllocHandle<u8, SystemAllocator>: Send, Sync);
    static_assertions::assert_impl_all!(AllocHandle<Cell<u8>, SystemAllocator>: Send);
    static_assertions::assert_not_impl_any!(AllocHandle<Cell<u8>, SystemAllocator>: Sync);
    static_assertions::assert_not_impl_any!(AllocHandle<Rc<u8>, SystemAllocator>: Send, Sync);
    static_assertions::assert_not_impl_any!(AllocHandle<u8, &Arena>: Send, Sync);
    static_assertions::assert_eq_size!(AllocHandle<u8, SystemAllocator>, *const u8);
    static_assertions::assert_eq_size!(Option<AllocHandle<u8, &Arena>>, [usize; 2]);
    let handle = AllocHandle::new(vec![1, 2], SystemAllocator);
    std::thread::spawn(move || assert_eq!(*handle, [1, 2])).join().unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Make(Vec<u16>),
    Drop(usize),
    Take(usize),
    Write(usize, u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => prop::collection::vec(any::<u16>(), 0..50).prop_map(Step::Make),
        1 => any::<usize>().prop_map(Step::Drop),
        1 => any::<usize>().prop_map(Step::Take),
        2 => (any::<usize>(), any::<u16>()).prop_map(|(at, value)| Step::Write(at, value)),
    ];
    prop::collection::vec(step, 0..60)
}

/// Handles of slices and of vectors beside each other, against boxes.
fn handles<A: Allocator + Copy>(memory: A, steps: &[Step]) {
    let mut slices: Vec<(AllocHandle<[u16], A>, Box<_>)> = Vec::new();
    let mut vectors = Vec::new();
    for step in steps {
        match step {
            Step::Make(values) => {
                slices.push((AllocHandle::from_slice(values, memory), values.clone().into_boxed_slice()));
                vectors.push((AllocHandle::new(values.clone(), memory), values.clone()));
            }
            Step::Drop(at) if !slices.is_empty() => {
                slices.swap_remove(at % slices.len());
            }
            Step::Take(at) if !vectors.is_empty() => {
                let (ours, theirs) = vectors.swap_remove(at % vectors.len());
                assert_eq!(AllocHandle::into_inner(ours), theirs);
            }
            Step::Write(at, value) if !slices.is_empty() => {
                let index = at % slices.len();
                let (ours, theirs) = &mut slices[index];
                ours.fill(*value);
                theirs.fill(*value);
            }
            _ => {}
        }
        assert!(slices.iter().all(|(ours, theirs)| ours[..] == theirs[..]));
        assert!(vectors.iter().all(|(ours, theirs)| **ours == *theirs));
    }
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn handles_agree_with_boxes(steps in steps()) {
        let heap = Counting::default();
        handles(&heap, &steps);
        prop_assert_eq!(heap.live_bytes.get(), 0);
        handles(SystemAllocator, &steps);
        handles(&Arena::new(), &steps);
        handles(&Arena::new().scope(), &steps);
        handles(&BumpAllocator::new(1 << 20), &steps);
    }
}
