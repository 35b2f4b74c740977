//! Theirs as ours: the same contract, so every method is passed on, and the error gets what is known here.

use core::alloc::Layout;
use core::ptr::NonNull;

use crate::allocator::Allocator;
use crate::error::{AllocError, AllocatorKind};

/// Defines a wrapper that makes an allocator of a foreign trait one of ours.
macro_rules! from_foreign {
    ($(#[$doc:meta])* $name:ident, $($foreign:tt)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name<A>(pub A);

        // SAFETY: the contract is the foreign one, which the inner allocator keeps: zero sizes are served, copies and
        // clones are the same allocator, blocks stay valid until freed or all of those are gone, nothing unwinds.
        unsafe impl<A: $($foreign)*::Allocator> Allocator for $name<A> {
            #[inline]
            fn allocate(
                &self,
                layout: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                $($foreign)*::Allocator::allocate(&self.0, layout).map_err(|_| refused(layout))
            }

            #[inline]
            unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
                // SAFETY: the caller's promise, passed on.
                unsafe { $($foreign)*::Allocator::deallocate(&self.0, block, layout) }
            }

            #[inline]
            fn allocate_zeroed(
                &self,
                layout: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                $($foreign)*::Allocator::allocate_zeroed(&self.0, layout).map_err(|_| refused(layout))
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: NonNull<u8>,
                old: Layout,
                new: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                // SAFETY: the caller's promise, passed on.
                unsafe { $($foreign)*::Allocator::grow(&self.0, block, old, new) }.map_err(|_| refused(new))
            }

            #[inline]
            unsafe fn grow_zeroed(
                &self,
                block: NonNull<u8>,
                old: Layout,
                new: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                // SAFETY: the caller's promise, passed on.
                unsafe { $($foreign)*::Allocator::grow_zeroed(&self.0, block, old, new) }
                    .map_err(|_| refused(new))
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: NonNull<u8>,
                old: Layout,
                new: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                // SAFETY: the caller's promise, passed on.
                unsafe { $($foreign)*::Allocator::shrink(&self.0, block, old, new) }.map_err(|_| refused(new))
            }
        }
    };
}

/// All that a foreign error says.
#[cold]
fn refused(layout: Layout) -> AllocError {
    AllocError::out_of_memory(AllocatorKind::Custom, layout)
}

#[cfg(feature = "allocator-api2")]
from_foreign! {
    /// An allocator of the `allocator-api2` crate, version 0.2, as an [`Allocator`](crate::Allocator).
    ///
    /// ```
    /// # #[cfg(feature = "alloc")] {
    /// use allocator_api2::alloc::Global;
    /// use nebula_memory::Arena;
    /// use nebula_memory::allocator::interop::FromApi2;
    ///
    /// let arena = Arena::<_>::new_in(FromApi2(Global));
    /// assert_eq!(arena.alloc_str("on their heap"), "on their heap");
    /// # }
    /// ```
    FromApi2, allocator_api2::alloc
}

#[cfg(feature = "allocator-api2-03")]
from_foreign! {
    /// An allocator of the `allocator-api2` crate, version 0.3, as an [`Allocator`](crate::Allocator).
    FromApi2V03, allocator_api2_03::alloc
}

#[cfg(feature = "allocator-api2-04")]
from_foreign! {
    /// An allocator of the `allocator-api2` crate, version 0.4, as an [`Allocator`](crate::Allocator).
    FromApi2V04, allocator_api2_04::alloc
}

#[cfg(nebula_nightly)]
from_foreign! {
    /// An allocator of the standard library's unstable trait as an [`Allocator`](crate::Allocator).
    FromStd, core::alloc
}
