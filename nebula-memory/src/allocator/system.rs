use alloc_crate::alloc;
use core::alloc::Layout;
use core::ptr::NonNull;

use super::Allocator;
use super::traits::move_block;
use crate::error::{AllocError, AllocatorKind};
use crate::layout::dangling;

/// The global heap: whatever `#[global_allocator]` is.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, SystemAllocator};
///
/// let layout = Layout::new::<[u64; 4]>();
/// let block = SystemAllocator.allocate_zeroed(layout)?;
/// assert!(block.len() >= 32);
/// // SAFETY: allocated just above with this layout.
/// unsafe { SystemAllocator.deallocate(block.cast(), layout) };
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemAllocator;

/// What the heap returned, as a block of `layout`, or the error if it refused.
#[inline]
fn block(pointer: *mut u8, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
    match NonNull::new(pointer) {
        Some(pointer) => Ok(NonNull::slice_from_raw_parts(pointer, layout.size())),
        None => Err(AllocError::out_of_memory(AllocatorKind::System, layout)),
    }
}

fn empty(layout: Layout) -> NonNull<[u8]> {
    NonNull::slice_from_raw_parts(dangling(layout), 0)
}

// SAFETY: the blocks are those of the global heap, which keeps this contract; the type has no state.
// Blocks of size zero are never passed to the heap, in either direction.
unsafe impl Allocator for SystemAllocator {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(empty(layout));
        }
        // SAFETY: the size is not zero.
        block(unsafe { alloc::alloc(layout) }, layout)
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(empty(layout));
        }
        // SAFETY: the size is not zero.
        block(unsafe { alloc::alloc_zeroed(layout) }, layout)
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if layout.size() != 0 {
            // SAFETY: by the caller's promise the block came from `allocate` with this layout, whose size
            // is not zero, so it came from the heap.
            unsafe { alloc::dealloc(block.as_ptr(), layout) };
        }
    }

    #[inline]
    unsafe fn grow(
        &self,
        old_block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { resize(old_block, old, new) }
    }

    #[inline]
    unsafe fn shrink(
        &self,
        old_block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { resize(old_block, old, new) }
    }
}

/// Leaves it to the heap how, where that can keep the alignment.
///
/// # Safety
/// As for [`Allocator::grow`] or [`Allocator::shrink`].
#[inline]
unsafe fn resize(old_block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
    if old.align() == new.align() && old.size() != 0 && new.size() != 0 {
        // SAFETY: the block is from the heap with `old`; the new size is not zero, and fits `isize` as part of a
        // layout with the same alignment.
        block(unsafe { alloc::realloc(old_block.as_ptr(), old, new.size()) }, new)
    } else {
        // SAFETY: the caller's promise.
        unsafe { move_block(&SystemAllocator, old_block, old, new, old.size().min(new.size())) }
    }
}

crate::allocator::interop::implement_api2!([] SystemAllocator);
