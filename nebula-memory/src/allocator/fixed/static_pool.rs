use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::{InlineHandle, InlineSlots, PoolHandle};
use crate::error::AllocError;

/// A type with a static pool of its own, declared by `#[pooled(capacity = …)]` on `#[derive(Pooled)]`.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use nebula_memory::Pooled;
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 16)]
/// struct Event {
///     id: u64,
/// }
///
/// assert_eq!(Event::CAPACITY, 16);
/// assert_eq!(Event::SLOT_SIZE, 8);
/// assert!(Event::POOL_BYTES >= 16 * 8);
/// assert_eq!(Event::pool().available(), 16);
/// # }
/// ```
///
/// # Safety
/// [`pool`](Self::pool) returns the same pool every time: what is taken from it is given back to it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no static pool",
    label = "no static pool",
    note = "give `{Self}` one with `#[derive(Pooled)]` and `#[pooled(capacity = …)]`, or name the pool: `PoolBox<{Self}, &FixedPool<…>>`"
)]
pub unsafe trait Pooled: Sized + 'static {
    /// The pool: a [`FixedPool`](crate::FixedPool) of this type, or what the keys of `#[pooled(…)]` make of one.
    type Pool: Sync + 'static;

    /// How many values the pool holds.
    const CAPACITY: usize;

    /// The bytes from one slot to the next.
    const SLOT_SIZE: usize;

    /// The size of the pool, its free list included; of that of one thread, if each has its own.
    const POOL_BYTES: usize = size_of::<Self::Pool>();

    /// The pool.
    fn pool() -> &'static Self::Pool;

    /// What `#[pooled(on_acquire = …)]` asks for: called with each complete value of the pool.
    #[inline(always)]
    fn acquired(value: &mut Self) {
        let _ = value;
    }

    /// What `#[pooled(on_release = …)]` asks for: called with each value that leaves the pool.
    #[inline(always)]
    fn releasing(value: &mut Self) {
        let _ = value;
    }
}

/// The static pool of a type, as a handle of size zero: what makes a `PoolBox<T>` as small as a pointer.
///
/// Invariant in `T`: two types of which one is a subtype of the other may each have a pool.
pub struct StaticPool<T>(PhantomData<fn(T) -> T>);

impl<T> StaticPool<T> {
    /// The handle.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

// SAFETY: by the contract of `Pooled` all handles of one type lead to the same pool, whose reference is a handle
// by itself and lives for ever.
unsafe impl<T: Pooled> PoolHandle for StaticPool<T>
where
    &'static T::Pool: PoolHandle<Item = T>,
{
    type Item = T;

    #[inline(always)]
    fn acquire_raw(&self) -> Result<NonNull<T>, AllocError> {
        T::pool().acquire_raw()
    }

    #[inline(always)]
    unsafe fn release_raw(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise; the slot is from the same pool.
        unsafe { T::pool().release_raw(slot) }
    }

    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise; the slot is from the same pool.
        unsafe { T::pool().end(slot) };
    }

    #[inline(always)]
    fn on_acquire(&self, value: &mut T) {
        T::acquired(value);
    }

    #[inline(always)]
    fn on_release(&self, value: &mut T) {
        T::releasing(value);
    }
}

// SAFETY: the pool of the type, always the same, which lives for ever.
unsafe impl<T: Pooled> InlineHandle for StaticPool<T>
where
    T::Pool: InlineSlots<Item = T>,
    &'static T::Pool: PoolHandle<Item = T>,
{
    type Pool = T::Pool;

    #[inline(always)]
    fn pool(&self) -> &T::Pool {
        T::pool()
    }
}

impl<T> Clone for StaticPool<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StaticPool<T> {}

impl<T> Default for StaticPool<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for StaticPool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticPool")
    }
}
