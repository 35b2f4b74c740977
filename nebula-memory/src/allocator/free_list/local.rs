use core::cell::{Cell, UnsafeCell};
use core::ptr::NonNull;

use super::slot::{Align, Slot, SlotAlign, checked_capacity};

/// Slots that one thread uses.
///
/// Slots that have been used and are free form a list of indices. Those never used yet lie at `fresh` and above,
/// and are taken when the list is empty, so that new slots need no links.
///
/// What is written here in one call is read in the next, through memory, because the compiler cannot know that
/// nobody else looked; so it is the latency of that way that counts, not the number of instructions. Hence two
/// counters that only go up instead of one that goes up and down, and hence a link is not written if it is right
/// already: the value then depends on nothing.
///
/// Laid out as written: the words that every call uses come first, so that their addresses do not end in the same
/// twelve bits as those of the first links, which processors take for the same memory at first.
///
/// Invariant: `head` and the links behind it lead through slots below `fresh` that are free, each once, to `CAP`.
#[repr(C)]
pub struct Slots<T, const CAP: usize, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    head: Cell<u32>,
    fresh: Cell<u32>,
    acquired: Cell<u32>,
    released: Cell<u32>,
    /// What follows a free slot.
    links: [Cell<u32>; CAP],
    memory: [UnsafeCell<Slot<T, ALIGN>>; CAP],
}

impl<T, const CAP: usize, const ALIGN: usize> Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    const END: u32 = checked_capacity(CAP);

    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const NEW: Self = Self {
        head: Cell::new(Self::END),
        fresh: Cell::new(0),
        acquired: Cell::new(0),
        released: Cell::new(0),
        links: [const { Cell::new(0) }; CAP],
        memory: [const { Slot::FREE }; CAP],
    };

    #[inline(always)]
    fn hand_out(&self, index: u32) -> NonNull<T> {
        self.acquired.set(self.acquired.get().wrapping_add(1));
        // Made of a cell: what it points to may be written.
        NonNull::from(&self.memory[index as usize]).cast()
    }

    #[cold]
    #[inline(never)]
    fn take_fresh(&self) -> Option<NonNull<T>> {
        let index = self.fresh.get();
        if index == Self::END {
            return None;
        }
        self.fresh.set(index + 1);
        Some(self.hand_out(index))
    }
}

// SAFETY: by the invariant the head is a free slot or `CAP`, and what is at `fresh` or above was never taken.
// `take` takes it off the list, only `put_back` puts it back, and no other thread is involved: the type is
// not `Sync`. Every slot holds a `T` at its start, aligned (a union).
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
        let index = self.head.get();
        if index >= Self::END {
            return self.take_fresh();
        }
        self.head.set(self.links[index as usize].get());
        Some(self.hand_out(index))
    }

    #[inline(always)]
    unsafe fn put_back(&self, slot: NonNull<T>) {
        let index = Slot::index_of(&self.memory, slot);
        // SAFETY: by the caller's promise this is one of the slots.
        unsafe { core::hint::assert_unchecked(index < Self::END) };
        let link = &self.links[index as usize];
        let head = self.head.get();
        if link.get() != head {
            link.set(head);
        }
        self.head.set(index);
        self.released.set(self.released.get().wrapping_add(1));
    }

    #[inline]
    fn available(&self) -> usize {
        CAP - self.acquired.get().wrapping_sub(self.released.get()) as usize
    }
}
