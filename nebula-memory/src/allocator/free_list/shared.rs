use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::engine::{Engine, Places};
use super::item::Item;
#[cfg(feature = "std")]
use super::shard::{APART, HEADER, Shard};
use super::slot::{Align, Slot, SlotAlign, checked_capacity};
use super::stack::{Links, Stack};
use crate::sync::AtomicU32;

/// Slots that many threads use.
pub struct Slots<T, const CAP: usize, const ALIGN: usize>
where
    Align<ALIGN>: SlotAlign,
{
    depot: Stack,
    places: Beside<Slot<T, ALIGN>, CAP>,
    memory: [UnsafeCell<Slot<T, ALIGN>>; CAP],
}

/// What lies beside the slots: a link for each, and as much memory for shards.
///
/// How many shards there are and how large is made of that: a type cannot have a number of fields that depends on a parameter,
/// but an array of words can be cut.
struct Beside<S, const CAP: usize> {
    links: [AtomicU32; CAP],
    #[cfg(feature = "std")]
    shards: [AtomicU32; CAP],
    slot: PhantomData<S>,
}

/// Words before each shard that nobody uses: a line of the cache, so that no two of them are in one wherever the pool lies. Before,
/// because in a large pool shards are pages apart, and so far from its beginning too: their first words would be, to a processor that
/// compares the ends of addresses first, those of the first object, which is written between one call and the next.
#[cfg(feature = "std")]
const GAP: usize = 16;
/// No shard has more items: two magazines.
#[cfg(feature = "std")]
const MOST_ITEMS: usize = 128;

impl<S, const CAP: usize> Beside<S, CAP> {
    /// The items of a shard are distances from the first slot in bytes, so that neither taking nor giving back multiplies or divides;
    /// of a pool of 4 GiB and more, which they cannot measure, indices.
    const IN_BYTES: bool = size_of::<[S; CAP]>() <= u32::MAX as usize;

    /// From one slot to the next.
    #[expect(clippy::cast_possible_truncation, reason = "no larger than all slots together")]
    const UNITS: u32 = if Self::IN_BYTES { size_of::<S>() as u32 } else { 1 };

    /// A small pool has few shards that are worth it rather than many that hold nothing; a very small one has none.
    #[cfg(feature = "std")]
    const COUNT: usize = match CAP {
        0..32 => 0,
        32..256 => 1 << (CAP / 32).ilog2(),
        256..4096 => 8,
        _ => 16,
    };
    /// The words of a shard.
    #[cfg(feature = "std")]
    const WORDS: usize = {
        match CAP.checked_div(Self::COUNT) {
            None => 0,
            Some(all) if all > GAP + HEADER + APART + MOST_ITEMS => HEADER + APART + MOST_ITEMS,
            Some(all) => all - GAP,
        }
    };

    #[cfg(not(loom))]
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    const NEW: Self = Self {
        links: [const { AtomicU32::new(0) }; CAP],
        #[cfg(feature = "std")]
        shards: [const { AtomicU32::new(0) }; CAP],
        slot: PhantomData,
    };

    #[cfg(loom)]
    fn new() -> Self {
        Self {
            links: core::array::from_fn(|_| AtomicU32::new(0)),
            #[cfg(feature = "std")]
            shards: core::array::from_fn(|_| AtomicU32::new(0)),
            slot: PhantomData,
        }
    }
}

impl<S, const CAP: usize> Links for Beside<S, CAP> {
    const END: u32 = checked_capacity(CAP);

    #[inline(always)]
    fn link(&self, slot: u32) -> &AtomicU32 {
        &self.links[slot as usize]
    }
}

impl<S, const CAP: usize> Places for Beside<S, CAP> {
    type Item = u32;

    #[inline(always)]
    fn item(&self, slot: u32) -> u32 {
        slot * Self::UNITS
    }

    #[inline(always)]
    fn slot(&self, item: u32) -> u32 {
        item / Self::UNITS
    }

    #[cfg(feature = "std")]
    #[expect(clippy::cast_possible_truncation, reason = "sixteen at most")]
    const SHARDS: u32 = Self::COUNT as u32;

    #[cfg(feature = "std")]
    #[inline(always)]
    fn shard(&self, number: u32) -> Option<Shard<'_, u32>> {
        let start = number as usize * (CAP / Self::COUNT) + GAP;
        let (header, items) = self.shards.get(start..start + Self::WORDS)?.split_first_chunk::<HEADER>()?;
        Shard::of(header, items)
    }

    #[cfg(feature = "std")]
    const COMPACT: bool = false;

    #[cfg(feature = "std")]
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "a hundred or so")]
    fn room(&self) -> u32 {
        const { (Self::WORDS.saturating_sub(HEADER + APART)) as u32 }
    }
}

impl<T, const CAP: usize, const ALIGN: usize> Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    #[inline(always)]
    fn free(&self) -> Engine<'_, Beside<Slot<T, ALIGN>, CAP>> {
        Engine::new(&self.depot, &self.places)
    }
}

// SAFETY: the free list gives each index to one owner at a time, and an index and its slot's address are
// inverse to each other. Every slot holds a `T` at its start, aligned (a union).
unsafe impl<T, const CAP: usize, const ALIGN: usize> super::Slots<T> for Slots<T, CAP, ALIGN>
where
    Align<ALIGN>: SlotAlign,
{
    const STRIDE: usize = size_of::<Slot<T, ALIGN>>();

    #[cfg(not(loom))]
    const FREE: Self = Self { depot: Stack::FULL, places: Beside::NEW, memory: [const { Slot::FREE }; CAP] };

    #[cfg(loom)]
    fn free() -> Self {
        Self { depot: Stack::full(), places: Beside::new(), memory: [const { Slot::FREE }; CAP] }
    }

    #[inline(always)]
    fn take(&self) -> Option<NonNull<T>> {
        let item = self.free().take();
        if item == u32::NONE {
            return None;
        }
        if Beside::<Slot<T, ALIGN>, CAP>::IN_BYTES {
            // The array is all cells: its memory may be written through this pointer.
            let first = NonNull::from(&self.memory).cast::<T>();
            // SAFETY: the distance of a slot.
            Some(unsafe { first.byte_add(item as usize) })
        } else {
            Some(NonNull::from(&self.memory[item as usize]).cast())
        }
    }

    #[inline(always)]
    unsafe fn put_back(&self, slot: NonNull<T>) {
        #[expect(clippy::cast_possible_truncation, reason = "less than 4 GiB")]
        let item = if Beside::<Slot<T, ALIGN>, CAP>::IN_BYTES {
            let distance = slot.addr().get() - self.memory.as_ptr().addr();
            debug_assert!(distance < size_of_val(&self.memory), "a slot of another pool");
            distance as u32
        } else {
            Slot::index_of(&self.memory, slot)
        };
        // SAFETY: by the caller's promise the slot came from `take`, so its item is from the free list; it is given up
        // here, once.
        unsafe { self.free().put_back(item) };
    }

    fn available(&self) -> usize {
        self.free().available()
    }

    #[inline(always)]
    fn index_of(&self, slot: NonNull<T>) -> usize {
        Slot::index_of(&self.memory, slot) as usize
    }

    fn at_index(&self, index: usize) -> NonNull<T> {
        assert!(index < CAP, "a pool has no slot {index}");
        // The array is all cells: its memory may be written through this pointer.
        let first = NonNull::from(&self.memory).cast::<Slot<T, ALIGN>>();
        // SAFETY: within the array.
        unsafe { first.add(index) }.cast()
    }
}
