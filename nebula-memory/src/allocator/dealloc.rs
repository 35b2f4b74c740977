//! `dealloc!`: memory by type goes back, whichever kind of pointer leads to it.

use core::ptr::NonNull;

use super::{Allocator, TypedAllocator};

/// A pointer to a value or to values, as [`TypedAllocator`] gives them.
///
/// # Safety
/// Not exported, and so implemented by nobody else.
#[diagnostic::on_unimplemented(
    message = "`dealloc!` gives back what a pointer leads to, and `{Self}` is none",
    label = "neither a `NonNull` nor a `*mut`",
    note = "pointers are what the methods of `TypedAllocator` return; a reference from `alloc!` or an arena is memory that is \
            free when its scope ends"
)]
pub unsafe trait Deallocate {
    /// Gives the memory back, of values that are not dropped.
    ///
    /// # Safety
    /// As for [`TypedAllocator::dealloc`] and [`TypedAllocator::dealloc_array`].
    unsafe fn deallocate_from<A: Allocator>(self, allocator: &A);
}

// SAFETY: as it says.
unsafe impl<T> Deallocate for NonNull<T> {
    #[inline(always)]
    unsafe fn deallocate_from<A: Allocator>(self, allocator: &A) {
        // SAFETY: the caller's promise.
        unsafe { allocator.dealloc(self) };
    }
}

// SAFETY: as it says.
unsafe impl<T> Deallocate for NonNull<[T]> {
    #[inline(always)]
    unsafe fn deallocate_from<A: Allocator>(self, allocator: &A) {
        // SAFETY: the caller's promise.
        unsafe { allocator.dealloc_array(self) };
    }
}

// SAFETY: as it says.
unsafe impl<T: ?Sized> Deallocate for *mut T
where
    NonNull<T>: Deallocate,
{
    /// Null is nothing to give back, as everywhere.
    #[inline]
    unsafe fn deallocate_from<A: Allocator>(self, allocator: &A) {
        if let Some(pointer) = NonNull::new(self) {
            // SAFETY: the caller's promise.
            unsafe { pointer.deallocate_from(allocator) };
        }
    }
}

/// Gives memory back to an allocator, or to one that is an allocator by reference. Nothing is dropped.
///
/// # Safety
/// As for [`TypedAllocator::dealloc`] and [`TypedAllocator::dealloc_array`].
#[inline(always)]
pub unsafe fn dealloc<'a, A: ?Sized, P: Deallocate>(allocator: &'a A, pointer: P)
where
    &'a A: Allocator,
{
    // SAFETY: the caller's promise.
    unsafe { pointer.deallocate_from(&allocator) };
}
