//! Where a value is built, and the owner of what is there of it so far.

use core::fmt;
use core::marker::PhantomData;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ptr;

use crate::{AllocError, PoolBox, PoolHandle, PoolSlot};

use super::drop_set::drop_set;
use super::fields::locate;
use super::{Fields, Unfilled};

/// Memory for a `T` and the set of its fields that hold a value; dropped, it drops those.
///
/// It carries no type-state, so that its code is generated once per place and not once per state. The bit of a field
/// is set when it holds a value, for fields that need dropping or have no type-state; for the others it may stay clear.
///
/// # Safety
/// [`field`](Place::field) must return pointers to the fields of memory that is aligned for a `T`, valid for reads and writes
/// and used by nobody else. What was written through them must still be there after the place has been moved, and for
/// [`finish`](Place::finish). The set is empty at first, and changed by the caller only.
pub unsafe trait Place<T> {
    /// What owns the finished value.
    type Output;

    /// The memory of the field number `index`.
    fn field(&mut self, index: usize) -> *mut u8;

    /// Notes that the field number `index` holds a value.
    fn mark(&mut self, index: usize);

    /// Takes the field number `index` out of the set, and returns whether it was in it.
    fn unmark(&mut self, index: usize) -> bool;

    /// Gives the fields without type-state that hold no value theirs, and the value to its owner.
    ///
    /// # Safety
    /// All fields that [`Fields::fill`] leaves alone hold a value.
    unsafe fn finish(self) -> Self::Output;
}

/// A pool with slots for a `T`: what `Type::build_in(pool)` takes. Every [`PoolHandle`] with such slots is one.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be built in `{Self}`",
    label = "not a pool with slots for `{T}`",
    note = "pass `&pool` of a `FixedPool` with this type, or `pool.typed()?` of a `PoolAllocator`"
)]
pub trait PoolOf<T>: PoolHandle<Item = T> {}

#[diagnostic::do_not_recommend]
impl<T, P: PoolHandle<Item = T>> PoolOf<T> for P {}

/// A slot of a pool in which a value is built: the place of `Type::build_in(pool)` and `Type::acquire()`.
pub struct InPool<P: PoolHandle>
where
    P::Item: Fields,
{
    slot: PoolSlot<P>,
    written: u64,
    /// The values of fields: the place is `Send` and `Sync` as they are, and they must outlive it.
    owns: PhantomData<P::Item>,
}

impl<P: PoolHandle> InPool<P>
where
    P::Item: Fields,
{
    #[inline]
    pub(super) fn acquire(pool: P) -> Result<Self, AllocError> {
        Ok(Self { slot: PoolSlot::acquire(pool)?, written: 0, owns: PhantomData })
    }
}

// SAFETY: a slot owns memory of its pool, made for one item, until it is dropped or turned into a box.
unsafe impl<P: PoolHandle> Place<P::Item> for InPool<P>
where
    P::Item: Fields,
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
        let before = self.written;
        self.written &= !(1 << index);
        before != self.written
    }

    #[inline]
    unsafe fn finish(mut self) -> PoolBox<P::Item, P> {
        // SAFETY: the slot is memory for an item, and borrowed here.
        let mut unfilled = unsafe { Unfilled::new(self.slot.as_mut_ptr(), &mut self.written) };
        P::Item::fill(&mut unfilled);
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not used or dropped again.
        let slot = unsafe { ptr::read(&raw const this.slot) };
        // SAFETY: the caller promises the required fields, `fill` has written the others.
        unsafe { slot.assume_init() }
    }
}

impl<P: PoolHandle> Drop for InPool<P>
where
    P::Item: Fields,
{
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the set says which fields hold a value, and nobody uses them after this.
        unsafe { drop_set(self.slot.as_mut_ptr(), self.written) };
        // The slot goes back after this, also if a field's destructor panicked.
    }
}

impl<P: PoolHandle> fmt::Debug for InPool<P>
where
    P::Item: Fields,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InPool").field("slot", &self.slot).finish_non_exhaustive()
    }
}

/// Memory for a value that is returned by value: the place of `Type::builder()`.
pub struct Inline<T: Fields> {
    value: MaybeUninit<T>,
    written: u64,
}

impl<T: Fields> Inline<T> {
    #[inline]
    pub(super) const fn new() -> Self {
        Self { value: MaybeUninit::uninit(), written: 0 }
    }
}

// SAFETY: a `MaybeUninit<T>` is memory for a `T`, its bytes move with it, and it drops nothing by itself.
unsafe impl<T: Fields> Place<T> for Inline<T> {
    type Output = T;

    #[inline]
    fn field(&mut self, index: usize) -> *mut u8 {
        // SAFETY: the memory is for a value of the type that the table describes.
        unsafe { locate(self.value.as_mut_ptr().cast(), T::TABLE, index) }
    }

    #[inline]
    fn mark(&mut self, index: usize) {
        self.written |= 1 << index;
    }

    #[inline]
    fn unmark(&mut self, index: usize) -> bool {
        let before = self.written;
        self.written &= !(1 << index);
        before != self.written
    }

    #[inline]
    unsafe fn finish(mut self) -> T {
        // SAFETY: the memory is for a `T`, and borrowed here.
        let mut unfilled = unsafe { Unfilled::new(self.value.as_mut_ptr(), &mut self.written) };
        T::fill(&mut unfilled);
        let this = ManuallyDrop::new(self);
        // SAFETY: the caller promises the required fields, `fill` has written the others; `this` is not dropped.
        unsafe { this.value.assume_init_read() }
    }
}

impl<T: Fields> Drop for Inline<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the set says which fields hold a value, and nobody uses them after this.
        unsafe { drop_set(self.value.as_mut_ptr(), self.written) };
    }
}

impl<T: Fields> fmt::Debug for Inline<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inline").finish_non_exhaustive()
    }
}
