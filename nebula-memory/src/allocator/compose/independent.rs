use crate::allocator::Allocator;

/// An allocator whose blocks do not lie inside of blocks of an [`Owns`](super::Owns) allocator.
///
/// It is what makes [`Fallback::new`](super::Fallback::new) safe: a bump allocator *inside* of another one is not independent,
/// because by their addresses its blocks could be taken for the other's.
///
/// # Safety
/// No block of this allocator lies inside of memory that an [`Owns`](super::Owns) allocator has handed out, except that it may be a block
/// of that one itself. What stands on the global heap is independent; what stands on a buffer or on any allocator may lie in
/// any memory, and is not. A wrapper is independent if the wrapped one is and its blocks are handed on with their addresses as
/// they are.
///
/// (A `#[global_allocator]` that takes the memory of the heap from an `Owns` allocator must see to it that this one is not
/// the first part of a [`Fallback`](super::Fallback).)
#[diagnostic::on_unimplemented(
    message = "the blocks of `{Self}` may lie inside the memory of another allocator",
    label = "not known to be independent of the first allocator",
    note = "allocators on the global heap are independent; for others there is `unsafe Fallback::new_unchecked`"
)]
pub unsafe trait Independent: Allocator {}

// SAFETY: a reference is a copy of the allocator.
unsafe impl<A: Independent + ?Sized> Independent for &A {}

/// Allocators on the global heap; those with a file of their own for it say so there.
#[cfg(feature = "alloc")]
mod heap {
    use super::Independent;
    use crate::allocator::bump::Block;
    use crate::allocator::{BumpAllocator, BumpScope, Poisoned, StackAllocator, StackFrame, SystemAllocator};
    #[cfg(target_has_atomic = "ptr")]
    use crate::sync::Shared;

    type Heap = Block<SystemAllocator>;

    // Over the heap, not over any independent allocator: a bump allocator on the heap is independent, but one in a block of
    // that one is not.

    // SAFETY: the blocks are the heap's.
    unsafe impl Independent for SystemAllocator {}
    // SAFETY: blocks are parts of a block of the heap that nobody else hands out.
    unsafe impl<const MIN_ALIGN: usize> Independent for &BumpAllocator<Heap, MIN_ALIGN> {}
    // SAFETY: as above.
    #[cfg(target_has_atomic = "ptr")]
    unsafe impl<const MIN_ALIGN: usize> Independent for &BumpAllocator<Heap, MIN_ALIGN, Shared> {}
    // SAFETY: as above.
    unsafe impl<const MIN_ALIGN: usize> Independent for &BumpScope<'_, Heap, MIN_ALIGN> {}
    // SAFETY: as above.
    unsafe impl Independent for &StackAllocator<Heap> {}
    // SAFETY: as above.
    unsafe impl Independent for &StackFrame<'_, Heap> {}
    // SAFETY: each block is a part of a block of the heap.
    unsafe impl Independent for Poisoned<SystemAllocator> {}
}
