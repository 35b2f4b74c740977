use core::fmt;
use core::ptr::NonNull;

use super::inline::{InlineHandle, InlineSlots};
use super::{PoolHandle, StaticPool};
use crate::allocator::{Allocator, SystemAllocator};
use crate::error::AllocError;

/// The static pool of a type, and the heap when that is exhausted: what `#[pooled(on_exhausted = heap)]` makes
/// `acquire()` take from.
///
/// Of size zero, like [`StaticPool`](super::StaticPool): where a slot is from is told by its address when it goes back.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use nebula_memory::{PoolBox, Pooled, StaticOrHeap};
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 1, on_exhausted = heap)]
/// struct Event {
///     id: u64,
/// }
///
/// let first: PoolBox<Event, StaticOrHeap<Event>> = Event::acquire().unwrap().id(1).finish();
/// let second = Event::acquire().unwrap().id(2).finish(); // on the heap
/// assert_eq!((Event::pool().available(), second.id), (0, 2));
/// # }
/// ```
pub type StaticOrHeap<T> = OrHeap<StaticPool<T>>;

/// A pool, and the heap when that is exhausted. No larger than the handle of the pool: where a slot is from is told by
/// its address when it goes back.
#[derive(Clone, Copy, Default)]
pub struct OrHeap<H>(H);

impl<T> StaticOrHeap<T> {
    /// The handle.
    pub const fn new() -> Self {
        Self(StaticPool::new())
    }
}

impl<H> OrHeap<H> {
    /// The pool of `handle`, and the heap.
    #[inline]
    #[cfg(feature = "std")]
    pub(super) fn with(handle: H) -> Self {
        Self(handle)
    }
}

impl<H: InlineHandle> OrHeap<H> {
    /// The handle of the pool.
    #[inline]
    pub(crate) fn inner(&self) -> &H {
        &self.0
    }

    /// Whether a slot of this handle is one of the pool, and not a block of the heap.
    ///
    /// No block of the heap shares a byte with the pool, and none is empty; and all slots lie in the pool (`InlineSlots`).
    #[inline]
    pub(crate) fn in_pool(&self, slot: NonNull<H::Item>) -> bool {
        let pool = &raw const *self.0.pool();
        slot.addr().get().wrapping_sub(pool.addr()) < size_of::<H::Pool>()
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn from_heap() -> Result<NonNull<H::Item>, AllocError> {
        Ok(SystemAllocator.allocate(<H::Pool as InlineSlots>::OUTSIDE)?.cast())
    }

    #[cold]
    #[inline(never)]
    unsafe fn to_heap(slot: NonNull<H::Item>) {
        // SAFETY: the caller passes what `from_heap` returned, once.
        unsafe { SystemAllocator.deallocate(slot.cast(), <H::Pool as InlineSlots>::OUTSIDE) };
    }
}

// SAFETY: slots are those of the pool, or blocks of the heap for one value, with the size and alignment of a slot. The two
// are told apart by their addresses (`in_pool`), as long as the pool is there, which it is while the handle has slots.
unsafe impl<H: InlineHandle> PoolHandle for OrHeap<H> {
    type Item = H::Item;

    #[inline]
    fn acquire_raw(&self) -> Result<NonNull<H::Item>, AllocError> {
        self.0.acquire_raw().or_else(|_| Self::from_heap())
    }

    #[inline]
    unsafe fn release_raw(&self, slot: NonNull<H::Item>) {
        if self.in_pool(slot) {
            // SAFETY: the caller's promise; the slot lies in the pool, so it is from there.
            unsafe { self.0.release_raw(slot) };
        } else {
            // SAFETY: the caller's promise; the slot is not from the pool, so it is from the heap.
            unsafe { Self::to_heap(slot) };
        }
    }

    #[inline]
    unsafe fn end(&self, slot: NonNull<H::Item>) {
        if self.in_pool(slot) {
            // SAFETY: the caller's promise; the slot is the pool's.
            unsafe { self.0.end(slot) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { slot.drop_in_place() };
        }
    }

    #[inline(always)]
    fn on_acquire(&self, value: &mut H::Item) {
        self.0.on_acquire(value);
    }

    #[inline(always)]
    fn on_release(&self, value: &mut H::Item) {
        self.0.on_release(value);
    }
}

impl<H> fmt::Debug for OrHeap<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrHeap")
    }
}
