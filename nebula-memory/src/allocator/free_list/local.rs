use core::cell::{Cell, UnsafeCell};
use core::ptr::NonNull;

use super::slot::{Align, Slot, SlotAlign};

/// Slots that one thread uses.
///
/// Slots that have been used and are free are named in an array, the last one first. An array, and not a list: where a list
/// goes on stands in the slot that was just taken, so that slots which come one after the other wait for each other's memory.
/// Those never used yet lie at `fresh` and above, and are taken when the array is empty, so that a new pool needs no start-up
/// code. A slot is named by its distance from the first one in bytes: neither taking nor giving back multiplies or divides, and
/// slots may be moved.
///
/// The slot that came back last waits in `spare`, outside of the array: where one is taken for each that comes back, as in
/// most programs most of the time, nothing else is touched.
///
/// What is written here in one call is read in the next, through memory, because the compiler cannot know that
/// nobody else looked; so it is the latency of that way that counts, not the number of instructions.
///
/// Laid out as written: the words that every call uses come first.
///
/// Invariant: `spare`, unless it is `END`, and the first `named` entries of `free` name slots below `fresh` that are free, each
/// once; `fresh` is that of a slot, or `END`.
#[repr(C)]
pub struct Slots<T, const CAP: usize, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    spare: Cell<u32>,
    named: Cell<u32>,
    fresh: Cell<u32>,
    free: [Cell<u32>; CAP],
    memory: [UnsafeCell<Slot<T, ALIGN>>; CAP],
}

impl<T, const CAP: usize, const ALIGN: usize> Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    /// The distance from the first slot to the end of the last one: where there is none any more.
    #[expect(clippy::cast_possible_truncation, reason = "asserted")]
    const END: u32 = {
        // Zero is refused where the pool is made, once; here there would be no slot to take.
        let bytes = CAP * size_of::<Slot<T, ALIGN>>();
        assert!(bytes <= u32::MAX as usize, "a local pool has less than 4 GiB");
        bytes as u32
    };

    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const NEW: Self = Self {
        spare: Cell::new(Self::END),
        named: Cell::new(0),
        fresh: Cell::new(0),
        free: [const { Cell::new(0) }; CAP],
        memory: [const { Slot::FREE }; CAP],
    };

    /// Makes all slots free where they will stay.
    ///
    /// # Safety
    /// `at` is aligned and valid for writes, all its bytes are zero, and nobody else uses it.
    pub(in crate::allocator) unsafe fn init(at: *mut Self) {
        // SAFETY: a field of memory for slots.
        let spare = unsafe { &raw mut (*at).spare };
        // The other fields of `NEW` are zeros, and slots may hold anything.
        // SAFETY: valid for writes, as all of it is.
        unsafe { spare.write(Cell::new(Self::END)) };
    }

    /// The slot at a distance from the first one.
    ///
    /// # Safety
    /// There is one.
    #[inline(always)]
    unsafe fn at(&self, distance: u32) -> NonNull<T> {
        // Made of cells: what it points to may be written.
        let first = NonNull::from(&self.memory).cast::<T>();
        // SAFETY: within the array, by the caller's promise.
        unsafe { first.byte_add(distance as usize) }
    }

    /// An entry of `free`.
    ///
    /// # Safety
    /// `entry` is less than `CAP`.
    #[inline(always)]
    unsafe fn entry(&self, entry: u32) -> &Cell<u32> {
        // SAFETY: the caller's promise.
        unsafe { self.free.get_unchecked(entry as usize) }
    }

    /// The distance of a slot that was never taken, or `END`.
    #[cold]
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "no larger than all slots together")]
    fn take_fresh(&self) -> u32 {
        let fresh = self.fresh.get();
        if fresh != Self::END {
            self.fresh.set(fresh + size_of::<Slot<T, ALIGN>>() as u32);
        }
        fresh
    }

    /// The distance of a free slot, which is free no more, or `END`.
    #[inline(always)]
    fn take_distance(&self) -> u32 {
        let spare = self.spare.get();
        if spare != Self::END {
            self.spare.set(Self::END);
            return spare;
        }
        let Some(last) = self.named.get().checked_sub(1) else {
            return self.take_fresh();
        };
        self.named.set(last);
        // SAFETY: no more slots are named than there are.
        unsafe { self.entry(last) }.get()
    }
}

// SAFETY: by the invariant what is spare or named is a free slot, and what is at `fresh` or above was never taken. `take` takes
// them away, only `put_back` puts them back, and no other thread is involved: the type is not `Sync`. Every slot holds a `T`
// at its start, aligned (a union).
unsafe impl<T, const CAP: usize, const ALIGN: usize> super::Slots<T> for Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    const STRIDE: usize = size_of::<Slot<T, ALIGN>>();

    #[cfg(not(loom))]
    const FREE: Self = Self::NEW;

    #[cfg(loom)]
    fn free() -> Self {
        Self::NEW
    }

    #[inline(always)]
    fn take(&self) -> Option<NonNull<T>> {
        // One pointer is made of whichever distance it is, so that where a slot is given back in the same function the way from the
        // pointer to the distance is none.
        let distance = self.take_distance();
        // SAFETY: what is spare, named or fresh is a slot.
        (distance != Self::END).then(|| unsafe { self.at(distance) })
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "no larger than all slots together")]
    unsafe fn put_back(&self, slot: NonNull<T>) {
        let distance = (slot.addr().get() - self.memory.as_ptr().addr()) as u32;
        debug_assert!(distance < Self::END, "a slot of another pool");
        if self.spare.get() == Self::END {
            self.spare.set(distance);
        } else {
            // This one, and not the spare one: its distance is at hand.
            let named = self.named.get();
            // SAFETY: by the caller's promise this slot is not free yet, so that fewer than all are named.
            unsafe { self.entry(named) }.set(distance);
            self.named.set(named + 1);
        }
    }

    #[inline]
    fn available(&self) -> usize {
        let unused = (Self::END - self.fresh.get()) as usize / Self::STRIDE;
        usize::from(self.spare.get() != Self::END) + self.named.get() as usize + unused
    }

    #[inline(always)]
    fn index_of(&self, slot: NonNull<T>) -> usize {
        Slot::index_of(&self.memory, slot) as usize
    }

    fn at_index(&self, index: usize) -> NonNull<T> {
        assert!(index < CAP, "a pool has no slot {index}");
        // Made of cells: what it points to may be written.
        let first = NonNull::from(&self.memory).cast::<Slot<T, ALIGN>>();
        // SAFETY: within the array.
        unsafe { first.add(index) }.cast()
    }
}
