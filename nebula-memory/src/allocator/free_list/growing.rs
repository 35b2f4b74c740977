//! Slots that grow, for pools of objects that live on between two uses.
//!
//! Memory comes in segments, each as large as all before it, so that slots never move, there are at most 27 segments,
//! and the way from an index to its slot is a shift and an addition. The free list is the one of the fixed pool.
//! It never looks into a slot: what lies in a slot that was put back may be alive.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two owners of a slot | each index is added once, under a lock, and then in the hands of one owner or of the free list |
//! | a slot that is read before its segment is there | a segment is published before the first of its indices is |
//! | memory that goes while a slot is in use | segments live as long as the value; `Slot` users borrow it or own it |

use alloc_crate::alloc;
use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};

use super::stack::{Links, Stack};
use crate::error::{AllocError, AllocatorKind};
use crate::sync::{AtomicPtr, AtomicU64, Mutex, Ordering};

/// A slot of [`GrowingSlots`]: whose it is, the holder has to know.
pub(crate) struct Slot<T> {
    /// Which one: dense, from zero.
    pub(crate) index: u32,
    /// Where it is: valid for a `T` and aligned for as long as the slots live.
    pub(crate) pointer: NonNull<T>,
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Slot<T> {}

/// Slots for values of one type, as many as are added.
///
/// Values are the caller's business: what is in a slot when this goes is not dropped.
pub(crate) struct GrowingSlots<T> {
    free: Stack,
    segments: Segments<T>,
    /// How many slots were added.
    added: Mutex<u32>,
}

/// A slot and its link.
struct Entry<T> {
    link: AtomicU64,
    value: UnsafeCell<MaybeUninit<T>>,
}

/// Invariant: a pointer is null, or one to the entries of its segment, which are initialised but for their values. It is
/// set once, under the lock, before an index of the segment is handed out.
struct Segments<T>([AtomicPtr<Entry<T>>; SEGMENTS]);

const FIRST: u32 = 32;
const SEGMENTS: usize = 22;

/// Which segment an index is in, and which entry of it is its own.
#[inline]
const fn place(index: u32) -> (usize, usize) {
    let at = index + FIRST;
    let segment = at.ilog2() - FIRST.ilog2();
    (segment as usize, (at - (FIRST << segment)) as usize)
}

const fn entries(segment: usize) -> usize {
    (FIRST as usize) << segment
}

impl<T> Segments<T> {
    /// The entry of an index that was handed out.
    #[inline]
    fn entry(&self, index: u32) -> &Entry<T> {
        let (segment, entry) = place(index);
        // Acquire: whoever has the index learned of it after the segment was set, but the model is not to depend on how.
        let first = self.0[segment].load(Ordering::Acquire);
        debug_assert!(!first.is_null(), "an index of no segment");
        // SAFETY: the index was handed out, so the segment is there and has this entry.
        let entry = unsafe { first.add(entry) };
        // SAFETY: entries are initialised when the segment is set, and live as long as `self`.
        unsafe { &*entry }
    }
}

impl<T> Links for Segments<T> {
    const END: u32 = FIRST * ((1 << SEGMENTS) - 1);

    #[inline]
    fn link(&self, slot: u32) -> &AtomicU64 {
        &self.entry(slot).link
    }
}

// SAFETY: a slot is in the hands of one owner at a time, which the free list sees to; values pass from thread to thread
// with their slots, hence `T: Send`.
unsafe impl<T: Send> Sync for GrowingSlots<T> {}
// SAFETY: owns its segments.
unsafe impl<T: Send> Send for GrowingSlots<T> {}

impl<T> GrowingSlots<T> {
    /// No slots, and no memory yet.
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self {
            free: Stack::empty::<Segments<T>>(),
            segments: Segments([const { AtomicPtr::new(ptr::null_mut()) }; SEGMENTS]),
            added: Mutex::new(0),
        }
    }

    /// No slots, and no memory yet.
    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self {
            free: Stack::empty::<Segments<T>>(),
            segments: Segments(core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut()))),
            added: Mutex::new(0),
        }
    }

    /// A slot that was put back.
    #[inline]
    pub(crate) fn take(&self) -> Option<Slot<T>> {
        let index = self.free.pop(&self.segments)?;
        Some(self.slot(index))
    }

    /// A new slot, without a value in it.
    #[cold]
    #[inline(never)]
    pub(crate) fn add(&self) -> Result<Slot<T>, AllocError> {
        // The number is right also after a panic, of which there is none.
        let mut added = self.added.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let index = *added;
        if index >= Segments::<T>::END {
            return Err(AllocError::capacity_overflow(AllocatorKind::BlockPool));
        }
        let (segment, entry) = place(index);
        if entry == 0 {
            self.grow(segment)?;
        }
        *added = index + 1;
        drop(added);
        Ok(self.slot(index))
    }

    /// Gives a slot back, with or without a value.
    ///
    /// # Safety
    /// It was taken from these slots or added to them, was not put back since, and is not used after this.
    #[inline]
    pub(crate) unsafe fn put_back(&self, slot: Slot<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.free.push(&self.segments, slot.index) };
    }

    /// How many slots can be taken. Exact if nobody takes one or gives one back meanwhile.
    pub(crate) fn available(&self) -> usize {
        self.free.available(&self.segments)
    }

    #[inline]
    fn slot(&self, index: u32) -> Slot<T> {
        Slot { index, pointer: NonNull::from(&self.segments.entry(index).value).cast() }
    }

    /// Makes the segment; the lock is held.
    fn grow(&self, segment: usize) -> Result<(), AllocError> {
        let count = entries(segment);
        let overflow = |_| AllocError::capacity_overflow(AllocatorKind::BlockPool);
        let layout = Layout::array::<Entry<T>>(count).map_err(overflow)?;
        // SAFETY: not empty, because links are not.
        let first = unsafe { alloc::alloc(layout) }.cast::<Entry<T>>();
        if first.is_null() {
            return Err(AllocError::out_of_memory(AllocatorKind::BlockPool, layout));
        }
        for entry in 0..count {
            // SAFETY: within the segment.
            let entry = unsafe { first.add(entry) };
            // SAFETY: as above; nobody else knows of it.
            let link = unsafe { &raw mut (*entry).link };
            // SAFETY: as above; a value needs no initialisation.
            unsafe { link.write(AtomicU64::new(0)) };
        }
        self.segments.0[segment].store(first, Ordering::Release);
        Ok(())
    }
}

impl<T> Drop for GrowingSlots<T> {
    fn drop(&mut self) {
        for (segment, first) in self.segments.0.iter().enumerate() {
            let first = first.load(Ordering::Acquire);
            if first.is_null() {
                return;
            }
            for entry in 0..entries(segment) {
                // SAFETY: within the segment.
                let entry = unsafe { first.add(entry) };
                // SAFETY: initialised, and this is its last use. Values are not dropped, so it is for loom's links only.
                unsafe { entry.drop_in_place() };
            }
            let Ok(layout) = Layout::array::<Entry<T>>(entries(segment)) else { return };
            // SAFETY: allocated in `grow` with this layout; nobody has a slot any more.
            unsafe { alloc::dealloc(first.cast(), layout) };
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::vec::Vec;

    use super::GrowingSlots;

    #[test]
    fn slots_are_where_their_index_says_and_do_not_move() {
        let slots = GrowingSlots::<u64>::new();
        assert!(slots.take().is_none());
        let added: Vec<_> = (0..1000).map(|_| slots.add().unwrap()).collect();
        let mut places: Vec<_> = added.iter().map(|slot| slot.pointer.addr()).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 1000);
        for slot in &added {
            // SAFETY: the slot is ours.
            unsafe { slot.pointer.write(u64::from(slot.index)) };
            // SAFETY: added above, and put back once.
            unsafe { slots.put_back(*slot) };
        }
        assert_eq!(slots.available(), 1000);
        let mut seen = 0;
        while let Some(slot) = slots.take() {
            assert_eq!(slot.pointer, added[slot.index as usize].pointer);
            // SAFETY: the slot is ours, and written above.
            assert_eq!(unsafe { slot.pointer.read() }, u64::from(slot.index));
            seen += 1;
        }
        assert_eq!((seen, slots.available()), (1000, 0));
    }
}
