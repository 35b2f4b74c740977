use core::cell::UnsafeCell;
use core::ptr::NonNull;

use super::slot::{Align, Slot, SlotAlign, checked_capacity};
use super::stack::{Links, Stack};
use crate::sync::AtomicU64;

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

/// A stack of indices with the links beside the slots.
struct FreeList<const CAP: usize> {
    stack: Stack,
    links: FixedLinks<CAP>,
}

struct FixedLinks<const CAP: usize>([AtomicU64; CAP]);

impl<const CAP: usize> Links for FixedLinks<CAP> {
    const END: u32 = checked_capacity(CAP);

    #[inline(always)]
    fn link(&self, slot: u32) -> &AtomicU64 {
        &self.0[slot as usize]
    }
}

impl<const CAP: usize> FreeList<CAP> {
    #[cfg(not(loom))]
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const FULL: Self = Self { stack: Stack::FULL, links: FixedLinks([const { AtomicU64::new(0) }; CAP]) };

    #[cfg(loom)]
    fn full() -> Self {
        Self { stack: Stack::full(), links: FixedLinks(core::array::from_fn(|_| AtomicU64::new(0))) }
    }

    #[inline]
    fn pop(&self) -> Option<u32> {
        self.stack.pop(&self.links)
    }

    /// Gives an index back.
    ///
    /// # Safety
    /// It was returned by `pop`, was not pushed since, and nobody uses its slot any more.
    #[inline]
    unsafe fn push(&self, slot: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.stack.push(&self.links, slot) };
    }

    fn available(&self) -> usize {
        self.stack.available(&self.links)
    }
}
