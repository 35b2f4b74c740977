use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::allocator::{Allocator, PoolBox, PoolHandle, PoolSlot};
use crate::error::AllocError;

/// A block pool as a source of slots for values of type `T`; see [`PoolAllocator::typed`](crate::PoolAllocator::typed). `P` is a
/// reference to the pool.
pub struct PoolRef<P, T> {
    /// Its blocks are large and aligned enough for a `T`.
    pool: P,
    item: PhantomData<fn() -> T>,
}

impl<P: Allocator + Copy, T> PoolRef<P, T> {
    /// The blocks have been checked.
    pub(super) fn new(pool: P) -> Self {
        Self { pool, item: PhantomData }
    }

    /// Takes an empty slot, to be filled in place.
    ///
    /// # Errors
    /// As for [`PoolAllocator::try_allocate_block`](crate::PoolAllocator::try_allocate_block).
    pub fn acquire(self) -> Result<PoolSlot<Self>, AllocError> {
        PoolSlot::acquire(self)
    }

    /// Takes a slot and makes a value in it. Without a slot the closure is not called.
    ///
    /// # Errors
    /// As for [`PoolAllocator::try_allocate_block`](crate::PoolAllocator::try_allocate_block).
    pub fn alloc_with(self, make: impl FnOnce() -> T) -> Result<PoolBox<T, Self>, AllocError> {
        Ok(self.acquire()?.write_with(make))
    }
}

impl<P: Copy, T> Clone for PoolRef<P, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Copy, T> Copy for PoolRef<P, T> {}

// SAFETY: a block has room for a `T` and is aligned for it, is one owner's until given back, and does not move; the pool
// is borrowed, by all copies of this handle, which are made of references to block pools only.
unsafe impl<P: Allocator + Copy, T> PoolHandle for PoolRef<P, T> {
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

impl<P: fmt::Debug, T> fmt::Debug for PoolRef<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolRef").field(&self.pool).finish()
    }
}
