use core::cell::{Cell, UnsafeCell};
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use super::slot::{Align, Slot, SlotAlign, checked_capacity};

/// Slots that one thread uses.
///
/// Slots that have been used and are free form a list, whose links lie in the slots themselves: nobody else can look
/// at them, and whoever takes a slot writes to it next anyway. Those never used yet lie at `fresh` and above, and
/// are taken when the list is empty, so that new slots need no links. A link is the distance from the first slot in
/// bytes: neither taking nor giving back multiplies or divides, and slots may be moved.
///
/// What is written here in one call is read in the next, through memory, because the compiler cannot know that
/// nobody else looked; so it is the latency of that way that counts, not the number of instructions. Hence two
/// counters that only go up instead of one that goes up and down.
///
/// The slot that came back last waits in `spare`, outside of the list: where one is taken for each that comes back, as in
/// most programs most of the time, no link is touched.
///
/// Laid out as written: the words that every call uses come first.
///
/// Invariant: `spare` is a free slot that is not in the list, or `END`; `head` and the links behind it lead through slots below `fresh` that are free, each once, to `END`.
#[repr(C)]
pub struct Slots<T, const CAP: usize, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    spare: Cell<u32>,
    head: Cell<u32>,
    fresh: Cell<u32>,
    acquired: Cell<u32>,
    released: Cell<u32>,
    memory: [UnsafeCell<Node<T, ALIGN>>; CAP],
}

/// A slot, or the link of a free one.
#[repr(C)]
union Node<T, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    link: u32,
    slot: ManuallyDrop<Slot<T, ALIGN>>,
}

impl<T, const ALIGN: usize> Node<T, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const FREE: UnsafeCell<Self> = UnsafeCell::new(Self { slot: ManuallyDrop::new(Slot::NEW) });
}

impl<T, const CAP: usize, const ALIGN: usize> Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    /// The distance from the first slot to the end of the last one: where there is none any more.
    #[expect(clippy::cast_possible_truncation, reason = "asserted")]
    const END: u32 = {
        checked_capacity(CAP);
        let bytes = CAP * size_of::<Node<T, ALIGN>>();
        assert!(bytes <= u32::MAX as usize, "a local pool has less than 4 GiB");
        bytes as u32
    };

    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const NEW: Self = Self {
        spare: Cell::new(Self::END),
        head: Cell::new(Self::END),
        fresh: Cell::new(0),
        acquired: Cell::new(0),
        released: Cell::new(0),
        memory: [const { Node::FREE }; CAP],
    };

    /// The slot at a distance from the first one.
    ///
    /// # Safety
    /// There is one.
    #[inline(always)]
    unsafe fn at(&self, distance: u32) -> NonNull<Node<T, ALIGN>> {
        // Made of cells: what it points to may be written.
        let first = NonNull::from(&self.memory).cast::<Node<T, ALIGN>>();
        // SAFETY: within the array, by the caller's promise.
        unsafe { first.byte_add(distance as usize) }
    }

    #[inline(always)]
    fn hand_out(&self, slot: NonNull<Node<T, ALIGN>>) -> NonNull<T> {
        self.acquired.set(self.acquired.get().wrapping_add(1));
        slot.cast()
    }

    #[cold]
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "no larger than all slots together")]
    fn take_fresh(&self) -> Option<NonNull<T>> {
        let fresh = self.fresh.get();
        if fresh == Self::END {
            return None;
        }
        self.fresh.set(fresh + size_of::<Node<T, ALIGN>>() as u32);
        // SAFETY: below the end, and a multiple of a slot's size.
        Some(self.hand_out(unsafe { self.at(fresh) }))
    }
}

// SAFETY: by the invariant the spare one and the head are free slots or the end, and what is at `fresh` or above was never taken.
// `take` takes them away, only `put_back` puts them back, and no other thread is involved: the type is
// not `Sync`. Every node holds a `T` at its start, aligned (unions).
unsafe impl<T, const CAP: usize, const ALIGN: usize> super::Slots<T> for Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    const STRIDE: usize = size_of::<Node<T, ALIGN>>();

    #[cfg(not(loom))]
    const FREE: Self = Self::NEW;

    #[cfg(loom)]
    fn free() -> Self {
        Self::NEW
    }

    #[inline(always)]
    fn take(&self) -> Option<NonNull<T>> {
        let spare = self.spare.get();
        if spare != Self::END {
            self.spare.set(Self::END);
            // SAFETY: the spare one is a slot.
            return Some(self.hand_out(unsafe { self.at(spare) }));
        }
        let head = self.head.get();
        if head == Self::END {
            return self.take_fresh();
        }
        // SAFETY: the head is a slot.
        let slot = unsafe { self.at(head) };
        // SAFETY: in the list, so its link was written, and nobody else uses it.
        self.head.set(unsafe { slot.cast::<u32>().read() });
        Some(self.hand_out(slot))
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "no larger than all slots together")]
    unsafe fn put_back(&self, slot: NonNull<T>) {
        let distance = slot.addr().get() - self.memory.as_ptr().addr();
        debug_assert!(distance < Self::END as usize, "a slot of another pool");
        if self.spare.get() == Self::END {
            self.spare.set(distance as u32);
        } else {
            // This one to the list, and not the spare one: its memory is at hand.
            // SAFETY: by the caller's promise the slot is ours and not used any more; a node has room for a link.
            unsafe { slot.cast::<u32>().write(self.head.get()) };
            self.head.set(distance as u32);
        }
        self.released.set(self.released.get().wrapping_add(1));
    }

    #[inline]
    fn available(&self) -> usize {
        CAP - self.acquired.get().wrapping_sub(self.released.get()) as usize
    }
}
