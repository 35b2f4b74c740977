use core::alloc::Layout;
use core::ptr::NonNull;

use crate::allocator::bump::Backing;
use crate::allocator::{Allocator, BumpAllocator, BumpScope, StackAllocator, StackFrame};
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

// SAFETY: a reference is a copy of the allocator.
unsafe impl<A: Owns + ?Sized> Owns for &A {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        (**self).owns(block, layout)
    }
}

/// Whether an address lies in the memory of an allocator, all of which is handed out by that one or its scopes.
#[inline]
fn region_has(backing: &impl Backing, block: NonNull<u8>) -> bool {
    let region = backing.region();
    block.addr().get().wrapping_sub(region.cast::<u8>().addr().get()) < region.len()
}

macro_rules! owns_region {
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

owns_region!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN>);
#[cfg(target_has_atomic = "ptr")]
owns_region!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN, Shared>);
owns_region!(['a, B: Backing, const MIN_ALIGN: usize] BumpScope<'a, B, MIN_ALIGN>);
owns_region!([B: Backing] StackAllocator<B>);
owns_region!(['a, B: Backing] StackFrame<'a, B>);
