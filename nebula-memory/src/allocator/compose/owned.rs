use core::alloc::Layout;
use core::ops::Deref;
use core::ptr::NonNull;

use super::{Independent, Owns};
use crate::allocator::bump::{Block, BumpMode};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, BumpAllocator, MemoryUsage, StackAllocator};
use crate::error::AllocError;

/// An allocator by value, of one that collections and compositions take by reference only.
///
/// A bump allocator, a stack or a pool of blocks is an [`Allocator`] by reference, because whoever owns it can reset it. Here
/// nobody can: there is no `&mut` to what is inside. So it may be a part of another allocator, which then owns all of its
/// memory and borrows from nobody; [`into_inner`](Self::into_inner) takes it out again. It costs nothing.
///
/// ```
/// use nebula_memory::{BumpAllocator, SystemAllocator, TypedAllocator};
/// use nebula_memory::allocator::{Fallback, Owned};
///
/// struct Memory {
///     blocks: Fallback<Owned<BumpAllocator>, SystemAllocator>,
/// }
///
/// let bump = Owned::new(BumpAllocator::new(64));
/// let memory = Memory { blocks: Fallback::new(bump, SystemAllocator) };
/// let number = memory.blocks.alloc_init(7_u64)?;
/// let moved = memory; // the block stays where it is
/// assert_eq!(moved.blocks.primary().used(), 8);
/// // SAFETY: allocated above, and not used after this.
/// unsafe { moved.blocks.dealloc(number) };
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Debug)]
pub struct Owned<A> {
    /// Never lent by `&mut`: so its blocks stay allocated until each is given back or all of it is gone.
    allocator: A,
}

impl<A: Steady> Owned<A> {
    /// Takes the allocator.
    #[inline]
    pub const fn new(allocator: A) -> Self {
        Self { allocator }
    }

    /// Gives the allocator back, as dropping this would: blocks that are still allocated are nobody's.
    pub fn into_inner(self) -> A {
        self.allocator
    }
}

impl<A> Deref for Owned<A> {
    type Target = A;

    #[inline(always)]
    fn deref(&self) -> &A {
        &self.allocator
    }
}

/// An allocator that stands still: it may be [`Owned`] by another one.
///
/// # Safety
/// If `&Self` is an [`Allocator`], its blocks stay valid for longer than that borrow: until `Self` is dropped or borrowed
/// by `&mut`, also while it is moved.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be owned by another allocator",
    label = "its blocks may be gone or elsewhere when it is moved",
    note = "a bump allocator or a stack on the heap can be, and so can a pool of blocks; others are allocators by themselves"
)]
pub unsafe trait Steady {}

// SAFETY: blocks are parts of a block of an allocator, which moves with this one as allocators may; only `reset`, `scope`
// and dropping free them, which need `&mut`.
unsafe impl<A: Allocator, const MIN_ALIGN: usize, M: BumpMode> Steady
    for BumpAllocator<Block<A>, MIN_ALIGN, M>
{
}
// SAFETY: as above, with `reset` and `frame`.
unsafe impl<A: Allocator> Steady for StackAllocator<Block<A>> {}
// SAFETY: as above: slabs are blocks of an allocator, given back on drop.
#[cfg(feature = "alloc")]
unsafe impl<A: Allocator> Steady for crate::PoolAllocator<A> {}

// SAFETY: everything is passed on to a reference that keeps this contract. What that borrow alone does not promise `Steady`
// does: nothing happens to the blocks when this value is moved, and nobody has a `&mut` to the allocator inside before this
// value, which has no copies, is gone.
unsafe impl<A: Steady> Allocator for Owned<A>
where
    for<'a> &'a A: Allocator,
{
    #[inline(always)]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        Allocator::allocate(&&self.allocator, layout)
    }

    #[inline(always)]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        Allocator::allocate_zeroed(&&self.allocator, layout)
    }

    #[inline(always)]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { Allocator::deallocate(&&self.allocator, block, layout) };
    }

    #[inline(always)]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { Allocator::grow(&&self.allocator, block, old, new) }
    }

    #[inline(always)]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { Allocator::grow_zeroed(&&self.allocator, block, old, new) }
    }

    #[inline(always)]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        unsafe { Allocator::shrink(&&self.allocator, block, old, new) }
    }
}

// SAFETY: the blocks are those of the allocator inside, as it is.
unsafe impl<A: Steady> Owns for Owned<A>
where
    for<'a> &'a A: Owns,
{
    #[inline(always)]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        Owns::owns(&&self.allocator, block, layout)
    }
}

// SAFETY: blocks are handed on where they are.
unsafe impl<A: Steady> Independent for Owned<A> where for<'a> &'a A: Independent {}

impl<A: MemoryUsage> MemoryUsage for Owned<A> {
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

implement_api2!([A: Steady] Owned<A>, where for<'a> &'a A: Allocator);
