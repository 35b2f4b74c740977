use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::PoolAllocator;
use crate::allocator::{Allocator, PoolBox, PoolHandle, PoolSlot, SystemAllocator};
use crate::error::AllocError;

/// A [`PoolAllocator`] as a source of slots for values of type `T`; see [`PoolAllocator::typed`].
pub struct PoolRef<'p, T, A: Allocator = SystemAllocator> {
    /// Its blocks are large and aligned enough for a `T`.
    pool: &'p PoolAllocator<A>,
    item: PhantomData<fn() -> T>,
}

impl<'p, T, A: Allocator> PoolRef<'p, T, A> {
    /// The blocks have been checked.
    pub(super) fn new(pool: &'p PoolAllocator<A>) -> Self {
        Self { pool, item: PhantomData }
    }

    /// Takes an empty slot, to be filled in place.
    ///
    /// # Errors
    /// As for [`PoolAllocator::try_allocate_block`].
    pub fn acquire(self) -> Result<PoolSlot<Self>, AllocError> {
        PoolSlot::acquire(self)
    }

    /// Takes a slot and makes a value in it. Without a slot the closure is not called.
    ///
    /// # Errors
    /// As for [`PoolAllocator::try_allocate_block`].
    pub fn alloc_with(self, make: impl FnOnce() -> T) -> Result<PoolBox<T, Self>, AllocError> {
        Ok(self.acquire()?.write_with(make))
    }
}

impl<T, A: Allocator> Clone for PoolRef<'_, T, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, A: Allocator> Copy for PoolRef<'_, T, A> {}

// SAFETY: a block has room for a `T` and is aligned for it, is one owner's until given back, and does not move; the pool
// is borrowed, by all copies of this handle.
unsafe impl<T, A: Allocator> PoolHandle for PoolRef<'_, T, A> {
    type Item = T;

    #[inline]
    fn acquire_raw(&self) -> Result<NonNull<T>, AllocError> {
        let block = self.pool.allocate(Layout::new::<T>()).map_err(AllocError::with_type::<T>)?;
        Ok(block.cast())
    }

    #[inline]
    unsafe fn release_raw(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.pool.deallocate(slot.cast(), Layout::new::<T>()) };
    }
}

impl<T, A: Allocator> fmt::Debug for PoolRef<'_, T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolRef").field(self.pool).finish()
    }
}
