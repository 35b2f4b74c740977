use core::alloc::Layout;
use core::ptr::NonNull;

use crate::allocator::Allocator;
use crate::error::AllocError;

/// Says that a block is not longer than `most`.
#[inline(always)]
pub(super) fn cut(block: NonNull<[u8]>, most: usize) -> NonNull<[u8]> {
    NonNull::slice_from_raw_parts(block.cast(), block.len().min(most))
}

/// What the bytes are of that a block gains.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fresh {
    Uninitialized,
    Zeroed,
}

/// Moves a block from one allocator to another. If that one refuses, nothing has happened.
///
/// # Safety
/// As for [`Allocator::deallocate`] of `from`, with `old`.
#[inline]
pub(super) unsafe fn move_between<A: Allocator, B: Allocator>(
    (from, to): (&A, &B),
    block: NonNull<u8>,
    (old, new): (Layout, Layout),
    fresh: Fresh,
) -> Result<NonNull<[u8]>, AllocError> {
    let moved = match fresh {
        Fresh::Uninitialized => to.allocate(new)?,
        Fresh::Zeroed => to.allocate_zeroed(new)?,
    };
    // SAFETY: both blocks are allocated, so they do not overlap; both hold the smaller size.
    unsafe { block.copy_to_nonoverlapping(moved.cast(), old.size().min(new.size())) };
    // SAFETY: the caller's promise; nothing uses the old block after this.
    unsafe { from.deallocate(block, old) };
    Ok(moved)
}
