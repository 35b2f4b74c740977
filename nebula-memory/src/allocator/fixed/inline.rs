//! Pools of which each slot lies in the pool itself, and handles of such.

use core::alloc::Layout;

use super::{Align, FixedPool, PoolHandle, PoolMode, SlotAlign};
use crate::sync::Local;

/// A pool of which each slot lies in the pool itself: a [`FixedPool`], or what is made of one.
///
/// # Safety
/// Every slot that is taken from the pool, while the pool is at one place, lies within the bytes of the pool.
pub unsafe trait InlineSlots {
    /// The memory of a value outside of the pool, with the alignment that slots have. Never empty, so that it is not
    /// mistaken for one of them.
    const OUTSIDE: Layout;

    /// How many slots there are.
    const CAPACITY: usize;

    /// The bytes from one slot to the next.
    const SLOT_SIZE: usize;

    /// How many slots are free.
    fn available(&self) -> usize;
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
    type Pool: InlineSlots;

    /// The pool.
    fn pool(&self) -> &Self::Pool;
}

// SAFETY: a `FixedPool` is an array of slots and their free list, without indirection.
unsafe impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> InlineSlots for FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
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
