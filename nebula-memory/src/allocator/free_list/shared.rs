use core::cell::UnsafeCell;
use core::ptr::NonNull;

use super::slot::{Align, Slot, SlotAlign, checked_capacity};
use crate::sync::{AtomicU64, Backoff, Ordering};

/// Slots that many threads use.
pub struct Slots<T, const CAP: usize, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    free: FreeList<CAP>,
    memory: [UnsafeCell<Slot<T, ALIGN>>; CAP],
}

// SAFETY: the free list gives each index to one owner at a time, and an index and its slot's address are
// inverse to each other. Every slot holds a `T` at its start, aligned (a union).
unsafe impl<T, const CAP: usize, const ALIGN: usize> super::Slots<T> for Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    const STRIDE: usize = size_of::<Slot<T, ALIGN>>();

    #[cfg(not(loom))]
    const FREE: Self = Self { free: FreeList::FULL, memory: [const { Slot::FREE }; CAP] };

    #[cfg(loom)]
    fn free() -> Self {
        Self { free: FreeList::full(), memory: [const { Slot::FREE }; CAP] }
    }

    #[inline]
    fn take(&self) -> Option<NonNull<T>> {
        let index = self.free.pop()?;
        // The array is all cells: its memory may be written through this pointer.
        Some(NonNull::from(&self.memory[index as usize]).cast())
    }

    #[inline]
    unsafe fn put_back(&self, slot: NonNull<T>) {
        let index = Slot::index_of(&self.memory, slot);
        // SAFETY: by the caller's promise the slot came from `take`, so its index from `pop`; it is given up
        // here, once.
        unsafe { self.free.push(index) };
    }

    fn available(&self) -> usize {
        self.free.available()
    }
}

/// Which indices are free: a lock-free stack (Treiber, *Systems programming: coping
/// with parallelism*, 1986) of indices, with a tag against ABA.
///
/// Links are stored as their difference to what they are at the start (slot `i` is followed by `i + 1`, and all
/// are free), so that a list of zeros is a full one.
///
/// The head holds the top slot and a tag that counts pops; a link holds what follows a slot and how many
/// slots are free from it on. Only pops need to count: for a head to be the same again after it was
/// changed, its slot must have been popped. The tag has all bits of the word that the slot does not need: of a
/// pool of a thousand slots it comes round after 2^53 pops within one attempt of one thread.
struct FreeList<const CAP: usize> {
    head: AtomicU64,
    links: [AtomicU64; CAP],
}

/// What stands below a slot: the next slot (or `CAP`), and how many are free including this one.
#[derive(Clone, Copy)]
struct Link {
    next: u32,
    free: u32,
}

const fn pack(high: u32, low: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of the word")]
const fn unpack(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}

impl<const CAP: usize> FreeList<CAP> {
    const END: u32 = checked_capacity(CAP);
    /// The bits of the head that hold a slot, or `END`; above them is the tag.
    const SLOT: u64 = (u32::MAX >> Self::END.leading_zeros()) as u64;

    #[cfg(not(loom))]
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const FULL: Self = Self { head: AtomicU64::new(0), links: [const { AtomicU64::new(0) }; CAP] };

    #[cfg(loom)]
    fn full() -> Self {
        Self { head: AtomicU64::new(0), links: core::array::from_fn(|_| AtomicU64::new(0)) }
    }

    /// The slot at the top, or `END`.
    #[expect(clippy::cast_possible_truncation, reason = "masked to what fits")]
    fn top(head: u64) -> u32 {
        (head & Self::SLOT) as u32
    }

    /// The same head with another slot at the top.
    fn with_top(head: u64, slot: u32) -> u64 {
        head & !Self::SLOT | u64::from(slot)
    }

    /// Of a link whose slot may be in use by now the answer is stale; the caller's next step on the head
    /// fails then.
    fn link(&self, slot: u32) -> Link {
        let (free, next) = unpack(self.links[slot as usize].load(Ordering::Relaxed));
        Link {
            next: next.wrapping_add(slot).wrapping_add(1),
            free: free.wrapping_add(Self::END).wrapping_sub(slot),
        }
    }

    fn set_link(&self, slot: u32, link: Link) {
        let free = link.free.wrapping_sub(Self::END).wrapping_add(slot);
        let next = link.next.wrapping_sub(slot).wrapping_sub(1);
        self.links[slot as usize].store(pack(free, next), Ordering::Relaxed);
    }

    fn free_from(&self, slot: u32) -> u32 {
        if slot >= Self::END { 0 } else { self.link(slot).free }
    }

    /// Takes a free index. It leaves the list only by the compare-exchange here, which succeeds for one thread, and
    /// only if the head, tag included, is what the link was read under; so the link was the index's.
    #[inline]
    fn pop(&self) -> Option<u32> {
        let mut backoff = Backoff::new();
        // Acquire pairs with the release in `push`: the link of the slot is seen, and all that its former
        // owner did with it has happened.
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let slot = Self::top(head);
            if slot >= Self::END {
                return None;
            }
            let below = Self::with_top(head, self.link(slot).next).wrapping_add(Self::SLOT + 1);
            match self.head.compare_exchange_weak(head, below, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => return Some(slot),
                Err(now) => head = now,
            }
            backoff.wait();
        }
    }

    /// Gives an index back.
    ///
    /// # Safety
    /// It was returned by `pop`, was not pushed since, and nobody uses its slot any more.
    #[inline]
    unsafe fn push(&self, slot: u32) {
        let mut backoff = Backoff::new();
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let top = Self::top(head);
            self.set_link(slot, Link { next: top, free: self.free_from(top) + 1 });
            let pushed = Self::with_top(head, slot);
            match self.head.compare_exchange_weak(head, pushed, Ordering::Release, Ordering::Acquire) {
                Ok(_) => return,
                Err(now) => head = now,
            }
            backoff.wait();
        }
    }

    fn available(&self) -> usize {
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let free = self.free_from(Self::top(head));
            // The count belongs to this head only if the head is still there.
            match self.head.load(Ordering::Acquire) {
                now if now == head => return free as usize,
                now => head = now,
            }
        }
    }
}
