use core::alloc::Layout;
use core::ptr::NonNull;

use super::blocks::{Fresh, cut, move_between};
use super::{Independent, Owns};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, MemoryUsage};
use crate::error::AllocError;

/// Two allocators, one for blocks of up to `THRESHOLD` bytes and one for larger ones.
///
/// A block is small if neither its size nor its alignment is above the threshold: what must be aligned to more takes the
/// room of more. The layout decides, nothing else, so that nothing has to be remembered or looked up. A block that
/// grows or shrinks over the threshold moves. What the small one refuses is refused: a
/// [`Fallback`](super::Fallback) in its place is what changes that.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, BumpAllocator, SystemAllocator, allocator::Segregated};
///
/// let small = BumpAllocator::new(1000);
/// let memory = Segregated::<_, _, 64>::new(&small, SystemAllocator);
///
/// let (short, long) = (Layout::new::<[u8; 64]>(), Layout::new::<[u8; 65]>());
/// let block = memory.allocate(short)?;
/// assert_eq!(small.used(), 64);
/// // SAFETY: allocated above with this layout, and not smaller after this.
/// let block = unsafe { memory.grow(block.cast(), short, long)? };
/// assert_eq!(small.used(), 0, "it has moved to the heap");
/// // SAFETY: grown above to this layout.
/// unsafe { memory.deallocate(block.cast(), long) };
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Segregated<Small, Large, const THRESHOLD: usize> {
    small: Small,
    large: Large,
}

impl<Small, Large, const THRESHOLD: usize> Segregated<Small, Large, THRESHOLD> {
    /// `small` for blocks of up to `THRESHOLD` bytes, `large` for all others.
    #[inline]
    pub const fn new(small: Small, large: Large) -> Self {
        Self { small, large }
    }

    /// The allocator of small blocks.
    pub const fn small(&self) -> &Small {
        &self.small
    }

    /// The allocator of large blocks.
    pub const fn large(&self) -> &Large {
        &self.large
    }

    /// Where a block belongs. With the size anything between the asked and the got, the answer stays the same: what the
    /// small one gives is said to be no longer than the threshold; what is large by its size does not get smaller, and
    /// what is large by its alignment stays so.
    #[inline(always)]
    const fn is_small(layout: Layout) -> bool {
        layout.size() <= THRESHOLD && layout.align() <= THRESHOLD
    }

    /// A block of the small one: what it may have got beyond the threshold is not told of.
    #[inline(always)]
    fn kept_small(block: Result<NonNull<[u8]>, AllocError>) -> Result<NonNull<[u8]>, AllocError> {
        block.map(|block| cut(block, THRESHOLD))
    }
}

impl<Small: Allocator, Large: Allocator, const THRESHOLD: usize> Segregated<Small, Large, THRESHOLD> {
    /// Moves a block that was small to the large one, or the other way round.
    ///
    /// # Safety
    /// As for [`Allocator::deallocate`], with the first layout; the second is of the other kind.
    #[cold]
    #[inline(never)]
    unsafe fn change_sides(
        &self,
        block: NonNull<u8>,
        (old, new): (Layout, Layout),
        fresh: Fresh,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if Self::is_small(new) {
            // SAFETY: the caller's promise.
            Self::kept_small(unsafe { move_between((&self.large, &self.small), block, (old, new), fresh) })
        } else {
            // SAFETY: the caller's promise.
            unsafe { move_between((&self.small, &self.large), block, (old, new), fresh) }
        }
    }
}

// SAFETY: blocks are those of two allocators that keep this contract, and each goes back to where it is from, because
// `is_small` gives the same answer for a block each time.
unsafe impl<Small: Allocator, Large: Allocator, const THRESHOLD: usize> Allocator
    for Segregated<Small, Large, THRESHOLD>
{
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if Self::is_small(layout) {
            Self::kept_small(self.small.allocate(layout))
        } else {
            self.large.allocate(layout)
        }
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if Self::is_small(layout) {
            Self::kept_small(self.small.allocate_zeroed(layout))
        } else {
            self.large.allocate_zeroed(layout)
        }
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if Self::is_small(layout) {
            // SAFETY: the caller's promise; the block is the small one's.
            unsafe { self.small.deallocate(block, layout) };
        } else {
            // SAFETY: the caller's promise; the block is the large one's.
            unsafe { self.large.deallocate(block, layout) };
        }
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        match (Self::is_small(old), Self::is_small(new)) {
            // SAFETY: the caller's promise; the block is the small one's.
            (true, true) => Self::kept_small(unsafe { self.small.grow(block, old, new) }),
            // SAFETY: the caller's promise; the block is the large one's.
            (false, false) => unsafe { self.large.grow(block, old, new) },
            // SAFETY: the caller's promise; one of the layouts is small.
            _ => unsafe { self.change_sides(block, (old, new), Fresh::Uninitialized) },
        }
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        match (Self::is_small(old), Self::is_small(new)) {
            // SAFETY: the caller's promise; the block is the small one's.
            (true, true) => Self::kept_small(unsafe { self.small.grow_zeroed(block, old, new) }),
            // SAFETY: the caller's promise; the block is the large one's.
            (false, false) => unsafe { self.large.grow_zeroed(block, old, new) },
            // SAFETY: the caller's promise; one of the layouts is small.
            _ => unsafe { self.change_sides(block, (old, new), Fresh::Zeroed) },
        }
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        match (Self::is_small(old), Self::is_small(new)) {
            // SAFETY: the caller's promise; the block is the small one's.
            (true, true) => Self::kept_small(unsafe { self.small.shrink(block, old, new) }),
            // SAFETY: the caller's promise; the block is the large one's.
            (false, false) => unsafe { self.large.shrink(block, old, new) },
            // SAFETY: the caller's promise; one of the layouts is small.
            _ => unsafe { self.change_sides(block, (old, new), Fresh::Uninitialized) },
        }
    }
}

// SAFETY: a block is of the part that its layout says; that part alone is asked, because that part would get it back.
unsafe impl<Small: Owns, Large: Owns, const THRESHOLD: usize> Owns for Segregated<Small, Large, THRESHOLD> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        if Self::is_small(layout) { self.small.owns(block, layout) } else { self.large.owns(block, layout) }
    }
}

// SAFETY: blocks are handed on where they are; that some are said to be shorter takes nothing from anybody.
unsafe impl<Small: Independent, Large: Independent, const THRESHOLD: usize> Independent
    for Segregated<Small, Large, THRESHOLD>
{
}

impl<Small: MemoryUsage, Large: MemoryUsage, const THRESHOLD: usize> MemoryUsage
    for Segregated<Small, Large, THRESHOLD>
{
    fn used(&self) -> usize {
        self.small.used().saturating_add(self.large.used())
    }

    fn capacity(&self) -> usize {
        self.small.capacity().saturating_add(self.large.capacity())
    }

    /// Of both: a large block may find no room although this is enough for it.
    fn available(&self) -> Option<usize> {
        Some(self.small.available()?.saturating_add(self.large.available()?))
    }
}

implement_api2!(
    [Small: Allocator, Large: Allocator, const THRESHOLD: usize] Segregated<Small, Large, THRESHOLD>
);
