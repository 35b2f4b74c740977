//! A half-built value and the type-state of its fields.

use core::fmt;
use core::marker::PhantomData;
use core::mem::needs_drop;
use core::ptr;

use crate::{AllocError, PoolHandle};

use super::state::is_complete;
use super::{Fields, InPool, InReused, Init, Inline, Place, Reuse, ReuseHandle, Uninit};

/// A value under construction in the place `P`; `S` says which of its required fields are set.
///
/// Dropped, it drops exactly the fields that were set and gives the place back. Safe code cannot change `S`.
///
/// There is no bound on the parameters: builders mention this type in every method, and the compiler would prove the
/// bounds each time.
pub struct Partial<P, S> {
    place: P,
    state: PhantomData<fn() -> S>,
}

impl<T: Fields, S> Partial<Inline<T>, S> {
    /// A value with no field set, to be built by value.
    ///
    /// # Safety
    /// `S` says that no field is set.
    #[inline]
    #[must_use]
    pub unsafe fn inline() -> Self {
        Self { place: Inline::new(), state: PhantomData }
    }
}

impl<H: PoolHandle, S> Partial<InPool<H>, S>
where
    H::Item: Fields,
{
    /// A value with no field set, to be built in a slot of `pool`.
    ///
    /// # Errors
    /// The pool has no free slot.
    ///
    /// # Safety
    /// `S` says that no field is set.
    #[inline]
    pub unsafe fn acquire(pool: H) -> Result<Self, AllocError> {
        Ok(Self { place: InPool::acquire(pool)?, state: PhantomData })
    }
}

impl<H: ReuseHandle, S> Partial<InReused<H>, S>
where
    H::Item: Reuse,
{
    /// A value with no field set but those that the slot has kept, to be built in a slot of `pool`.
    ///
    /// # Errors
    /// The pool has no free slot.
    ///
    /// # Safety
    /// `S` says that no field is set.
    #[inline]
    pub unsafe fn reuse(pool: H) -> Result<Self, AllocError> {
        Ok(Self { place: InReused::acquire(pool)?, state: PhantomData })
    }
}

// The setters take the place out of `self` first. So what they drop on unwinding is the place, whose drop glue is compiled
// once, and not the partial value, of which there is one for each state.
impl<P, S> Partial<P, S> {
    /// Sets a required field.
    ///
    /// # Safety
    /// The field number `index` of `T` has the type `F`; `To` is `S` with that field set. (If it is set already, which
    /// the derive's bounds prevent, the value it has is leaked.)
    #[inline]
    #[must_use]
    pub unsafe fn set<T, F, To>(self, index: usize, value: F) -> Partial<P, To>
    where
        P: Place<T>,
    {
        let Self { mut place, .. } = self;
        let field = place.field(index).cast::<F>();
        // SAFETY: the memory of a place is valid for writes, and so are its fields; the caller promises the type.
        unsafe { ptr::write(field, value) };
        if const { needs_drop::<F>() } {
            place.mark(index);
        }
        Partial { place, state: PhantomData }
    }

    /// Sets a required field in place.
    ///
    /// # Safety
    /// As for [`set`](Self::set).
    #[inline]
    #[must_use]
    pub unsafe fn set_with<T, F, To>(
        self,
        index: usize,
        init: impl for<'s> FnOnce(Uninit<'s, F>) -> Init<'s, F>,
    ) -> Partial<P, To>
    where
        P: Place<T>,
    {
        let Self { mut place, .. } = self;
        let field = place.field(index).cast::<F>();
        // SAFETY: the field is memory for an `F`, as the caller promises, valid for writes, that nobody else uses.
        unsafe { Uninit::run(field, init) };
        if const { needs_drop::<F>() } {
            place.mark(index);
        }
        Partial { place, state: PhantomData }
    }

    /// Sets a field without type-state; a value it already has is dropped.
    ///
    /// # Safety
    /// The field number `index` of `T` has the type `F` and no type-state.
    #[inline]
    #[must_use]
    pub unsafe fn replace<T, F>(self, index: usize, value: F) -> Self
    where
        P: Place<T>,
    {
        let Self { mut place, .. } = self;
        // Before the drop: if that panics, the old value counts as dropped. And before the pointer, which does not outlive
        // the next borrow of a place that has the value in itself.
        let occupied = place.unmark(index);
        let field = place.field(index).cast::<F>();
        if occupied {
            // SAFETY: the mark said that the field holds a value, and it has just been given up.
            unsafe { ptr::drop_in_place(field) };
        }
        // SAFETY: the memory of a place is valid for writes, and so are its fields; the caller promises the type.
        unsafe { ptr::write(field, value) };
        place.mark(index);
        Self { place, state: PhantomData }
    }

    /// Sets a field without type-state in place; a value it already has is dropped first.
    ///
    /// # Safety
    /// As for [`replace`](Self::replace).
    #[inline]
    #[must_use]
    pub unsafe fn replace_with<T, F>(
        self,
        index: usize,
        init: impl for<'s> FnOnce(Uninit<'s, F>) -> Init<'s, F>,
    ) -> Self
    where
        P: Place<T>,
    {
        let Self { mut place, .. } = self;
        // Before the drop: if that panics, the old value counts as dropped. And before the pointer, which does not outlive
        // the next borrow of a place that has the value in itself.
        let occupied = place.unmark(index);
        let field = place.field(index).cast::<F>();
        if occupied {
            // SAFETY: the mark said that the field holds a value, and it has just been given up.
            unsafe { ptr::drop_in_place(field) };
        }
        // SAFETY: the field is memory for an `F`, as the caller promises, valid for writes, that nobody else uses.
        unsafe { Uninit::run(field, init) };
        place.mark(index);
        Self { place, state: PhantomData }
    }

    /// Gives the fields without type-state that are not set their value, and the finished value to its owner.
    ///
    /// It does not compile if `S` says that a field is missing.
    ///
    /// # Safety
    /// `S` is the state of all required fields of `T`.
    #[inline]
    pub unsafe fn finish<T>(self) -> P::Output
    where
        P: Place<T>,
    {
        const { assert!(is_complete::<S>(), "a builder cannot be finished with a required field missing") };
        // SAFETY: the state says that all required fields hold a value: it is of all of them, and complete.
        unsafe { self.place.finish() }
    }
}

impl<P, S> fmt::Debug for Partial<P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Partial").finish_non_exhaustive()
    }
}
