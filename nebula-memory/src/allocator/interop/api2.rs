//! Our contract implies that of the foreign trait, so every method is passed on; only the error loses what it knows.

/// Implements `allocator_api2::alloc::Allocator` for a type that implements [`Allocator`](crate::Allocator).
macro_rules! forward_api2 {
    ([$($generics:tt)*] $type:ty) => {
        // SAFETY: the same contract, passed on.
        unsafe impl<$($generics)*> allocator_api2::alloc::Allocator for $type {
            #[inline(always)]
            fn allocate(
                &self,
                layout: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, allocator_api2::alloc::AllocError> {
                crate::allocator::Allocator::allocate(self, layout).map_err(|_| allocator_api2::alloc::AllocError)
            }

            #[inline]
            fn allocate_zeroed(
                &self,
                layout: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, allocator_api2::alloc::AllocError> {
                crate::allocator::Allocator::allocate_zeroed(self, layout)
                    .map_err(|_| allocator_api2::alloc::AllocError)
            }

            #[inline(always)]
            unsafe fn deallocate(&self, block: core::ptr::NonNull<u8>, layout: core::alloc::Layout) {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::Allocator::deallocate(self, block, layout) };
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, allocator_api2::alloc::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::Allocator::grow(self, block, old, new) }
                    .map_err(|_| allocator_api2::alloc::AllocError)
            }

            #[inline]
            unsafe fn grow_zeroed(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, allocator_api2::alloc::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::Allocator::grow_zeroed(self, block, old, new) }
                    .map_err(|_| allocator_api2::alloc::AllocError)
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, allocator_api2::alloc::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::Allocator::shrink(self, block, old, new) }
                    .map_err(|_| allocator_api2::alloc::AllocError)
            }
        }
    };
}

pub(crate) use forward_api2;
