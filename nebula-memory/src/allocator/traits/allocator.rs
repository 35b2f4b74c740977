use core::alloc::Layout;
use core::ptr::NonNull;

use crate::error::AllocError;

/// Memory by layout: the contract of the standard library's (unstable) `Allocator`, with an error that
/// tells what happened.
///
/// Requests of size zero succeed, use no memory and return a dangling pointer that is aligned as asked.
///
/// # Safety
/// * A block returned by `allocate` stays valid, and is handed to nobody else, until it is passed to
///   `deallocate`, `grow` or `shrink`, or until the allocator and all its copies are gone. What frees all blocks at
///   once must need more than `&mut` of a copy: that is why an [`Arena`](crate::Arena) does not implement this trait,
///   but `&Arena` does.
/// * Moving, copying or cloning the allocator, or making it one of a supertype, does not invalidate its blocks; a copy or
///   clone is the same allocator, so that each takes back what the other gave.
/// * The whole returned slice may be used; it is at least as large and as aligned as the layout asks, also if that
///   asks for no bytes.
/// * `grow` and `shrink` keep the bytes up to the smaller size; the `_zeroed` forms zero the others.
/// * No method unwinds after it has given up a block.
///
/// [`impl_allocator!`](crate::impl_allocator) keeps most of it for you.
pub unsafe trait Allocator {
    /// A block of at least `layout.size()` bytes, aligned to `layout.align()`, not initialised.
    ///
    /// # Errors
    /// If there is no such block.
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError>;

    /// Gives a block back.
    ///
    /// # Safety
    /// `block` was allocated by this allocator (or a copy of it), is still allocated, and `layout` is the
    /// one it was allocated with, where the size may be anything between the one asked for and the one got.
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout);

    /// As [`allocate`](Self::allocate), and every byte is zero.
    ///
    /// # Errors
    /// If there is no such block.
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let block = self.allocate(layout)?;
        // SAFETY: the block is valid for writes of its whole length and nobody else has it.
        unsafe { block.cast::<u8>().write_bytes(0, block.len()) };
        Ok(block)
    }

    /// Makes a block larger, in place or by moving its bytes to a new one.
    ///
    /// # Errors
    /// If there is no such block; the old one is untouched then, and still the caller's.
    ///
    /// # Safety
    /// As for [`deallocate`](Self::deallocate), and `new.size() >= old.size()`. After success the old
    /// pointer is no longer valid.
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        debug_assert!(new.size() >= old.size(), "`grow` to a smaller size");
        // SAFETY: the caller's promise; the smaller of both sizes is that of `old`.
        unsafe { move_block(self, block, old, new, old.size()) }
    }

    /// As [`grow`](Self::grow), and the bytes beyond the old size are zero.
    ///
    /// # Errors
    /// If there is no such block; the old one is untouched then, and still the caller's.
    ///
    /// # Safety
    /// As for [`grow`](Self::grow).
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        let grown = unsafe { self.grow(block, old, new)? };
        // SAFETY: the new block is at least as long as the old one.
        let tail = unsafe { grown.cast::<u8>().add(old.size()) };
        // SAFETY: `tail` is valid for writes up to the end of the block, and the block is ours.
        unsafe { tail.write_bytes(0, grown.len() - old.size()) };
        Ok(grown)
    }

    /// Makes a block smaller, in place or by moving its bytes to a new one.
    ///
    /// # Errors
    /// If there is no such block; the old one is untouched then, and still the caller's.
    ///
    /// # Safety
    /// As for [`deallocate`](Self::deallocate), and `new.size() <= old.size()`. After success the old
    /// pointer is no longer valid.
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        debug_assert!(new.size() <= old.size(), "`shrink` to a larger size");
        // SAFETY: the caller's promise; the smaller of both sizes is that of `new`.
        unsafe { move_block(self, block, old, new, new.size()) }
    }
}

/// Allocates anew, copies `bytes` bytes and gives the old block back: how a block changes its size where
/// an allocator knows no better.
///
/// # Safety
/// As for [`Allocator::deallocate`]; `bytes` is not above the size of either layout.
pub(crate) unsafe fn move_block<A: Allocator + ?Sized>(
    allocator: &A,
    block: NonNull<u8>,
    old: Layout,
    new: Layout,
    bytes: usize,
) -> Result<NonNull<[u8]>, AllocError> {
    let moved = allocator.allocate(new)?;
    // SAFETY: both blocks are allocated, so they do not overlap; both hold at least `bytes` bytes.
    unsafe { block.copy_to_nonoverlapping(moved.cast(), bytes) };
    // SAFETY: the caller's promise; nothing uses the old block after this.
    unsafe { allocator.deallocate(block, old) };
    Ok(moved)
}

// SAFETY: a reference is a copy of the allocator; everything is passed on.
unsafe impl<A: Allocator + ?Sized> Allocator for &A {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        (**self).allocate(layout)
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise, passed on.
        unsafe { (**self).deallocate(block, layout) }
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        (**self).allocate_zeroed(layout)
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { (**self).grow(block, old, new) }
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { (**self).grow_zeroed(block, old, new) }
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise, passed on.
        unsafe { (**self).shrink(block, old, new) }
    }
}
