use core::alloc::Layout;
use core::ptr::NonNull;

use super::blocks::cut;
use super::{Counters, Independent, Owns};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, MemoryUsage};
use crate::error::AllocError;

/// Who is told of every block of a [`Tracked`] allocator. Sizes are in bytes, as asked for.
///
/// # Safety
/// No method unwinds: some are called when the old form of a block is gone and its owner does not know the new one yet.
pub unsafe trait Track {
    /// Whether anybody listens. If not, the allocator does nothing that it would not do by itself.
    const ENABLED: bool = true;

    /// A block was allocated.
    fn allocated(&self, size: usize);

    /// A block is about to be given back.
    fn deallocated(&self, size: usize);

    /// A block has become larger or smaller, or is aligned in another way.
    fn resized(&self, old: usize, new: usize);

    /// A block was refused, or the growing or shrinking of one.
    fn refused(&self, layout: Layout);
}

/// Nobody is told, and nothing is done: `Tracked<A, Untracked>` is as large as `A` and costs not an instruction more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untracked;

// SAFETY: does nothing.
unsafe impl Track for Untracked {
    const ENABLED: bool = false;

    #[inline(always)]
    fn allocated(&self, _: usize) {}

    #[inline(always)]
    fn deallocated(&self, _: usize) {}

    #[inline(always)]
    fn resized(&self, _: usize, _: usize) {}

    #[inline(always)]
    fn refused(&self, _: Layout) {}
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        // SAFETY: passed on.
        unsafe impl<K: Track + ?Sized> Track for $pointer {
            const ENABLED: bool = K::ENABLED;

            #[inline(always)]
            fn allocated(&self, size: usize) {
                (**self).allocated(size);
            }

            #[inline(always)]
            fn deallocated(&self, size: usize) {
                (**self).deallocated(size);
            }

            #[inline(always)]
            fn resized(&self, old: usize, new: usize) {
                (**self).resized(old, new);
            }

            #[inline(always)]
            fn refused(&self, layout: Layout) {
                (**self).refused(layout);
            }
        }
    )*};
}

through!(&K);
#[cfg(feature = "alloc")]
through!(alloc_crate::rc::Rc<K>);
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
through!(alloc_crate::sync::Arc<K>);

/// An allocator whose every block is told to a [`Track`]: by default counted by [`Counters`] of its own, or by any that it is
/// given, also by reference.
///
/// Blocks are exactly as long as asked for, even if the allocator inside gives more: what is said when a block is given
/// back is then what was said when it was allocated, and sums come out even.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, SystemAllocator, allocator::Tracked};
///
/// let memory: Tracked<_> = Tracked::new(SystemAllocator);
/// let layout = Layout::new::<[u8; 100]>();
/// let block = memory.allocate(layout)?;
/// assert_eq!(memory.tracker().snapshot().in_use, 100);
/// // SAFETY: allocated above with this layout.
/// unsafe { memory.deallocate(block.cast(), layout) };
/// let counted = memory.tracker().snapshot();
/// assert_eq!((counted.in_use, counted.peak, counted.allocations), (0, 100, 1));
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Tracked<A, K = Counters> {
    pub(in crate::allocator) allocator: A,
    pub(in crate::allocator) tracker: K,
}

impl<A, K: Track + Default> Tracked<A, K> {
    /// An allocator with a tracker of its own.
    pub fn new(allocator: A) -> Self {
        Self { allocator, tracker: K::default() }
    }
}

impl<A, K: Track> Tracked<A, K> {
    /// An allocator that tells `tracker`.
    ///
    /// ```
    /// use nebula_memory::{Arena, Shared, SystemAllocator};
    /// use nebula_memory::allocator::{Counters, Tracked};
    ///
    /// static ALL: Counters<Shared> = Counters::new();
    ///
    /// let mut arena: Arena<_> = Arena::new_in(Tracked::with_tracker(SystemAllocator, &ALL));
    /// arena.alloc(7);
    /// assert!(ALL.snapshot().in_use > 4, "the arena's chunk");
    /// drop(arena);
    /// assert_eq!(ALL.snapshot().in_use, 0);
    /// ```
    #[inline]
    pub const fn with_tracker(allocator: A, tracker: K) -> Self {
        Self { allocator, tracker }
    }
}

impl<A, K> Tracked<A, K> {
    /// The allocator inside.
    pub const fn allocator(&self) -> &A {
        &self.allocator
    }

    /// Who is told.
    pub const fn tracker(&self) -> &K {
        &self.tracker
    }
}

impl<A, K: Track> Tracked<A, K> {
    #[inline(always)]
    fn as_asked(block: NonNull<[u8]>, layout: Layout) -> NonNull<[u8]> {
        if K::ENABLED { cut(block, layout.size()) } else { block }
    }

    #[inline(always)]
    fn allocated(
        &self,
        block: Result<NonNull<[u8]>, AllocError>,
        layout: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        match block {
            Ok(block) => {
                self.tracker.allocated(layout.size());
                Ok(Self::as_asked(block, layout))
            }
            Err(error) => Err(self.refused(layout, error)),
        }
    }

    #[inline(always)]
    fn resized(
        &self,
        block: Result<NonNull<[u8]>, AllocError>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        match block {
            Ok(block) => {
                self.tracker.resized(old.size(), new.size());
                Ok(Self::as_asked(block, new))
            }
            Err(error) => Err(self.refused(new, error)),
        }
    }

    #[inline]
    fn refused(&self, layout: Layout, error: AllocError) -> AllocError {
        self.tracker.refused(layout);
        error
    }
}

// SAFETY: everything is passed on; that blocks are said to be shorter than they are is within the contract. Trackers do
// not unwind.
unsafe impl<A: Allocator, K: Track> Allocator for Tracked<A, K> {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.allocated(self.allocator.allocate(layout), layout)
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.allocated(self.allocator.allocate_zeroed(layout), layout)
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // First, or another thread could have the memory counted again before: never more is counted than is held.
        self.tracker.deallocated(layout.size());
        // SAFETY: the caller's promise.
        unsafe { self.allocator.deallocate(block, layout) };
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        self.resized(unsafe { self.allocator.grow(block, old, new) }, old, new)
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        self.resized(unsafe { self.allocator.grow_zeroed(block, old, new) }, old, new)
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        self.resized(unsafe { self.allocator.shrink(block, old, new) }, old, new)
    }
}

// SAFETY: the blocks are those of the allocator inside, and go back to it as they are.
unsafe impl<A: Owns, K: Track> Owns for Tracked<A, K> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        self.allocator.owns(block, layout)
    }
}

// SAFETY: blocks are handed on where they are.
unsafe impl<A: Independent, K: Track> Independent for Tracked<A, K> {}

impl<A: MemoryUsage, K> MemoryUsage for Tracked<A, K> {
    fn used(&self) -> usize {
        self.allocator.used()
    }

    fn capacity(&self) -> usize {
        self.allocator.capacity()
    }

    fn available(&self) -> Option<usize> {
        self.allocator.available()
    }
}

implement_api2!([A: Allocator, K: Track] Tracked<A, K>);
