use core::fmt;
use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop};
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};

use super::StaticPool;
use crate::error::AllocError;

/// Where a slot comes from and where it goes back to: a reference to a pool, or [`StaticPool`].
///
/// # Safety
/// A slot that `acquire_raw` returned is valid for reads and writes of one `Item`, aligned for it, and
/// nobody else's until it is passed to `release_raw`; it stays where it is for as long as the handle lives, also when
/// the handle is moved or becomes one of a supertype.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no handle of a pool",
    label = "no slots come from here",
    note = "`&pool` of a `FixedPool` is one, and `pool.typed()?` of a `PoolAllocator`; that of a type with \
            `threading = local` is `LocalPool<Type>`"
)]
pub unsafe trait PoolHandle {
    /// What a slot holds.
    type Item;

    /// Takes an empty slot.
    ///
    /// # Errors
    /// If there is none.
    fn acquire_raw(&self) -> Result<NonNull<Self::Item>, AllocError>;

    /// Gives a slot back.
    ///
    /// # Safety
    /// The slot was returned by `acquire_raw` of this handle, was not released since, holds no value any
    /// more that anybody relies on, and is not used after this.
    unsafe fn release_raw(&self, slot: NonNull<Self::Item>);

    /// Ends a value whose slot goes back: drops it, unless the pool keeps parts of it. If it panics, nothing is kept.
    ///
    /// # Safety
    /// The slot is from this handle and the caller's. It holds a value, which is not used after this.
    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<Self::Item>) {
        // SAFETY: the caller's promise.
        unsafe { slot.drop_in_place() };
    }

    /// Called with each value that is complete in its slot, before anybody else sees it. If it panics, the value is
    /// dropped and its slot goes back.
    #[inline(always)]
    fn on_acquire(&self, value: &mut Self::Item) {
        let _ = value;
    }

    /// Called with each value that leaves its slot, before it is dropped or moved out. If it panics, the value is dropped
    /// and its slot goes back all the same.
    #[inline(always)]
    fn on_release(&self, value: &mut Self::Item) {
        let _ = value;
    }
}

/// Drops the value in a slot; to be forgotten if the value stays.
pub(crate) struct DropValue<T>(pub(crate) NonNull<T>);

impl<T> Drop for DropValue<T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: whoever makes the guard owns the value in the slot, and does not use it after this.
        unsafe { self.0.drop_in_place() };
    }
}

/// An empty slot of a pool, given back on drop unless it is filled.
///
/// Filling happens in place: [`write_with`](Self::write_with) builds the value where it will stay.
#[must_use = "an empty slot goes back to its pool at once if it is not kept"]
pub struct PoolSlot<P: PoolHandle> {
    /// Ours alone, from `acquire_raw` of `pool`.
    slot: NonNull<P::Item>,
    pool: P,
}

// SAFETY: the slot is owned, like a box; its pool is reached through `P` only.
unsafe impl<P: PoolHandle + Send> Send for PoolSlot<P> where P::Item: Send {}
// SAFETY: a shared `PoolSlot` gives access to nothing.
unsafe impl<P: PoolHandle + Sync> Sync for PoolSlot<P> where P::Item: Sync {}

impl<P: PoolHandle> PoolSlot<P> {
    /// Takes an empty slot of `pool`.
    ///
    /// # Errors
    /// If there is none.
    #[inline(always)]
    pub fn acquire(pool: P) -> Result<Self, AllocError> {
        Ok(Self { slot: pool.acquire_raw()?, pool })
    }

    /// A slot that was taken without this type.
    ///
    /// # Safety
    /// The slot was returned by `acquire_raw` of this handle, or what the handle has for it, and is the caller's.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(slot: NonNull<P::Item>, pool: P) -> Self {
        Self { slot, pool }
    }

    /// The slot and its handle.
    #[inline(always)]
    pub(crate) fn parts(&self) -> (NonNull<P::Item>, &P) {
        (self.slot, &self.pool)
    }

    /// Where the value will be: valid for writes, not initialised.
    #[inline]
    pub fn as_mut_ptr(&mut self) -> *mut P::Item {
        self.slot.as_ptr()
    }

    /// Puts `value` in the slot.
    #[inline]
    pub fn write(self, value: P::Item) -> PoolBox<P::Item, P> {
        self.write_with(|| value)
    }

    /// Makes the value in the slot. If the closure panics the slot goes back.
    #[inline]
    pub fn write_with(self, value: impl FnOnce() -> P::Item) -> PoolBox<P::Item, P> {
        // SAFETY: the slot is ours, and valid for a write of its item.
        unsafe { self.slot.write(value()) };
        // SAFETY: just written.
        unsafe { self.assume_init() }
    }

    /// The slot with the value that is in it.
    ///
    /// # Safety
    /// The slot holds a valid value, written through [`as_mut_ptr`](Self::as_mut_ptr).
    #[inline]
    pub unsafe fn assume_init(mut self) -> PoolBox<P::Item, P> {
        // If the hook panics, this drops the value, and then `self` gives the slot back.
        let value = DropValue(self.slot);
        // SAFETY: the slot is ours, and holds a value.
        self.pool.on_acquire(unsafe { self.slot.as_mut() });
        mem::forget(value);
        let this = ManuallyDrop::new(self);
        // SAFETY: `this` is not dropped, so the handle is moved out of it, not copied.
        let pool = unsafe { ptr::read(&raw const this.pool) };
        PoolBox { slot: this.slot, pool, owns: PhantomData }
    }
}

impl<P: PoolHandle> Drop for PoolSlot<P> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the slot is from this handle and ours; it holds no value, and this is its last use.
        unsafe { self.pool.release_raw(self.slot) };
    }
}

impl<P: PoolHandle> fmt::Debug for PoolSlot<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolSlot").field(&self.slot).finish()
    }
}

/// A value in a slot of a pool: dereferences to it, drops it, gives the slot back.
///
/// `PoolBox<T>` is a value of the type's own static pool and is as small as a pointer;
/// `PoolBox<T, &FixedPool<…>>` is one of a pool that it borrows. Leaking a box leaks its slot and nothing
/// else.
pub struct PoolBox<T, P: PoolHandle<Item = T> = StaticPool<T>> {
    /// Ours alone, from `acquire_raw` of `pool`; holds a valid value.
    slot: NonNull<T>,
    pool: P,
    owns: PhantomData<T>,
}

// SAFETY: a `PoolBox` owns its value, like a box; its pool is reached through `P` only.
unsafe impl<T: Send, P: PoolHandle<Item = T> + Send> Send for PoolBox<T, P> {}
// SAFETY: a shared `PoolBox` gives shared access to its value and nothing else.
unsafe impl<T: Sync, P: PoolHandle<Item = T> + Sync> Sync for PoolBox<T, P> {}

impl<T, P: PoolHandle<Item = T>> PoolBox<T, P> {
    /// Moves the value out and gives the slot back.
    #[inline]
    pub fn into_inner(this: Self) -> T {
        let (slot, value) = Self::take(this);
        drop(slot);
        value
    }

    /// Moves the value out and keeps the slot, empty, for the next one.
    #[inline]
    pub fn take(this: Self) -> (PoolSlot<P>, T) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `this` is not dropped, so the handle is moved, not copied.
        let pool = unsafe { ptr::read(&raw const this.pool) };
        let mut slot = PoolSlot { slot: this.slot, pool };
        // If the hook panics, this drops the value, and then `slot` gives the slot back.
        let value = DropValue(slot.slot);
        // SAFETY: the slot is ours, and holds a value.
        slot.pool.on_release(unsafe { slot.slot.as_mut() });
        mem::forget(value);
        // SAFETY: the slot holds a value, which is moved out here: nobody else drops it.
        let value = unsafe { slot.slot.read() };
        (slot, value)
    }
}

impl<T, P: PoolHandle<Item = T>> Drop for PoolBox<T, P> {
    #[inline]
    fn drop(&mut self) {
        /// Gives the slot back even if the value's destructor panics.
        struct Release<'a, P: PoolHandle>(NonNull<P::Item>, &'a P);
        impl<P: PoolHandle> Drop for Release<'_, P> {
            #[inline]
            fn drop(&mut self) {
                // SAFETY: the slot is from this handle and ours; its value has been dropped, or its
                // destructor has begun, and this is its last use.
                unsafe { self.1.release_raw(self.0) };
            }
        }

        // The slot goes back last, whatever panics.
        let _release = Release(self.slot, &self.pool);
        // If the hook panics, this drops the value.
        let mut value = DropValue(self.slot);
        // SAFETY: the slot is ours, and holds a value.
        self.pool.on_release(unsafe { value.0.as_mut() });
        mem::forget(value);
        // SAFETY: the slot is from this handle and ours, its value has not been dropped, and is not used after this.
        unsafe { self.pool.end(self.slot) };
    }
}

impl<T, P: PoolHandle<Item = T>> Deref for PoolBox<T, P> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the slot holds a valid value, and is ours.
        unsafe { self.slot.as_ref() }
    }
}

impl<T, P: PoolHandle<Item = T>> DerefMut for PoolBox<T, P> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the slot holds a valid value, and is ours.
        unsafe { self.slot.as_mut() }
    }
}

impl<T: fmt::Debug, P: PoolHandle<Item = T>> fmt::Debug for PoolBox<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: fmt::Display, P: PoolHandle<Item = T>> fmt::Display for PoolBox<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T, P: PoolHandle<Item = T>> AsRef<T> for PoolBox<T, P> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T, P: PoolHandle<Item = T>> AsMut<T> for PoolBox<T, P> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}
