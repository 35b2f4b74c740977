use core::alloc::Layout;
use core::ptr::NonNull;

use super::blocks::{Fresh, move_between};
use super::{Independent, Owns};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, MemoryUsage};
use crate::error::AllocError;
use crate::layout::dangling;

/// Two allocators, of which the second serves what the first refuses.
///
/// A block that cannot grow where it is from moves to the other one; what fits in neither is an error, that of the second.
/// Nothing moves back by itself. A request costs what the first costs; giving back asks the first whether the block is its
/// own, too, which for a bump allocator is a comparison.
///
/// Blocks of no size are nobody's: neither is asked.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, BumpAllocator, SystemAllocator, allocator::Fallback};
///
/// let block = BumpAllocator::new(64); // mostly enough
/// let memory = Fallback::new(&block, SystemAllocator);
///
/// let (small, large) = (Layout::new::<[u8; 64]>(), Layout::new::<[u8; 65]>());
/// let second = memory.allocate(large)?; // from the heap
/// assert_eq!(block.used(), 0);
/// let first = memory.allocate(small)?;
/// assert_eq!(block.used(), 64);
/// // SAFETY: allocated above with this layout.
/// unsafe { memory.deallocate(first.cast(), small) };
/// // SAFETY: as above.
/// unsafe { memory.deallocate(second.cast(), large) };
/// assert_eq!(block.used(), 0);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Fallback<A, B> {
    /// Owns its blocks.
    primary: A,
    /// Has no block inside of blocks of `primary`: by the constructors. So what `primary` owns may be given back there.
    secondary: B,
}

impl<A: Owns, B: Independent> Fallback<A, B> {
    /// `primary`, and `secondary` for what that refuses.
    #[inline]
    pub const fn new(primary: A, secondary: B) -> Self {
        Self { primary, secondary }
    }
}

impl<A: Owns, B: Allocator> Fallback<A, B> {
    /// `primary`, and `secondary` for what that refuses, wherever that has its memory from.
    ///
    /// # Safety
    /// No block of `secondary` lies inside of memory that `primary` has handed out, except that it may be a block of
    /// `primary` itself: `secondary` is not a pool or bump allocator in a block of `primary`, nor made of one.
    #[inline]
    pub const unsafe fn new_unchecked(primary: A, secondary: B) -> Self {
        Self { primary, secondary }
    }
}

impl<A, B> Fallback<A, B> {
    /// The allocator that is asked first.
    pub const fn primary(&self) -> &A {
        &self.primary
    }

    /// The allocator that is asked second.
    pub const fn secondary(&self) -> &B {
        &self.secondary
    }
}

impl<A: Owns, B: Allocator> Fallback<A, B> {
    /// Out of line: the common case is that the first one has room.
    #[cold]
    #[inline(never)]
    fn overflow(&self, layout: Layout, fresh: Fresh) -> Result<NonNull<[u8]>, AllocError> {
        match fresh {
            Fresh::Uninitialized => self.secondary.allocate(layout),
            Fresh::Zeroed => self.secondary.allocate_zeroed(layout),
        }
    }

    /// Moves a block to where it is not, because where it is it cannot be resized. The error is always that of the second.
    ///
    /// # Safety
    /// As for [`Allocator::deallocate`], with the first layout; `is_first` says whose the block is.
    #[cold]
    #[inline(never)]
    unsafe fn change_sides(
        &self,
        block: NonNull<u8>,
        layouts: (Layout, Layout),
        fresh: Fresh,
        is_first: bool,
        refused: AllocError,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if is_first {
            // SAFETY: the caller's promise.
            unsafe { move_between((&self.primary, &self.secondary), block, layouts, fresh) }
        } else {
            // SAFETY: the caller's promise.
            unsafe { move_between((&self.secondary, &self.primary), block, layouts, fresh) }
                .map_err(|_| refused)
        }
    }
}

/// A block of no size.
#[inline]
fn empty(layout: Layout) -> NonNull<[u8]> {
    NonNull::slice_from_raw_parts(dangling(layout), 0)
}

// SAFETY: blocks are those of two allocators that keep this contract, and each goes back to where it is from: if the first
// allocated it, it owns it; if the second did, the first does not own it or takes it back, by the invariant of the type.
// Blocks of no size are of neither; they are said to have no byte, so that what has a size when it comes back had one when it was asked for.
unsafe impl<A: Owns, B: Allocator> Allocator for Fallback<A, B> {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(empty(layout));
        }
        self.primary.allocate(layout).or_else(|_| self.overflow(layout, Fresh::Uninitialized))
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(empty(layout));
        }
        self.primary.allocate_zeroed(layout).or_else(|_| self.overflow(layout, Fresh::Zeroed))
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if layout.size() == 0 {
            return;
        }
        if self.primary.owns(block, layout) {
            // SAFETY: the caller's promise; the block is the first one's.
            unsafe { self.primary.deallocate(block, layout) };
        } else {
            // SAFETY: the caller's promise; the block is not the first one's.
            unsafe { self.secondary.deallocate(block, layout) };
        }
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if old.size() == 0 {
            return self.allocate(new);
        }
        let is_first = self.primary.owns(block, old);
        let grown = if is_first {
            // SAFETY: the caller's promise; the block is the first one's.
            unsafe { self.primary.grow(block, old, new) }
        } else {
            // SAFETY: the caller's promise; the block is not the first one's.
            unsafe { self.secondary.grow(block, old, new) }
        };
        match grown {
            Ok(grown) => Ok(grown),
            // SAFETY: the caller's promise; whoever refused has left the block as it was.
            Err(refused) => unsafe {
                self.change_sides(block, (old, new), Fresh::Uninitialized, is_first, refused)
            },
        }
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if old.size() == 0 {
            return self.allocate_zeroed(new);
        }
        let is_first = self.primary.owns(block, old);
        let grown = if is_first {
            // SAFETY: the caller's promise; the block is the first one's.
            unsafe { self.primary.grow_zeroed(block, old, new) }
        } else {
            // SAFETY: the caller's promise; the block is not the first one's.
            unsafe { self.secondary.grow_zeroed(block, old, new) }
        };
        match grown {
            Ok(grown) => Ok(grown),
            // SAFETY: the caller's promise; whoever refused has left the block as it was.
            Err(refused) => unsafe { self.change_sides(block, (old, new), Fresh::Zeroed, is_first, refused) },
        }
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        if new.size() == 0 {
            // SAFETY: the caller's promise.
            unsafe { self.deallocate(block, old) };
            return Ok(empty(new));
        }
        let is_first = self.primary.owns(block, old);
        let shrunk = if is_first {
            // SAFETY: the caller's promise; the block is the first one's.
            unsafe { self.primary.shrink(block, old, new) }
        } else {
            // SAFETY: the caller's promise; the block is not the first one's.
            unsafe { self.secondary.shrink(block, old, new) }
        };
        match shrunk {
            Ok(shrunk) => Ok(shrunk),
            // SAFETY: the caller's promise; whoever refused has left the block as it was.
            Err(refused) => unsafe {
                self.change_sides(block, (old, new), Fresh::Uninitialized, is_first, refused)
            },
        }
    }
}

// SAFETY: a block is of either part, and what is of neither is owned by neither, or may be given back to it.
unsafe impl<A: Owns, B: Owns> Owns for Fallback<A, B> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        self.primary.owns(block, layout) || self.secondary.owns(block, layout)
    }
}

// SAFETY: blocks are handed on as they are.
unsafe impl<A: Owns + Independent, B: Independent> Independent for Fallback<A, B> {}

impl<A: MemoryUsage, B: MemoryUsage> MemoryUsage for Fallback<A, B> {
    fn used(&self) -> usize {
        self.primary.used().saturating_add(self.secondary.used())
    }

    fn capacity(&self) -> usize {
        self.primary.capacity().saturating_add(self.secondary.capacity())
    }

    fn available(&self) -> Option<usize> {
        Some(self.primary.available()?.saturating_add(self.secondary.available()?))
    }
}

implement_api2!([A: Owns, B: Allocator] Fallback<A, B>);
