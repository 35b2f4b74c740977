use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::pool::FixedPool;
use super::{Align, PoolHandle, PoolMode, Pooled, SlotAlign};
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
pub struct StaticOrHeap<T>(PhantomData<fn(T) -> T>);

impl<T> StaticOrHeap<T> {
    /// The handle.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// A pool of which each slot lies in the pool itself.
///
/// # Safety
/// Every slot that is taken from the pool, while the pool is at one place, lies within the bytes of the pool.
pub unsafe trait InlineSlots {
    /// The memory of a value outside of the pool, with the alignment that slots have. Never empty, so that it is not
    /// mistaken for one of them.
    const OUTSIDE: Layout;
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
}

impl<T: Pooled> StaticOrHeap<T>
where
    T::Pool: InlineSlots,
{
    #[cold]
    #[inline(never)]
    fn from_heap() -> Result<NonNull<T>, AllocError> {
        Ok(SystemAllocator.allocate(T::Pool::OUTSIDE)?.cast())
    }

    #[cold]
    #[inline(never)]
    unsafe fn to_heap(slot: NonNull<T>) {
        // SAFETY: the caller passes what `from_heap` returned, once.
        unsafe { SystemAllocator.deallocate(slot.cast(), T::Pool::OUTSIDE) };
    }
}

// SAFETY: slots are those of the static pool, by the contract of `Pooled`, or blocks of the heap for one value. The two
// are told apart by their addresses: the pool lives for ever, so no block of the heap shares a byte with it; its slots
// lie in it (`InlineSlots`), and no block is empty.
unsafe impl<T: Pooled> PoolHandle for StaticOrHeap<T>
where
    T::Pool: InlineSlots,
    &'static T::Pool: PoolHandle<Item = T>,
{
    type Item = T;

    #[inline]
    fn acquire_raw(&self) -> Result<NonNull<T>, AllocError> {
        T::pool().acquire_raw().or_else(|_| Self::from_heap())
    }

    #[inline]
    unsafe fn release_raw(&self, slot: NonNull<T>) {
        let pool = T::pool();
        let distance = slot.addr().get().wrapping_sub((&raw const *pool).addr());
        if distance < size_of::<T::Pool>() {
            // SAFETY: the caller's promise; the slot lies in the pool, so it is from there.
            unsafe { pool.release_raw(slot) };
        } else {
            // SAFETY: the caller's promise; the slot is not from the pool, so it is from the heap.
            unsafe { Self::to_heap(slot) };
        }
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

impl<T> Clone for StaticOrHeap<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for StaticOrHeap<T> {}

impl<T> Default for StaticOrHeap<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for StaticOrHeap<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StaticOrHeap")
    }
}
