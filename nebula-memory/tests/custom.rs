//! Allocators of yours by `impl_allocator!`: the checks around them, generics, the traits that come along.
#![cfg(all(not(loom), feature = "alloc"))]
#![expect(
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "the signatures are those that the macro asks for"
)]

mod support;

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;

use nebula_memory::{
    AllocError, AllocErrorCode, AllocHandle, Allocator, Arena, SystemAllocator, impl_allocator,
};

/// The heap, which is told apart from what it should be: every block with its layout.
#[derive(Default)]
struct Strict {
    blocks: RefCell<HashMap<usize, Layout>>,
}

impl Strict {
    fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        assert_ne!(layout.size(), 0, "a request of no bytes came through");
        let block = SystemAllocator.allocate(layout)?;
        self.blocks.borrow_mut().insert(block.cast::<u8>().addr().get(), layout);
        Ok(block)
    }

    unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
        assert_eq!(self.blocks.borrow_mut().remove(&block.addr().get()), Some(layout));
        // SAFETY: the caller's promise.
        unsafe { SystemAllocator.deallocate(block, layout) };
    }
}

// SAFETY: every block is one of the heap's.
impl_allocator!(unsafe Strict);

#[test]
fn s25_a_block_is_given_back_with_the_layout_it_has() {
    let memory = Strict::default();
    let layout = |size, align| Layout::from_size_align(size, align).unwrap();
    let block = memory.allocate(layout(100, 8)).unwrap();
    // SAFETY: allocated just above with this layout.
    let block = unsafe { memory.shrink(block.cast(), layout(100, 8), layout(10, 64)).unwrap() };
    assert_eq!(block.cast::<u8>().addr().get() % 64, 0);
    // SAFETY: as above.
    let block = unsafe { memory.grow_zeroed(block.cast(), layout(10, 64), layout(1000, 1)).unwrap() };
    // SAFETY: the bytes beyond the old size are zero.
    assert!(unsafe { &block.as_ref()[10..] }.iter().all(|byte| *byte == 0));
    // SAFETY: as above.
    let block = unsafe { memory.shrink(block.cast(), layout(1000, 1), layout(0, 1)).unwrap() };
    assert!(memory.blocks.borrow().is_empty());
    // SAFETY: as above.
    let block = unsafe { memory.grow(block.cast(), layout(0, 1), layout(1, 1)).unwrap() };
    // SAFETY: as above.
    unsafe { memory.deallocate(block.cast(), layout(1, 1)) };
    assert!(memory.blocks.borrow().is_empty());
}

#[test]
fn s10_requests_of_no_bytes_are_answered_without_asking() {
    let memory = Strict::default();
    for align in [1, 8, 4096] {
        let layout = Layout::from_size_align(0, align).unwrap();
        let block = memory.allocate(layout).unwrap();
        assert_eq!((block.len(), block.cast::<u8>().addr().get() % align), (0, 0));
        // SAFETY: allocated just above.
        unsafe { memory.deallocate(block.cast(), layout) };
    }
}

#[test]
fn everything_stands_on_it() {
    let memory = Strict::default();
    {
        let arena = Arena::<_>::new_in(&memory);
        let handle = AllocHandle::new(arena.alloc_str("in an arena"), &memory);
        assert_eq!(&**handle, "in an arena");
        assert_eq!(memory.blocks.borrow().len(), 2);
    }
    assert!(memory.blocks.borrow().is_empty());
}

/// Gives blocks that are wrong in the way it is told to.
struct Wrong {
    memory: NonNull<[u8; 64]>,
    skip: Cell<usize>,
    len: Cell<usize>,
}

impl Wrong {
    fn allocate_impl(&self, _: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: within the 64 bytes.
        let start = unsafe { self.memory.cast::<u8>().add(self.skip.get()) };
        Ok(NonNull::slice_from_raw_parts(start, self.len.get()))
    }

    unsafe fn deallocate_impl(&self, _: NonNull<u8>, _: Layout) {}
}

// SAFETY: it is not, in size and alignment, which is what the macro looks at; nobody writes to the blocks.
impl_allocator!(unsafe Wrong);

/// Asks for 16 bytes aligned to 16 when this block is returned.
fn refused(skip: usize, len: usize) -> Option<AllocError> {
    #[repr(align(64))]
    struct Aligned([u8; 64]);
    let mut memory = Aligned([0; 64]);
    let wrong = Wrong { memory: NonNull::from(&mut memory.0), skip: skip.into(), len: len.into() };
    wrong.allocate(Layout::from_size_align(16, 16).unwrap()).err()
}

#[test]
fn blocks_that_fit_are_passed_on() {
    assert!(refused(0, 16).is_none());
    assert!(refused(16, 48).is_none());
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "`allocate_impl` returned 15 bytes")]
fn s24_a_block_that_is_too_short_is_refused() {
    let _ = refused(0, 15);
}

#[cfg(debug_assertions)]
#[test]
#[should_panic(expected = "for 16 bytes aligned to 16")]
fn s24_a_block_that_is_not_aligned_is_refused() {
    let _ = refused(8, 56);
}

#[cfg(not(debug_assertions))]
#[test]
fn s24_a_block_that_does_not_fit_is_refused() {
    for (skip, len) in [(0, 15), (8, 56)] {
        let error = refused(skip, len).unwrap();
        assert_eq!(
            (error.code(), error.allocator()),
            (AllocErrorCode::InvalidLayout, nebula_memory::AllocatorKind::Custom)
        );
    }
}

#[test]
fn errors_pass_through() {
    struct Full;
    impl Full {
        fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
            Err(AllocError::budget_exceeded(layout, 10, 3))
        }

        unsafe fn deallocate_impl(&self, _: NonNull<u8>, _: Layout) {}
    }
    // SAFETY: there are no blocks.
    impl_allocator!(unsafe Full);
    let error = Full.allocate(Layout::new::<u64>()).unwrap_err();
    assert_eq!((error.code(), error.available()), (AllocErrorCode::BudgetExceeded, Some(3)));
}

mod generic {
    use super::*;

    pub(crate) struct Wrap<'a, A: ?Sized>(pub(crate) &'a A);
    pub(crate) struct Cold<A, const N: usize, F>(pub(crate) A, pub(crate) [F; N]);

    macro_rules! pass_on {
        () => {
            fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
                self.0.allocate(layout)
            }

            unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
                // SAFETY: the caller's promise, passed on.
                unsafe { self.0.deallocate(block, layout) }
            }
        };
    }

    impl<A: Allocator + ?Sized> Wrap<'_, A> {
        pass_on!();
    }

    impl<A: Allocator, const N: usize, F> Cold<A, N, F> {
        pass_on!();
    }

    // SAFETY: passed on.
    impl_allocator!(unsafe impl<'a, A> for Wrap<'a, A> where A: Allocator + ?Sized);

    // Generics whose own brackets end just before `for`.
    // SAFETY: passed on.
    impl_allocator!(unsafe impl<A: Allocator, const N: usize, F: for<'x> Fn(&'x [u8]) -> Option<Vec<u8>>> for Cold<A, N, F>);
}

#[test]
fn generic_types() {
    let memory = Strict::default();
    let dynamic: &dyn Allocator = &memory;
    let handle = AllocHandle::new(5, generic::Wrap(dynamic));
    assert_eq!((*handle, memory.blocks.borrow().len()), (5, 1));
    drop(handle);
    let cold = generic::Cold(&memory, [|bytes: &[u8]| Some(bytes.to_vec()); 2]);
    drop(AllocHandle::new(6, &cold));
    assert_eq!(cold.1[1](&[1]), Some(vec![1]));
    assert!(memory.blocks.borrow().is_empty());
}

#[cfg(feature = "allocator-api2")]
#[test]
fn collections_live_in_it() {
    let memory = Strict::default();
    let mut numbers = allocator_api2::vec::Vec::new_in(&memory);
    let mut map = hashbrown::HashMap::with_hasher_in(hashbrown::DefaultHashBuilder::default(), &memory);
    for n in 0..100 {
        numbers.push(n);
        map.insert(n, n);
    }
    assert_eq!(memory.blocks.borrow().len(), 2);
    drop((numbers, map));
    assert!(memory.blocks.borrow().is_empty());
}
