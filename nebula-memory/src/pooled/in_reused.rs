use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ptr;

use super::drop_set::drop_set;
use super::fields::locate;
use super::reuse::{Reuse, ReuseHandle};
use super::{Fields, Place, Unfilled};
use crate::{AllocError, PoolBox, PoolSlot};

/// A slot that keeps fields, in which a value is built: the place of `Type::acquire()` for a type with `#[pooled(reset)]`.
///
/// The fields that the slot has kept count as set. They are still the slot's: see [`Reuse`].
///
/// Invariant: a field whose bit is in `written` holds a value, which is the slot's if the slot says so, and else the builder's.
/// The slot's fields are all in `written`.
pub struct InReused<P: ReuseHandle>
where
    P::Item: Reuse,
{
    slot: PoolSlot<P>,
    written: u64,
    /// As in [`InPool`](super::InPool).
    owns: PhantomData<P::Item>,
}

impl<P: ReuseHandle> InReused<P>
where
    P::Item: Reuse,
{
    #[inline]
    pub(super) fn acquire(pool: P) -> Result<Self, AllocError> {
        let slot = pool.acquire_kept()?;
        // SAFETY: just taken.
        let written = unsafe { pool.kept(slot) };
        // SAFETY: just taken, from this handle.
        let slot = unsafe { PoolSlot::from_raw(slot, pool) };
        Ok(Self { slot, written, owns: PhantomData })
    }
}

// SAFETY: a slot owns memory of its pool, made for one item, until it is dropped or turned into a box.
unsafe impl<P: ReuseHandle> Place<P::Item> for InReused<P>
where
    P::Item: Reuse,
{
    type Output = PoolBox<P::Item, P>;

    #[inline]
    fn field(&mut self, index: usize) -> *mut u8 {
        // SAFETY: the memory is for a value of the type that the table describes.
        unsafe { locate(self.slot.as_mut_ptr().cast(), P::Item::TABLE, index) }
    }

    #[inline]
    fn mark(&mut self, index: usize) {
        self.written |= 1 << index;
    }

    #[inline]
    fn unmark(&mut self, index: usize) -> bool {
        let bit = 1 << index;
        let occupied = self.written & bit != 0;
        if occupied {
            self.written &= !bit;
            let (slot, pool) = self.slot.parts();
            // SAFETY: the slot is ours. The field is the caller's now, whoever had it.
            unsafe { pool.forget_kept(slot, bit) };
        }
        occupied
    }

    #[inline]
    unsafe fn finish(mut self) -> PoolBox<P::Item, P> {
        // SAFETY: the slot is memory for an item, and borrowed here.
        let mut unfilled = unsafe { Unfilled::new(self.slot.as_mut_ptr(), &mut self.written) };
        P::Item::fill(&mut unfilled);
        let (slot, pool) = self.slot.parts();
        // SAFETY: the slot is ours. All fields are the box's now.
        unsafe { pool.forget_kept(slot, u64::MAX) };
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not used or dropped again.
        let slot = unsafe { ptr::read(&raw const this.slot) };
        // SAFETY: the caller promises the required fields, `fill` has written the others.
        unsafe { slot.assume_init() }
    }
}

impl<P: ReuseHandle> Drop for InReused<P>
where
    P::Item: Reuse,
{
    #[inline]
    fn drop(&mut self) {
        let (slot, pool) = self.slot.parts();
        // SAFETY: the slot is ours.
        let kept = unsafe { pool.kept(slot) };
        // SAFETY: these fields hold values that are ours, and nobody uses them after this.
        unsafe { drop_set(slot.as_ptr(), self.written & !kept) };
        // The slot goes back after this with what it has kept, also if a field's destructor panicked.
    }
}

impl<P: ReuseHandle> fmt::Debug for InReused<P>
where
    P::Item: Reuse,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InReused").field("slot", &self.slot).finish_non_exhaustive()
    }
}
