//! What is called when a value is complete in its slot, and before it leaves it.

use core::ptr::NonNull;

use crate::{AllocError, PoolHandle};

/// A type with `#[pooled(on_acquire = …)]` or `#[pooled(on_release = …)]`.
pub trait Hooks {
    /// Called with a value that is complete in its slot, before anybody else sees it.
    #[inline]
    fn acquired(value: &mut Self) {
        let _ = value;
    }

    /// Called with a value that leaves its slot, before it is dropped or moved out.
    #[inline]
    fn releasing(value: &mut Self) {
        let _ = value;
    }
}

/// A pool whose values are told when they come and go: what `build_in(pool)` makes of the pool if the type has [`Hooks`].
///
/// They come in pairs: `acquired` has returned for each value that `releasing` is called with. A leaked value is not
/// released, nor is one that was never completed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hooked<H>(H);

impl<H> Hooked<H> {
    /// The same slots, with hooks.
    #[inline]
    pub const fn new(pool: H) -> Self {
        Self(pool)
    }
}

// SAFETY: slots are those of the handle inside.
unsafe impl<H: PoolHandle> PoolHandle for Hooked<H>
where
    H::Item: Hooks,
{
    type Item = H::Item;

    #[inline(always)]
    fn acquire_raw(&self) -> Result<NonNull<H::Item>, AllocError> {
        self.0.acquire_raw()
    }

    #[inline(always)]
    unsafe fn release_raw(&self, slot: NonNull<H::Item>) {
        // SAFETY: the caller's promise; the slot is from the handle inside.
        unsafe { self.0.release_raw(slot) };
    }

    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<H::Item>) {
        // SAFETY: the caller's promise; the slot is from the handle inside.
        unsafe { self.0.end(slot) };
    }

    #[inline(always)]
    fn on_acquire(&self, value: &mut H::Item) {
        Hooks::acquired(value);
    }

    #[inline(always)]
    fn on_release(&self, value: &mut H::Item) {
        Hooks::releasing(value);
    }
}
