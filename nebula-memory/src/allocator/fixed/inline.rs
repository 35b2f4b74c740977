//! Pools of which each slot lies in the pool itself, and handles of such.

use core::alloc::Layout;
use core::ptr::NonNull;

use super::{Align, FixedPool, PoolHandle, PoolMode, SlotAlign};
use crate::error::AllocError;
use crate::sync::Local;

/// A pool of which each slot lies in the pool itself: a [`FixedPool`], or what is made of one.
///
/// By value, where a [`PoolHandle`] is a reference: what is made of other pools asks for this, or the compiler would look
/// for handles to handles without end.
///
/// # Safety
/// Every slot that is taken from the pool, while the pool is at one place, lies within the bytes of the pool. It is valid for
/// reads and writes of one item, aligned for it, and nobody else's until it is put back.
pub unsafe trait InlineSlots {
    /// What a slot holds.
    type Item;

    /// The memory of a value outside of the pool, with the alignment that slots have. Never empty, so that it is not
    /// mistaken for one of them.
    const OUTSIDE: Layout;

    /// How many slots there are.
    const CAPACITY: usize;

    /// The bytes from one slot to the next.
    const SLOT_SIZE: usize;

    /// How many slots are free.
    fn available(&self) -> usize;

    /// Which slot it is: below the capacity, and another number for each.
    fn index_of(&self, slot: NonNull<Self::Item>) -> usize;

    /// The slot with that number.
    ///
    /// # Panics
    /// If there is none.
    fn slot_at(&self, index: usize) -> NonNull<Self::Item>;

    /// Takes an empty slot.
    ///
    /// # Errors
    /// If there is none.
    fn take_slot(&self) -> Result<NonNull<Self::Item>, AllocError>;

    /// Gives a slot back.
    ///
    /// # Safety
    /// As for [`PoolHandle::release_raw`].
    unsafe fn put_slot_back(&self, slot: NonNull<Self::Item>);

    /// Ends a value whose slot goes back.
    ///
    /// # Safety
    /// As for [`PoolHandle::end`].
    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<Self::Item>) {
        // SAFETY: the caller's promise.
        unsafe { slot.drop_in_place() };
    }
}

/// A pool that can be made where it will stay, however large it is.
///
/// # Safety
/// What [`init`](Self::init) makes is a valid pool with all slots free.
pub unsafe trait InitPool: InlineSlots {
    /// Makes a pool of zeroed memory.
    ///
    /// # Safety
    /// `at` is aligned and valid for writes of a pool, all its bytes are zero, and nobody else uses it.
    unsafe fn init(at: *mut Self);
}

/// A handle that leads to a pool of which each slot lies in the pool itself.
///
/// # Safety
/// As long as the handle has a slot of the pool, [`pool`](Self::pool) leads to that pool, which stays where it is.
pub unsafe trait InlineHandle: PoolHandle {
    /// The pool.
    type Pool: InlineSlots<Item = Self::Item>;

    /// The pool.
    fn pool(&self) -> &Self::Pool;
}

// SAFETY: a `FixedPool` is an array of slots and their free list, without indirection.
unsafe impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> InlineSlots for FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
    type Item = T;

    const OUTSIDE: Layout = {
        let value = Layout::new::<T>();
        let size = if value.size() == 0 { 1 } else { value.size() };
        let align = if value.align() < ALIGN { ALIGN } else { value.align() };
        match Layout::from_size_align(size, align) {
            Ok(layout) => layout,
            Err(_) => panic!("a slot of this alignment is larger than memory can be"),
        }
    };
    const CAPACITY: usize = CAP;
    const SLOT_SIZE: usize = Self::SLOT_SIZE;

    #[inline]
    fn available(&self) -> usize {
        self.available()
    }

    #[inline]
    fn index_of(&self, slot: NonNull<T>) -> usize {
        self.index(slot)
    }

    #[inline]
    fn slot_at(&self, index: usize) -> NonNull<T> {
        self.slot(index)
    }

    #[inline(always)]
    fn take_slot(&self) -> Result<NonNull<T>, AllocError> {
        self.acquire_raw()
    }

    #[inline(always)]
    unsafe fn put_slot_back(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.release_raw(slot) };
    }
}

// SAFETY: made by its only field.
unsafe impl<T, const CAP: usize, const ALIGN: usize> InitPool for FixedPool<T, CAP, ALIGN, Local>
where
    Align<ALIGN>: SlotAlign,
{
    unsafe fn init(at: *mut Self) {
        // SAFETY: the caller's promise.
        unsafe { Self::init_local(at) };
    }
}
