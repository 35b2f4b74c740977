use core::alloc::Layout;
use core::ptr::NonNull;

use crate::allocator::Allocator;
use crate::error::AllocError;

/// Any [`Allocator`] as one for the collections of other crates: it implements every foreign trait there is.
///
/// For code that is generic over our allocators, and for allocators of other crates on a nightly compiler; those of
/// this crate need no wrapper.
///
/// ```
/// # #[cfg(feature = "allocator-api2")] {
/// use allocator_api2::vec::Vec;
/// use nebula_memory::allocator::interop::Interop;
/// use nebula_memory::{Allocator, Arena};
///
/// fn squares<A: Allocator>(count: u64, memory: A) -> Vec<u64, Interop<A>> {
///     let mut numbers = Vec::with_capacity_in(count as usize, Interop(memory));
///     numbers.extend((0..count).map(|n| n * n));
///     numbers
/// }
///
/// let arena = Arena::new();
/// assert_eq!(squares(4, &arena), [0, 1, 4, 9]);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Interop<A>(pub A);

// SAFETY: everything is passed on; a copy of the wrapper is one of the allocator.
unsafe impl<A: Allocator> Allocator for Interop<A> {
    #[inline(always)]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.0.allocate(layout)
    }

    #[inline(always)]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.deallocate(block, layout) }
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.0.allocate_zeroed(layout)
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.grow(block, old, new) }
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.grow_zeroed(block, old, new) }
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { self.0.shrink(block, old, new) }
    }
}

super::implement_api2!([A: Allocator] Interop<A>);
