use core::alloc::Layout;
use core::fmt;
use core::mem::MaybeUninit;
use core::num::NonZero;

use super::backing::{Backing, Block, Buffer};
use super::cell::{CellBump, CellCursor, refilled};
use super::mode::{BumpMode, CursorState};
use super::scope::BumpScope;
use super::span::Span;
use super::{alloc_methods, implement_allocator};
#[cfg(feature = "alloc")]
use crate::allocator::SystemAllocator;
use crate::allocator::{Allocator, MemoryUsage, Resettable};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::{align_down, checked_align_up};
use crate::sync::Local;

#[cfg(feature = "alloc")]
type DefaultBacking = Block<SystemAllocator>;
#[cfg(not(feature = "alloc"))]
type DefaultBacking = Buffer<'static>;

/// Allocates from one block by moving a cursor, and frees everything at once.
///
/// The block does not grow: what does not fit is an error ([`try_alloc`](Self::try_alloc) and its kin) or a
/// panic ([`alloc`](Self::alloc) and its kin). It lies on the heap ([`new`](Self::new)), in another allocator
/// ([`new_in`](Self::new_in)) or in a buffer of yours ([`from_buffer`](Self::from_buffer), which needs no heap).
/// Values live as long as the allocator is not reset; those of a [`scope`](Self::scope) until it ends.
///
/// `M` is [`Local`] (plain cells, for one thread at a time) or [`Shared`](crate::Shared) (one compare-exchange per allocation, for many
/// threads at once; see [`new_shared`](BumpAllocator::new_shared) and [`embedded`](BumpAllocator::embedded) for a `static`).
///
/// `MIN_ALIGN` (1, 2, 4, 8 or 16) is an alignment that every block gets. The alignment of most values costs
/// an instruction less per allocation then, and short strings a few bytes more.
///
/// ```
/// use nebula_memory::BumpAllocator;
///
/// let mut memory = BumpAllocator::new(4096);
/// let numbers = memory.alloc_slice_fill_with(10, |i| i * i);
/// let name = memory.alloc_str("squares");
/// assert_eq!((numbers[9], &*name), (81, "squares"));
///
/// assert!(memory.try_alloc([0_u8; 8192]).is_err());
/// memory.reset();
/// assert_eq!(memory.used(), 0);
/// ```
pub struct BumpAllocator<B: Backing = DefaultBacking, const MIN_ALIGN: usize = 1, M: BumpMode = Local> {
    pub(super) cursor: M::Cursor<MIN_ALIGN>,
    pub(super) backing: B,
}

// SAFETY: the cursor's memory belongs to the backing, which is owned. Values
// and boxes borrow this value and never touch the cursor; collections that do hold a reference, which is not `Send`.
unsafe impl<B: Backing + Send, const MIN_ALIGN: usize, M: BumpMode> Send for BumpAllocator<B, MIN_ALIGN, M> {}
#[cfg(feature = "alloc")]
impl BumpAllocator {
    /// An allocator with `capacity` bytes of the heap.
    ///
    /// # Panics
    /// If the heap refuses; see [`try_new`](Self::try_new).
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
        match Self::try_new(capacity) {
            Ok(allocator) => allocator,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// An allocator with `capacity` bytes of the heap.
    ///
    /// # Errors
    /// If the heap refuses, or `capacity` is above `isize::MAX`.
    pub fn try_new(capacity: usize) -> Result<Self, AllocError> {
        Self::try_new_in(capacity, SystemAllocator)
    }
}

impl<A: Allocator, const MIN_ALIGN: usize, M: BumpMode> BumpAllocator<Block<A>, MIN_ALIGN, M> {
    /// An allocator with `capacity` bytes of another allocator.
    ///
    /// # Panics
    /// If that one refuses; see [`try_new_in`](Self::try_new_in).
    #[track_caller]
    pub fn new_in(capacity: usize, allocator: A) -> Self {
        match Self::try_new_in(capacity, allocator) {
            Ok(allocator) => allocator,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// An allocator with `capacity` bytes of another allocator.
    ///
    /// # Errors
    /// If that one refuses, or `capacity` is above `isize::MAX`.
    pub fn try_new_in(capacity: usize, allocator: A) -> Result<Self, AllocError> {
        Ok(Self::over(Block::try_new(capacity, allocator)?))
    }
}

impl<'b, const MIN_ALIGN: usize, M: BumpMode> BumpAllocator<Buffer<'b>, MIN_ALIGN, M> {
    /// An allocator over a buffer of yours; needs no heap.
    ///
    /// Write the type, `BumpAllocator<_>` or `BumpAllocator<_, 8>`: nothing else tells the minimum alignment.
    ///
    /// ```
    /// use core::mem::MaybeUninit;
    /// use nebula_memory::BumpAllocator;
    ///
    /// let mut buffer = [MaybeUninit::uninit(); 256];
    /// let memory: BumpAllocator<_> = BumpAllocator::from_buffer(&mut buffer);
    /// assert_eq!(memory.alloc_str("no heap"), "no heap");
    /// ```
    pub fn from_buffer(buffer: &'b mut [MaybeUninit<u8>]) -> Self {
        Self::over(Buffer::new(buffer))
    }
}

impl<B: Backing, const MIN_ALIGN: usize, M: BumpMode> BumpAllocator<B, MIN_ALIGN, M> {
    /// The backing may be moved, as `Block` and `Buffer` may: a local cursor holds pointers.
    fn over(backing: B) -> Self {
        let cursor = CursorState::over(whole::<B, MIN_ALIGN>(&backing));
        Self { cursor, backing }
    }

    pub(super) fn whole(&self) -> Span {
        whole::<B, MIN_ALIGN>(&self.backing)
    }

    /// Opens a scope: everything allocated in it is free again when it ends.
    ///
    /// Costs two loads to open and nothing to end; see [`BumpScope`].
    #[inline(always)]
    pub fn scope(&mut self) -> BumpScope<'_, B, MIN_ALIGN> {
        BumpScope::new(&self.backing, self.cursor.free(self.whole()))
    }

    /// Frees everything. O(1).
    #[inline]
    pub fn reset(&mut self) {
        let whole = self.whole();
        self.cursor.rewind(whole);
    }

    /// Where the memory is from.
    pub fn backing(&self) -> &B {
        &self.backing
    }

    /// The size of the block in bytes.
    pub fn capacity(&self) -> usize {
        self.whole().len()
    }

    /// How many bytes are used, padding included.
    pub fn used(&self) -> usize {
        self.capacity() - self.available()
    }

    /// How many bytes are free.
    pub fn available(&self) -> usize {
        self.cursor.free(self.whole()).len()
    }
}

/// All of the backing, cut at both ends to the minimum alignment.
#[inline]
pub(crate) fn whole<B: Backing, const MIN_ALIGN: usize>(backing: &B) -> Span {
    let region = backing.region();
    let start = region.cast::<u8>();
    let floor = checked_align_up(start.addr().get(), MIN_ALIGN).and_then(NonZero::new);
    let top = NonZero::new(align_down(start.addr().get() + region.len(), MIN_ALIGN));
    match (floor, top) {
        (Some(floor), Some(top)) if floor <= top => Span::whole(start.with_addr(floor), start.with_addr(top)),
        // Too short to reach an aligned address.
        _ => Span::NONE,
    }
}

/// The block does not grow: always an error, with what is left in `span`.
#[cold]
#[inline(never)]
pub(super) fn exhausted<B: Backing, const MIN_ALIGN: usize>(
    backing: &B,
    available: usize,
    layout: Layout,
) -> AllocError {
    let capacity = whole::<B, MIN_ALIGN>(backing).len();
    AllocError::out_of_memory(AllocatorKind::Bump, layout).with_room(capacity, available)
}

#[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
impl<B: Backing, const MIN_ALIGN: usize> BumpAllocator<B, MIN_ALIGN> {
    alloc_methods!('_, "The value lives until the allocator is [`reset`](Self::reset) or dropped.");
}

// SAFETY: blocks are cut from the backing, which stays where it is (see `over`); the cursor goes back only
// in `reset`, which borrows exclusively, and over blocks that were given back.
unsafe impl<B: Backing, const MIN_ALIGN: usize> CellBump<MIN_ALIGN> for BumpAllocator<B, MIN_ALIGN> {
    const KIND: AllocatorKind = AllocatorKind::Bump;

    #[inline(always)]
    fn cursor(&self) -> &CellCursor<MIN_ALIGN> {
        &self.cursor
    }

    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError> {
        Err(exhausted::<B, MIN_ALIGN>(&self.backing, used.len(), layout))
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span {
        refilled(self.refill(used, layout))
    }
}

impl<B: Backing, const MIN_ALIGN: usize, M: BumpMode> MemoryUsage for BumpAllocator<B, MIN_ALIGN, M> {
    fn used(&self) -> usize {
        Self::used(self)
    }

    fn capacity(&self) -> usize {
        Self::capacity(self)
    }

    fn available(&self) -> Option<usize> {
        Some(Self::available(self))
    }
}

impl<B: Backing, const MIN_ALIGN: usize, M: BumpMode> Resettable for BumpAllocator<B, MIN_ALIGN, M> {
    fn reset(&mut self) {
        Self::reset(self);
    }
}

implement_allocator!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN>);

impl<B: Backing, const MIN_ALIGN: usize, M: BumpMode> fmt::Debug for BumpAllocator<B, MIN_ALIGN, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BumpAllocator")
            .field("capacity", &self.capacity())
            .field("used", &self.used())
            .finish()
    }
}
