//! A pool whose slots are counted: a [`Tracked`] fixed pool.

use core::alloc::Layout;
use core::ptr::NonNull;

use super::PoolHandle;
use super::inline::{InitPool, InlineSlots};
use crate::allocator::{Counters, Track, Tracked};
use crate::error::AllocError;
use crate::sync::CountMode;

/// What a pool with `#[pooled(stats)]` has counted, in slots. Of a pool for many threads each number is one that there was,
/// but they are read one after the other.
///
/// A slot counts from when a builder is started, so that one which is dropped half-way counts as acquired and released.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FixedPoolStats {
    /// How many slots there are.
    pub capacity: usize,
    /// How many are in use.
    pub in_use: usize,
    /// The most that were ever in use at once.
    pub high_water: usize,
    /// How many times a slot was taken.
    pub acquired: usize,
    /// How many times one came back.
    pub released: usize,
    /// How many times there was none; with `on_exhausted = heap`, how many values went to the heap.
    pub exhausted: usize,
}

/// A pool that counts its slots: [`Tracked`], or what is made of one.
#[diagnostic::on_unimplemented(message = "the pool counts nothing", note = "it does with `#[pooled(stats)]`")]
pub trait CountsSlots: InlineSlots {
    /// What was counted until now.
    fn stats(&self) -> FixedPoolStats;
}

impl<P: InlineSlots, M: CountMode> CountsSlots for Tracked<P, Counters<M>> {
    fn stats(&self) -> FixedPoolStats {
        let counted = self.tracker().snapshot();
        // The counters count bytes, here those of slots, which are never empty.
        FixedPoolStats {
            capacity: P::CAPACITY,
            in_use: counted.in_use / P::SLOT_SIZE,
            high_water: counted.peak / P::SLOT_SIZE,
            acquired: counted.allocations,
            released: counted.deallocations,
            exhausted: counted.refused,
        }
    }
}

/// A pool of slots, as `#[pooled(stats)]` declares it.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use nebula_memory::Pooled;
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 2, stats)]
/// struct Event {
///     id: u64,
/// }
///
/// let both = [1, 2].map(|id| Event::acquire().unwrap().id(id).finish());
/// assert!(Event::acquire().is_err());
/// drop(both);
/// let stats = Event::pool().stats();
/// assert_eq!((stats.acquired, stats.released, stats.exhausted), (2, 2, 1));
/// assert_eq!((stats.in_use, stats.high_water, stats.capacity), (0, 2, 2));
/// # }
/// ```
impl<P: InlineSlots, K: Track> Tracked<P, K> {
    /// The bytes from one slot to the next.
    pub const SLOT_SIZE: usize = P::SLOT_SIZE;

    /// How many slots there are.
    pub const fn capacity(&self) -> usize {
        P::CAPACITY
    }

    /// How many slots are free.
    pub fn available(&self) -> usize {
        self.allocator().available()
    }

    /// How many slots are in use.
    pub fn in_use(&self) -> usize {
        P::CAPACITY - self.available()
    }
}

impl<P: InlineSlots, M: CountMode> Tracked<P, Counters<M>> {
    /// What was counted until now.
    pub fn stats(&self) -> FixedPoolStats {
        CountsSlots::stats(self)
    }
}

// SAFETY: slots are those of the pool inside, borrowed for as long.
unsafe impl<P: InlineSlots, K: Track> PoolHandle for &Tracked<P, K> {
    type Item = P::Item;

    #[inline(always)]
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

// SAFETY: the pool is a field.
unsafe impl<P: InlineSlots, K: Track> InlineSlots for Tracked<P, K> {
    type Item = P::Item;

    const OUTSIDE: Layout = P::OUTSIDE;
    const CAPACITY: usize = P::CAPACITY;
    const SLOT_SIZE: usize = P::SLOT_SIZE;

    #[inline]
    fn available(&self) -> usize {
        self.allocator().available()
    }

    #[inline]
    fn index_of(&self, slot: NonNull<P::Item>) -> usize {
        self.allocator().index_of(slot)
    }

    #[inline]
    fn slot_at(&self, index: usize) -> NonNull<P::Item> {
        self.allocator().slot_at(index)
    }

    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<P::Item>) {
        // SAFETY: the caller's promise.
        unsafe { self.allocator().end(slot) };
    }

    #[inline(always)]
    fn take_slot(&self) -> Result<NonNull<P::Item>, AllocError> {
        let taken = self.allocator().take_slot();
        match &taken {
            Ok(_) => self.tracker().allocated(P::SLOT_SIZE),
            Err(_) => self.tracker().refused(Layout::new::<P::Item>()),
        }
        taken
    }

    #[inline(always)]
    unsafe fn put_slot_back(&self, slot: NonNull<P::Item>) {
        // First, or another thread could have the slot counted again before: never more is counted than there is.
        self.tracker().deallocated(P::SLOT_SIZE);
        // SAFETY: the caller's promise.
        unsafe { self.allocator().put_slot_back(slot) };
    }
}

// SAFETY: both fields are made.
unsafe impl<P: InitPool, K: Track + Default> InitPool for Tracked<P, K> {
    unsafe fn init(at: *mut Self) {
        // SAFETY: a field of memory for this type.
        let pool = unsafe { &raw mut (*at).allocator };
        // SAFETY: the caller's promise, of a part of that memory.
        unsafe { P::init(pool) };
        // SAFETY: a field of memory for this type.
        let tracker = unsafe { &raw mut (*at).tracker };
        // SAFETY: aligned and valid for writes, as all of it is.
        unsafe { tracker.write(K::default()) };
    }
}
