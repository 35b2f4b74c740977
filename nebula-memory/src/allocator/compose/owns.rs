use core::alloc::Layout;
use core::ptr::NonNull;

#[cfg(feature = "alloc")]
use crate::allocator::SystemAllocator;
use crate::allocator::bump::{Backing, Block};
use crate::allocator::{Allocator, BumpAllocator, BumpScope};
#[cfg(feature = "alloc")]
use crate::arena::{Arena, ArenaScope};
#[cfg(target_has_atomic = "ptr")]
use crate::sync::Shared;

/// An allocator that can tell its own blocks from those of others.
///
/// # Safety
/// For a block that is allocated, by whichever allocator, and whose layout has a size:
/// * the answer is `true` if the block is of this allocator or a copy of it;
/// * the answer is `false` if the block shares no byte with a block of this allocator, unless it may be given back here all
///   the same, as a block of one of the allocators may that this one is made of;
/// * the answer stays the same for as long as the block is allocated.
///
/// Of a block that lies *inside* of a block of this allocator, because another allocator stands there, either answer is
/// allowed: most allocators compare addresses. And so it is for blocks of no size.
pub unsafe trait Owns: Allocator {
    /// Whether `block` was allocated here, with `layout`.
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool;
}

/// An allocator whose blocks do not lie inside of blocks of an [`Owns`] allocator.
///
/// It is what makes [`Fallback::new`](super::Fallback::new) safe: a bump allocator *inside* of another one is not independent,
/// because by their addresses its blocks could be taken for the other's.
///
/// # Safety
/// No block of this allocator lies inside of memory that an [`Owns`] allocator has handed out, except that it may be a block
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
unsafe impl<A: Owns + ?Sized> Owns for &A {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        (**self).owns(block, layout)
    }
}

// SAFETY: a reference is a copy of the allocator.
unsafe impl<A: Independent + ?Sized> Independent for &A {}

/// Whether an address lies in the memory of a bump allocator, all of which is handed out by that one or its scopes.
#[inline]
fn region_has(backing: &impl Backing, block: NonNull<u8>) -> bool {
    let region = backing.region();
    block.addr().get().wrapping_sub(region.cast::<u8>().addr().get()) < region.len()
}

macro_rules! bump_owns {
    ([$($generics:tt)*] $type:ty) => {
        // SAFETY: blocks with a size lie in the region of the backing, which stays what it is. Nobody else hands that out while
        // the allocator can be used: its scopes borrow it exclusively.
        unsafe impl<$($generics)*> Owns for &$type {
            #[inline]
            fn owns(&self, block: NonNull<u8>, _: Layout) -> bool {
                region_has(self.backing(), block)
            }
        }
    };
}

bump_owns!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN>);
#[cfg(target_has_atomic = "ptr")]
bump_owns!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN, Shared>);
bump_owns!(['a, B: Backing, const MIN_ALIGN: usize] BumpScope<'a, B, MIN_ALIGN>);

macro_rules! independent {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        // SAFETY: blocks are on the global heap, or parts of blocks there that nobody else hands out.
        unsafe impl<$($generics)*> Independent for $type {}
    )*};
}

// Not over any `A: Independent`: a bump allocator on the heap is independent, but one in a block of that is not.
#[cfg(feature = "alloc")]
independent! {
    [] SystemAllocator;
    [const MIN_ALIGN: usize] &BumpAllocator<Block<SystemAllocator>, MIN_ALIGN>;
    ['a, const MIN_ALIGN: usize] &BumpScope<'a, Block<SystemAllocator>, MIN_ALIGN>;
    [const MIN_ALIGN: usize] &Arena<SystemAllocator, MIN_ALIGN>;
    ['a, const MIN_ALIGN: usize] &ArenaScope<'a, SystemAllocator, MIN_ALIGN>;
}
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
independent!([const MIN_ALIGN: usize] &BumpAllocator<Block<SystemAllocator>, MIN_ALIGN, Shared>;);
