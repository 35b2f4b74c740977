//! What `allocator!` writes calls to, and the one implementation of the traits for the types that it defines.

use core::alloc::Layout;

use super::{Growth, PoolAllocator, PoolOptions};
use crate::error::{self, AllocError, AllocatorKind};

/// The largest alignment that blocks of a pool get without being asked: that of a page.
const MOST: usize = 4096;

/// A pool of exactly `blocks` blocks. Without an alignment, they have the largest that costs no padding.
///
/// # Errors
/// If a block has no size, there is none, or the size overflows.
pub fn try_pool(size: usize, blocks: usize, align: Option<usize>) -> Result<PoolAllocator, AllocError> {
    let align = align.unwrap_or((size & size.wrapping_neg()).clamp(1, MOST));
    let Ok(block) = Layout::from_size_align(size, align) else {
        return Err(AllocError::capacity_overflow(AllocatorKind::BlockPool));
    };
    if size == 0 {
        return Err(AllocError::invalid_options(AllocatorKind::BlockPool, block).with_room(0, 0));
    }
    PoolAllocator::try_new(block, &PoolOptions { blocks, growth: Growth::Fixed, max_blocks: Some(blocks) })
}

/// A pool of exactly `blocks` blocks.
///
/// # Panics
/// Where [`try_pool`] fails.
#[track_caller]
pub fn pool(size: usize, blocks: usize, align: Option<usize>) -> PoolAllocator {
    or_panic(try_pool(size, blocks, align))
}

/// The value.
///
/// # Panics
/// With the error, if there is one.
#[inline]
#[track_caller]
pub fn or_panic<T>(result: Result<T, AllocError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => error::out_of_memory(error),
    }
}

/// Makes a type an allocator whose only field, `memory`, is one.
///
/// Exported for generated code, which is the only one to call it: of a type that is written by hand nobody knows what it does
/// with its field.
#[doc(hidden)]
#[macro_export]
macro_rules! __described_allocator {
    ($type:ty) => {
        // SAFETY: everything is passed on to the field, which is private and which nothing generated replaces or lends by
        // `&mut`; moving this moves the field, which keeps its blocks.
        unsafe impl $crate::Allocator for $type {
            #[inline]
            fn allocate(
                &self,
                layout: $crate::__private::Layout,
            ) -> $crate::AllocResult<$crate::__private::NonNull<[u8]>> {
                $crate::Allocator::allocate(&self.memory, layout)
            }

            #[inline]
            fn allocate_zeroed(
                &self,
                layout: $crate::__private::Layout,
            ) -> $crate::AllocResult<$crate::__private::NonNull<[u8]>> {
                $crate::Allocator::allocate_zeroed(&self.memory, layout)
            }

            #[inline]
            unsafe fn deallocate(
                &self,
                block: $crate::__private::NonNull<u8>,
                layout: $crate::__private::Layout,
            ) {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::deallocate(&self.memory, block, layout) }
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: $crate::__private::NonNull<u8>,
                old: $crate::__private::Layout,
                new: $crate::__private::Layout,
            ) -> $crate::AllocResult<$crate::__private::NonNull<[u8]>> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::grow(&self.memory, block, old, new) }
            }

            #[inline]
            unsafe fn grow_zeroed(
                &self,
                block: $crate::__private::NonNull<u8>,
                old: $crate::__private::Layout,
                new: $crate::__private::Layout,
            ) -> $crate::AllocResult<$crate::__private::NonNull<[u8]>> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::grow_zeroed(&self.memory, block, old, new) }
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: $crate::__private::NonNull<u8>,
                old: $crate::__private::Layout,
                new: $crate::__private::Layout,
            ) -> $crate::AllocResult<$crate::__private::NonNull<[u8]>> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::shrink(&self.memory, block, old, new) }
            }
        }

        $crate::__forward_api2!([] [$type] []);
        $crate::__forward_api2_03!([] [$type] []);
        $crate::__forward_api2_04!([] [$type] []);
    };
}
