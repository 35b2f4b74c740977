//! Slots that grow, for pools of objects that live on between two uses.
//!
//! Memory comes in segments, each as large as all before it and some more, so that slots never move, there are few segments,
//! and the way from an index to its slot is a shift and an addition. The free list is that of the fixed pool; its shards come with
//! the first segment, and have slots by their pointers, so that a slot at hand needs no way at all: only those in the stack have
//! an index, which is looked for among the segments when they go there, the largest first. It never looks into a slot: what lies in a
//! slot that was put back may be alive.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two owners of a slot | each index is added once, under a lock, and then in the hands of one owner or of the free list |
//! | a slot that is looked up before its segment is there | a segment is published before the first of its indices is, and links are read with acquire |
//! | memory that goes while a slot is in use | segments live as long as the value; whoever has a slot keeps that alive |

use alloc_crate::alloc;
use core::alloc::Layout;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ptr::{self, NonNull};
use std::sync::PoisonError;

use super::engine::{Engine, Places};
use super::shard::{APART, HEADER, Shard};
use super::stack::{Links, Stack};
use crate::error::{AllocError, AllocatorKind};
use crate::sync::{AtomicPtr, AtomicU32, Mutex, Ordering};

/// Slots for values of one type, as many as are added.
///
/// Values are the caller's business: what is in a slot when this goes is not dropped.
///
/// A slot that was put back, [`light_fence`](crate::sync::asymmetric::light_fence), and a load, on one side; a store,
/// [`heavy_fence`](crate::sync::asymmetric::heavy_fence), and `take`, on the other: the load sees what was stored, or `take` gets the slot,
/// if nobody else has.
pub(crate) struct GrowingSlots<T> {
    memory: Memory<T>,
    depot: Depot,
}

/// What changes, on lines of the cache that nothing else is on: two, because processors fetch them in pairs.
#[repr(align(128))]
struct Depot {
    stack: Stack,
    /// How many slots were added.
    added: Mutex<u32>,
}

/// The memory of a slot: never empty, so that every slot has an address of its own.
#[repr(C)]
union Place<T> {
    filler: u8,
    value: ManuallyDrop<MaybeUninit<T>>,
}

/// Links lie apart, close to each other: those that go to the stack and come from it together are together, and nothing is lost to
/// the alignment of values.
///
/// Invariant: a pointer is null, or one to the places of its segment, or to their links or the shards, which are initialised. It is set
/// once, under the lock, before an index of the segment is handed out.
struct Memory<T> {
    segments: [AtomicPtr<Place<T>>; SEGMENTS],
    links: [AtomicPtr<AtomicU32>; SEGMENTS],
    shards: AtomicPtr<Shards<T>>,
    /// How many segments there are.
    count: AtomicU32,
}

/// The slots of the first segment.
const FIRST: u32 = if cfg!(loom) { 2 } else { 32 };
const SEGMENTS: usize = if cfg!(loom) { 2 } else { 22 };
// Few of them for Miri too, which does something for every word of a reference.
const SHARDS: usize = match () {
    () if cfg!(loom) => 2,
    () if cfg!(miri) => 3,
    () => 16,
};
/// The items that a shard has at first, and at most: the more slots there are, the more.
const ROOM: [u32; 2] = match () {
    () if cfg!(loom) => [2, 2],
    () if cfg!(miri) => [4, 8],
    () => [4, 56],
};

/// The words of a shard, on lines of the cache that no other has: 512 bytes.
#[repr(C, align(128))]
struct ShardWords<T> {
    header: [AtomicU32; HEADER],
    items: [AtomicPtr<Place<T>>; APART + ROOM[1] as usize],
}

type Shards<T> = [ShardWords<T>; SHARDS];

/// Which segment an index is in, and which entry of it is its own.
#[inline(always)]
const fn place(index: u32) -> (usize, usize) {
    let at = index + FIRST;
    let segment = at.ilog2() - FIRST.ilog2();
    (segment as usize, (at - (FIRST << segment)) as usize)
}

/// The index of the first entry of a segment.
const fn start(segment: usize) -> u32 {
    (FIRST << segment) - FIRST
}

const fn entries(segment: usize) -> usize {
    (FIRST as usize) << segment
}

impl<T> Memory<T> {
    /// The place of an index that was handed out.
    #[inline(always)]
    fn entry(&self, index: u32) -> NonNull<Place<T>> {
        let (segment, entry) = place(index);
        let first = self.segments[segment].load(Ordering::Acquire);
        debug_assert!(!first.is_null(), "an index of no segment");
        // SAFETY: the index was handed out, so the segment is there and has this entry.
        let entry = unsafe { first.add(entry) };
        // SAFETY: not null, as above.
        unsafe { NonNull::new_unchecked(entry) }
    }

    /// The index of a slot. It is in the largest segment as likely as in all others together.
    #[expect(clippy::cast_possible_truncation, reason = "the number of slots fits")]
    fn index_of(&self, slot: *mut Place<T>) -> u32 {
        let count = self.count.load(Ordering::Acquire) as usize;
        for segment in (0..count).rev() {
            let first = self.segments[segment].load(Ordering::Acquire);
            let distance = slot.addr().wrapping_sub(first.addr());
            if distance < entries(segment) * size_of::<Place<T>>() {
                return start(segment) + (distance / size_of::<Place<T>>()) as u32;
            }
        }
        unreachable!("a slot of other slots");
    }
}

impl<T> Links for Memory<T> {
    const END: u32 = FIRST * ((1 << SEGMENTS) - 1);

    #[inline]
    fn link(&self, slot: u32) -> &AtomicU32 {
        let (segment, entry) = place(slot);
        let first = self.links[segment].load(Ordering::Acquire);
        debug_assert!(!first.is_null(), "an index of no segment");
        // SAFETY: the index was handed out, so the segment is there and has this link.
        let link = unsafe { first.add(entry) };
        // SAFETY: initialised before the segment was set, alive as long as `self`, and only ever shared.
        unsafe { &*link }
    }
}

impl<T> Places for Memory<T> {
    type Item = *mut Place<T>;

    #[inline]
    fn item(&self, slot: u32) -> *mut Place<T> {
        self.entry(slot).as_ptr()
    }

    #[inline]
    fn slot(&self, item: *mut Place<T>) -> u32 {
        self.index_of(item)
    }

    #[expect(clippy::cast_possible_truncation, reason = "sixteen")]
    const SHARDS: u32 = SHARDS as u32;

    #[inline(always)]
    fn shard(&self, number: u32) -> Option<Shard<'_, *mut Place<T>>> {
        let shards = self.shards.load(Ordering::Acquire);
        // SAFETY: null, or initialised, and alive as long as `self`; all that is ever borrowed of it is shared.
        let words = unsafe { shards.as_ref() }?.get(number as usize)?;
        Shard::of(&words.header, &words.items)
    }

    const COMPACT: bool = true;

    /// An eighth of all, for each of sixteen: idle objects are spread rather than hoarded.
    #[inline]
    fn room(&self) -> u32 {
        let slots = FIRST << self.count.load(Ordering::Relaxed);
        (slots / 8).clamp(ROOM[0], ROOM[1])
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
            memory: Memory {
                segments: [const { AtomicPtr::new(ptr::null_mut()) }; SEGMENTS],
                links: [const { AtomicPtr::new(ptr::null_mut()) }; SEGMENTS],
                shards: AtomicPtr::new(ptr::null_mut()),
                count: AtomicU32::new(0),
            },
            depot: Depot { stack: Stack::empty::<Memory<T>>(), added: Mutex::new(0) },
        }
    }

    /// No slots, and no memory yet.
    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self {
            memory: Memory {
                segments: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
                links: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
                shards: AtomicPtr::new(ptr::null_mut()),
                count: AtomicU32::new(0),
            },
            depot: Depot { stack: Stack::empty::<Memory<T>>(), added: Mutex::new(0) },
        }
    }

    #[inline(always)]
    fn free(&self) -> Engine<'_, Memory<T>> {
        Engine::new(&self.depot.stack, &self.memory)
    }

    /// The slot of an index that was handed out.
    #[inline(always)]
    pub(super) fn slot(&self, index: u32) -> NonNull<T> {
        self.memory.entry(index).cast()
    }

    /// The index of a slot.
    #[cfg(any(test, loom))]
    pub(super) fn index_of(&self, slot: NonNull<T>) -> u32 {
        self.memory.index_of(slot.as_ptr().cast())
    }

    /// A slot that was put back: valid for a `T`, aligned, and where it is for as long as `self` lives. Whose it is, the holder has to
    /// know. `None` only if every slot was in somebody's hands at some moment of the call.
    #[inline(always)]
    pub(crate) fn take(&self) -> Option<NonNull<T>> {
        NonNull::new(self.free().take()).map(NonNull::cast)
    }

    /// A new slot, without a value in it.
    #[cold]
    #[inline(never)]
    pub(crate) fn add(&self) -> Result<NonNull<T>, AllocError> {
        // Nothing below panics, and if it did the number would still be right.
        let mut added = self.depot.added.lock().unwrap_or_else(PoisonError::into_inner);
        let index = *added;
        if index >= Memory::<T>::END {
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
    #[inline(always)]
    pub(crate) unsafe fn put_back(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise. A place begins with its value.
        unsafe { self.free().put_back(slot.as_ptr().cast()) };
    }

    /// How many slots can be taken. Exact if nobody takes one or gives one back meanwhile.
    pub(crate) fn available(&self) -> usize {
        self.free().available()
    }

    /// Makes the segment, and the shards before the first; the lock is held.
    fn grow(&self, segment: usize) -> Result<(), AllocError> {
        if self.memory.shards.load(Ordering::Relaxed).is_null() {
            let shards = allocate::<Shards<T>>(1)?;
            for shard in 0..SHARDS {
                // SAFETY: within the block.
                let words = unsafe { shards.cast::<ShardWords<T>>().add(shard) };
                // SAFETY: as above, and nobody else knows of it.
                unsafe { words.write(ShardWords::empty()) };
            }
            self.memory.shards.store(shards.as_ptr(), Ordering::Release);
        }
        let count = entries(segment);
        // They may be there, if there was no memory for the places then.
        if self.memory.links[segment].load(Ordering::Relaxed).is_null() {
            let links = allocate::<AtomicU32>(count)?;
            for entry in 0..count {
                // SAFETY: within the block.
                let link = unsafe { links.add(entry) };
                // SAFETY: as above, and nobody else knows of it.
                unsafe { link.write(AtomicU32::new(0)) };
            }
            self.memory.links[segment].store(links.as_ptr(), Ordering::Release);
        }
        // A place needs no initialisation.
        let first = allocate::<Place<T>>(count)?;
        self.memory.segments[segment].store(first.as_ptr(), Ordering::Release);
        #[expect(clippy::cast_possible_truncation, reason = "twenty-two at most")]
        self.memory.count.store(segment as u32 + 1, Ordering::Release);
        Ok(())
    }
}

impl<T> ShardWords<T> {
    fn empty() -> Self {
        Self {
            header: core::array::from_fn(|_| AtomicU32::new(0)),
            items: core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut())),
        }
    }
}

/// Memory for so many of a type that is not empty.
fn allocate<U>(count: usize) -> Result<NonNull<U>, AllocError> {
    let overflow = |_| AllocError::capacity_overflow(AllocatorKind::BlockPool);
    let layout = Layout::array::<U>(count).map_err(overflow)?;
    debug_assert!(layout.size() > 0);
    // SAFETY: not empty.
    let block = unsafe { alloc::alloc(layout) };
    NonNull::new(block.cast()).ok_or_else(|| AllocError::out_of_memory(AllocatorKind::BlockPool, layout))
}

/// # Safety
/// The block is from `allocate` with this count, and its last use was before. What lies in it is initialised as far as it has
/// a destructor.
unsafe fn free<U>(block: NonNull<U>, count: usize) {
    for number in 0..count {
        // SAFETY: within the block.
        let one = unsafe { block.add(number) };
        // SAFETY: the caller's promise. (Atomics have destructors only in a model.)
        unsafe { one.drop_in_place() };
    }
    if let Ok(layout) = Layout::array::<U>(count) {
        // SAFETY: the caller's promise.
        unsafe { alloc::dealloc(block.as_ptr().cast(), layout) };
    }
}

impl<T> Drop for GrowingSlots<T> {
    fn drop(&mut self) {
        for (segment, first) in self.memory.links.iter().enumerate() {
            let Some(first) = NonNull::new(first.load(Ordering::Acquire)) else { break };
            // SAFETY: from `grow`, with this count; nobody else is here any more.
            unsafe { free(first, entries(segment)) };
        }
        for (segment, first) in self.memory.segments.iter().enumerate() {
            let Some(first) = NonNull::new(first.load(Ordering::Acquire)) else { break };
            // SAFETY: as above; nobody has a slot any more, and values are not dropped with it.
            unsafe { free(first, entries(segment)) };
        }
        if let Some(shards) = NonNull::new(self.memory.shards.load(Ordering::Acquire)) {
            // SAFETY: from `grow`; nobody else is here any more.
            unsafe { free(shards, 1) };
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::vec::Vec;

    use super::{GrowingSlots, Place};

    #[test]
    fn a_slot_is_as_large_as_its_value_and_has_a_link_beside_it() {
        assert_eq!(size_of::<Place<[u64; 32]>>(), 256);
        assert_eq!(size_of::<Place<[u8; 3]>>(), 3);
        assert_eq!(size_of::<Place<()>>(), 1);
    }

    #[test]
    fn slots_are_where_their_index_says_and_do_not_move() {
        const COUNT: usize = if cfg!(miri) { 100 } else { 1000 };
        let slots = GrowingSlots::<u64>::new();
        assert!(slots.take().is_none());
        let added: Vec<_> = (0..COUNT).map(|_| slots.add().unwrap()).collect();
        let mut places: Vec<_> = added.iter().map(|slot| slot.addr()).collect();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), COUNT);
        for (number, slot) in (0..).zip(&added) {
            assert_eq!((slots.index_of(*slot), slots.slot(number)), (number, *slot));
            // SAFETY: the slot is ours.
            unsafe { slot.write(u64::from(number)) };
            // SAFETY: added above, and put back once.
            unsafe { slots.put_back(*slot) };
        }
        assert_eq!(slots.available(), COUNT);
        let mut seen = 0;
        while let Some(slot) = slots.take() {
            // SAFETY: the slot is ours, and written above.
            assert_eq!(unsafe { slot.read() }, u64::from(slots.index_of(slot)));
            seen += 1;
        }
        assert_eq!((seen, slots.available()), (COUNT, 0));
    }
}
