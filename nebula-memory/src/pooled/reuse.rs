//! Objects of which parts stay in their slot: `#[pooled(reset)]`.
//!
//! A slot remembers, beside it, which fields of the last object it still has. They belong to the slot: a builder that takes
//! the slot finds them set, and one that is dropped leaves those that it has not replaced. A finished object owns all of its
//! fields, and the slot none; when it ends, its fields are reset, those that do not stay are dropped, and the others are the
//! slot's again.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a field of the slot dropped twice, or used after it was dropped | each field has one owner: the slot if its bit beside the slot is set, else the builder or the box; the bit is cleared before the field is dropped, replaced or given to a box |
//! | a field that stays but holds no value | the bit is set last, when all that can panic is over |
//! | a panic in a reset, or in the destructor of another field | guards drop all of the object, or what is left of it, and no bit is set |
//! | an object moved out of its box | the slot has none of its fields then |
//! | two threads at the bits of a slot | they are used by who has the slot only, and the pool orders one owner before the next |
//! | a slot taken by other means, and overwritten | what is not a builder gets an empty slot: its fields are dropped first |
//! | a destructor of the whole that would see half of an object | a type with `Drop` is refused when it is compiled |

use core::alloc::Layout;
use core::cell::Cell;
use core::fmt;
use core::marker::PhantomData;
use core::mem;
use core::ptr::NonNull;

use super::Fields;
use super::drop_set::drop_set;
use crate::allocator::fixed::{CountsSlots, DropValue, FixedPoolStats, InitPool, InlineHandle, InlineSlots};
use crate::{AllocError, PoolHandle};

/// A type with fields that stay in the slot. Implemented by `#[derive(Pooled)]` only.
///
/// # Safety
/// The bits of [`KEPT`](Reuse::KEPT) are those of fields that [`Fields::fill`] gives a value to.
#[diagnostic::on_unimplemented(
    message = "no field of `{Self}` stays in its slot",
    note = "fields with `#[pooled(reset = …)]` do, in the static pool of their type"
)]
pub unsafe trait Reuse: Fields {
    /// The fields that stay.
    const KEPT: u64;

    /// Makes of a value that leaves its box what the next one finds.
    fn reset(value: &mut Self);
}

/// A pool whose slots keep fields of the values that were in them.
///
/// `CAP` is the capacity of the pool inside.
pub struct Reused<P: InlineSlots<Item: Reuse>, const CAP: usize> {
    pool: P,
    /// Which fields each slot has. Used by whoever has the slot.
    kept: [Cell<u64>; CAP],
}

// SAFETY: the bits of a slot are used by its owner only, and the pool, which can be shared, orders one owner before the next;
// so it does with the fields that the slot keeps, which are of a type that may go to another thread.
unsafe impl<P: InlineSlots<Item: Reuse + Send> + Sync, const CAP: usize> Sync for Reused<P, CAP> {}

impl<P: InlineSlots<Item: Reuse>, const CAP: usize> Reused<P, CAP> {
    /// The bytes from one slot to the next.
    pub const SLOT_SIZE: usize = P::SLOT_SIZE;

    /// A pool, all of whose slots are free, that keeps nothing yet.
    pub const fn new(pool: P) -> Self {
        const { assert!(P::CAPACITY == CAP, "one word for each slot") };
        Self { pool, kept: [const { Cell::new(0) }; CAP] }
    }

    /// How many slots there are.
    pub const fn capacity(&self) -> usize {
        CAP
    }

    /// How many slots are free.
    pub fn available(&self) -> usize {
        self.pool.available()
    }

    /// How many slots are in use.
    pub fn in_use(&self) -> usize {
        CAP - self.available()
    }

    #[inline(always)]
    fn bits(&self, slot: NonNull<P::Item>) -> &Cell<u64> {
        &self.kept[self.pool.index_of(slot)]
    }

    /// Drops what the slot has kept.
    ///
    /// # Safety
    /// The slot is the caller's, or nobody will have it any more.
    #[inline]
    unsafe fn drop_kept(&self, slot: NonNull<P::Item>) {
        let kept = self.bits(slot).replace(0);
        // SAFETY: the bits say which fields hold a value that is the slot's, and have been cleared.
        unsafe { drop_set(slot.as_ptr(), kept) };
    }
}

impl<P: InlineSlots<Item: Reuse> + CountsSlots, const CAP: usize> Reused<P, CAP> {
    /// What was counted until now.
    pub fn stats(&self) -> FixedPoolStats {
        self.pool.stats()
    }
}

impl<P: InlineSlots<Item: Reuse> + CountsSlots, const CAP: usize> CountsSlots for Reused<P, CAP> {
    fn stats(&self) -> FixedPoolStats {
        self.pool.stats()
    }
}

/// Fields of the value at `base` that are dropped unless this is forgotten.
struct DropFields<T: Fields>(NonNull<T>, u64);

impl<T: Fields> Drop for DropFields<T> {
    fn drop(&mut self) {
        // SAFETY: whoever makes the guard owns these fields, and does not use them after this.
        unsafe { drop_set(self.0.as_ptr(), self.1) };
    }
}

// SAFETY: slots are those of the pool inside, which is a field.
unsafe impl<P: InlineSlots<Item: Reuse>, const CAP: usize> InlineSlots for Reused<P, CAP> {
    type Item = P::Item;

    const OUTSIDE: Layout = P::OUTSIDE;
    const CAPACITY: usize = CAP;
    const SLOT_SIZE: usize = P::SLOT_SIZE;

    #[inline]
    fn available(&self) -> usize {
        self.pool.available()
    }

    #[inline]
    fn index_of(&self, slot: NonNull<P::Item>) -> usize {
        self.pool.index_of(slot)
    }

    #[inline]
    fn slot_at(&self, index: usize) -> NonNull<P::Item> {
        self.pool.slot_at(index)
    }

    /// An empty slot: what it has kept is dropped.
    fn take_slot(&self) -> Result<NonNull<P::Item>, AllocError> {
        /// Gives the slot back if a destructor panics.
        struct PutBack<'p, P: InlineSlots>(&'p P, NonNull<P::Item>);
        impl<P: InlineSlots> Drop for PutBack<'_, P> {
            fn drop(&mut self) {
                // SAFETY: just taken, and not used any more.
                unsafe { self.0.put_slot_back(self.1) };
            }
        }

        let slot = self.pool.take_slot()?;
        let put_back = PutBack(&self.pool, slot);
        // SAFETY: just taken.
        unsafe { self.drop_kept(slot) };
        mem::forget(put_back);
        Ok(slot)
    }

    #[inline(always)]
    unsafe fn put_slot_back(&self, slot: NonNull<P::Item>) {
        // SAFETY: the caller's promise.
        unsafe { self.pool.put_slot_back(slot) };
    }

    #[inline]
    unsafe fn end(&self, mut slot: NonNull<P::Item>) {
        // If the reset panics, nothing stays.
        let value = DropValue(slot);
        // SAFETY: the slot is the caller's, and holds a value.
        Reuse::reset(unsafe { slot.as_mut() });
        mem::forget(value);
        // If one of the others panics, what stays is dropped after the rest of them.
        let kept = DropFields(slot, P::Item::KEPT);
        // SAFETY: the caller's value, of which these fields are not used again.
        unsafe { drop_set(slot.as_ptr(), !P::Item::KEPT) };
        mem::forget(kept);
        self.bits(slot).set(P::Item::KEPT);
    }
}

// SAFETY: slots are those of the pool inside, borrowed for as long.
unsafe impl<P: InlineSlots<Item: Reuse>, const CAP: usize> PoolHandle for &Reused<P, CAP> {
    type Item = P::Item;

    #[inline]
    fn acquire_raw(&self) -> Result<NonNull<P::Item>, AllocError> {
        self.take_slot()
    }

    #[inline(always)]
    unsafe fn release_raw(&self, slot: NonNull<P::Item>) {
        // SAFETY: the caller's promise.
        unsafe { self.put_slot_back(slot) };
    }

    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<P::Item>) {
        // SAFETY: the caller's promise.
        unsafe { InlineSlots::end(*self, slot) };
    }
}

// SAFETY: the pool is made, and no bit is set in zeroed memory.
unsafe impl<P: InitPool + InlineSlots<Item: Reuse>, const CAP: usize> InitPool for Reused<P, CAP> {
    unsafe fn init(at: *mut Self) {
        const { assert!(P::CAPACITY == CAP, "one word for each slot") };
        // SAFETY: a field of memory for this type.
        let pool = unsafe { &raw mut (*at).pool };
        // SAFETY: the caller's promise, of a part of that memory.
        unsafe { P::init(pool) };
    }
}

impl<P: InlineSlots<Item: Reuse>, const CAP: usize> Drop for Reused<P, CAP> {
    fn drop(&mut self) {
        /// Drops the rest if a destructor panics.
        struct Rest<'p, P: InlineSlots<Item: Reuse>, const CAP: usize>(&'p Reused<P, CAP>, usize);
        impl<P: InlineSlots<Item: Reuse>, const CAP: usize> Rest<'_, P, CAP> {
            fn run(&mut self) {
                while self.1 < CAP {
                    let slot = self.0.pool.slot_at(self.1);
                    self.1 += 1;
                    // SAFETY: the pool ends: no slot is taken any more, and who has one has leaked it.
                    unsafe { self.0.drop_kept(slot) };
                }
            }
        }
        impl<P: InlineSlots<Item: Reuse>, const CAP: usize> Drop for Rest<'_, P, CAP> {
            fn drop(&mut self) {
                self.run();
            }
        }
        Rest(self, 0).run();
    }
}

impl<P: InlineSlots<Item: Reuse>, const CAP: usize> fmt::Debug for Reused<P, CAP> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reused").field("capacity", &CAP).field("in_use", &self.in_use()).finish()
    }
}

/// A pool whose slots keep fields, as generic code sees it: [`Reused`].
///
/// # Safety
/// The fields of a slot that [`kept`](Self::kept) tells of hold values, are used by nobody but who has the slot, and are told
/// of until they are forgotten.
pub unsafe trait KeepSlots: InlineSlots<Item: Reuse> {
    /// Takes a slot with what it has kept.
    ///
    /// # Errors
    /// If there is none.
    fn take_kept(&self) -> Result<NonNull<Self::Item>, AllocError>;

    /// The fields that the slot has.
    ///
    /// # Safety
    /// The slot is of this pool, and the caller's.
    unsafe fn kept(&self, slot: NonNull<Self::Item>) -> u64;

    /// These fields are the slot's no more.
    ///
    /// # Safety
    /// The slot is of this pool, and the caller's.
    unsafe fn forget_kept(&self, slot: NonNull<Self::Item>, fields: u64);
}

// SAFETY: the fields are those whose bit is set, which is when an object has ended, and in `end` only.
unsafe impl<P: InlineSlots<Item: Reuse>, const CAP: usize> KeepSlots for Reused<P, CAP> {
    #[inline(always)]
    fn take_kept(&self) -> Result<NonNull<P::Item>, AllocError> {
        self.pool.take_slot()
    }

    #[inline(always)]
    unsafe fn kept(&self, slot: NonNull<P::Item>) -> u64 {
        self.bits(slot).get()
    }

    #[inline(always)]
    unsafe fn forget_kept(&self, slot: NonNull<P::Item>, fields: u64) {
        let bits = self.bits(slot);
        bits.set(bits.get() & !fields);
    }
}

/// A handle of slots that keep fields.
///
/// # Safety
/// As for [`KeepSlots`], of the slots of this handle.
pub unsafe trait ReuseHandle: PoolHandle<Item: Reuse> {
    /// Takes a slot with what it has kept.
    ///
    /// # Errors
    /// If there is none.
    fn acquire_kept(&self) -> Result<NonNull<Self::Item>, AllocError>;

    /// The fields that the slot has.
    ///
    /// # Safety
    /// The slot is of this handle, and the caller's.
    unsafe fn kept(&self, slot: NonNull<Self::Item>) -> u64;

    /// These fields are the slot's no more.
    ///
    /// # Safety
    /// The slot is of this handle, and the caller's.
    unsafe fn forget_kept(&self, slot: NonNull<Self::Item>, fields: u64);
}

// SAFETY: the slots are those of the pool.
unsafe impl<H: InlineHandle<Item: Reuse>> ReuseHandle for H
where
    H::Pool: KeepSlots<Item = H::Item>,
{
    #[inline(always)]
    fn acquire_kept(&self) -> Result<NonNull<H::Item>, AllocError> {
        self.pool().take_kept()
    }

    #[inline(always)]
    unsafe fn kept(&self, slot: NonNull<H::Item>) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { self.pool().kept(slot) }
    }

    #[inline(always)]
    unsafe fn forget_kept(&self, slot: NonNull<H::Item>, fields: u64) {
        // SAFETY: the caller's promise.
        unsafe { self.pool().forget_kept(slot, fields) };
    }
}

// SAFETY: the slots are those of the pool, or blocks of the heap, which keep nothing.
#[cfg(feature = "alloc")]
unsafe impl<H: InlineHandle<Item: Reuse>> ReuseHandle for crate::allocator::fixed::OrHeap<H>
where
    H::Pool: KeepSlots<Item = H::Item>,
{
    #[inline]
    fn acquire_kept(&self) -> Result<NonNull<H::Item>, AllocError> {
        self.inner().acquire_kept().or_else(|_| Self::from_heap())
    }

    #[inline]
    unsafe fn kept(&self, slot: NonNull<H::Item>) -> u64 {
        if self.in_pool(slot) {
            // SAFETY: the caller's promise; the slot is the pool's.
            unsafe { self.inner().kept(slot) }
        } else {
            0
        }
    }

    #[inline]
    unsafe fn forget_kept(&self, slot: NonNull<H::Item>, fields: u64) {
        if self.in_pool(slot) {
            // SAFETY: the caller's promise; the slot is the pool's.
            unsafe { self.inner().forget_kept(slot, fields) };
        }
    }
}

/// Whether a type has a `Drop` of its own, which is asked with [`NoOwnDrop`] in scope: what the type has itself goes before
/// what a trait gives it.
pub struct OwnDrop<T>(PhantomData<T>);

#[expect(drop_bounds, reason = "it is the question")]
impl<T: Drop> OwnDrop<T> {
    /// It has.
    pub const IS: bool = true;
}

/// See [`OwnDrop`].
pub trait NoOwnDrop {
    /// It has not.
    const IS: bool = false;
}

impl<T> NoOwnDrop for OwnDrop<T> {}

impl<T> fmt::Debug for OwnDrop<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnDrop")
    }
}
