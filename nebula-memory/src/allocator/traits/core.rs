use core::alloc::Layout;
use core::ptr::NonNull;

use super::Allocator;
use crate::error::AllocError;

/// An [`Allocator`] as C sees one: a thin pointer for a layout, and back.
///
/// There is nothing to implement: every [`Allocator`] is one. For structures that know the sizes of their blocks and do
/// not want them twice, and for generic code that needs no more than two methods.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{AllocatorCore, SystemAllocator};
///
/// let layout = Layout::new::<u64>();
/// let block = SystemAllocator.allocate_raw(layout)?.cast::<u64>();
/// // SAFETY: allocated for one `u64`.
/// unsafe { block.write(7) };
/// // SAFETY: allocated just above with this layout.
/// unsafe { SystemAllocator.deallocate_raw(block.cast(), layout) };
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub trait AllocatorCore: Allocator {
    /// A block of `layout.size()` bytes, aligned to `layout.align()`, not initialised.
    ///
    /// What [`allocate`](Allocator::allocate) returns beyond that size is not used.
    ///
    /// # Errors
    /// If there is no such block.
    #[inline(always)]
    fn allocate_raw(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        self.allocate(layout).map(NonNull::cast)
    }

    /// Gives a block back.
    ///
    /// # Safety
    /// As for [`deallocate`](Allocator::deallocate): `block` was allocated by this allocator with `layout`, is still
    /// allocated, and is not used after this.
    #[inline(always)]
    unsafe fn deallocate_raw(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.deallocate(block, layout) }
    }
}

// The only implementation there can be: one for a type that is no `Allocator` is refused, another one overlaps.
impl<A: Allocator + ?Sized> AllocatorCore for A {}
