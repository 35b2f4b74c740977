use core::alloc::Layout;
use core::ptr::NonNull;

use super::AllocatorCore;
use crate::error::AllocError;

/// What follows from [`AllocatorCore`]: zeroed blocks, and one method to resize in either direction.
///
/// There is nothing to implement: every [`Allocator`](crate::Allocator) has these.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Arena, AllocatorCore, AllocatorExt};
///
/// let memory = &Arena::new();
/// let (small, large) = (Layout::new::<[u8; 8]>(), Layout::new::<[u8; 64]>());
/// let block = memory.allocate_raw_zeroed(small)?;
/// // SAFETY: allocated just above with this layout.
/// let block = unsafe { memory.reallocate_raw(block, small, large)? };
/// // SAFETY: the first bytes were zero, and are kept.
/// assert_eq!(unsafe { block.cast::<u64>().read_unaligned() }, 0);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub trait AllocatorExt: AllocatorCore {
    /// As [`allocate_raw`](AllocatorCore::allocate_raw), and every byte is zero.
    ///
    /// # Errors
    /// If there is no such block.
    #[inline(always)]
    fn allocate_raw_zeroed(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        self.allocate_zeroed(layout).map(NonNull::cast)
    }

    /// Gives a block another size or alignment, in place or by moving its bytes; keeps them up to the smaller size.
    ///
    /// # Errors
    /// If there is no such block; the old one is untouched then, and still the caller's.
    ///
    /// # Safety
    /// As for [`deallocate`](crate::Allocator::deallocate): `block` was allocated by this allocator with `old`, and is still
    /// allocated. After success the old pointer is no longer valid.
    #[inline]
    unsafe fn reallocate_raw(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        let resized = if new.size() >= old.size() {
            // SAFETY: the caller's promise; the new size is not smaller.
            unsafe { self.grow(block, old, new) }
        } else {
            // SAFETY: the caller's promise; the new size is not larger.
            unsafe { self.shrink(block, old, new) }
        };
        resized.map(NonNull::cast)
    }
}

impl<A: AllocatorCore + ?Sized> AllocatorExt for A {}
