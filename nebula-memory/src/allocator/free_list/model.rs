//! What the models of `tests/loom` need to see of the free lists: small ones, and threads whose numbers the model chooses.

use core::array::from_fn;

use super::engine::{Engine, Places};
use super::growing::GrowingSlots;
use super::item::Item;
use super::shard::{APART, HEADER, Shard};
use super::stack::{Links, Stack};
use crate::sync::{AtomicU32, asymmetric, thread_id};

/// Makes the calling thread the one of this number, which is at least 1. The model sees to it that there is one only.
pub fn become_thread(number: u32) {
    thread_id::become_thread(number);
}

/// The number of the calling thread, as the crate gives them out.
pub fn number_of_thread() -> Option<u32> {
    thread_id::assign()
}

/// Waits for the end of the thread that had this number; joining it is not enough, because it gives its number back after.
pub fn wait_for_end_of(number: u32) {
    thread_id::wait_until_unused(number);
}

/// The fence that object pools rely on where the kernel does not help,
pub fn light_fence() {
    asymmetric::full_fence();
}

/// and this is the rare one.
pub fn heavy_fence() {
    // Never refused in a model.
    let _ = asymmetric::heavy_fence();
}

/// The fence that shards rely on, and object pools.
pub fn cheap_light_fence() {
    asymmetric::light_fence();
}

/// `CAP` slots, two shards with room for `ROOM` items beside a spare one, and no memory behind.
pub struct Slots<const CAP: usize, const ROOM: usize> {
    depot: Stack,
    places: Beside<CAP, ROOM>,
}

struct Beside<const CAP: usize, const ROOM: usize> {
    links: [AtomicU32; CAP],
    shards: [[AtomicU32; HEADER + APART + 2]; 2],
}

impl<const CAP: usize, const ROOM: usize> Links for Beside<CAP, ROOM> {
    #[expect(clippy::cast_possible_truncation, reason = "a few")]
    const END: u32 = CAP as u32;

    fn link(&self, slot: u32) -> &AtomicU32 {
        &self.links[slot as usize]
    }
}

impl<const CAP: usize, const ROOM: usize> Places for Beside<CAP, ROOM> {
    type Item = u32;

    fn item(&self, slot: u32) -> u32 {
        slot
    }

    fn slot(&self, item: u32) -> u32 {
        item
    }

    const SHARDS: u32 = 2;

    fn shard(&self, number: u32) -> Option<Shard<'_, u32>> {
        let (header, items) = self.shards[number as usize].split_first_chunk::<HEADER>()?;
        Shard::of(header, items)
    }

    const COMPACT: bool = false;

    #[expect(clippy::cast_possible_truncation, reason = "two at most")]
    fn room(&self) -> u32 {
        ROOM as u32
    }
}

impl<const CAP: usize, const ROOM: usize> Slots<CAP, ROOM> {
    /// All free.
    #[expect(clippy::new_without_default, reason = "for models")]
    pub fn new() -> Self {
        const { assert!(ROOM <= 2) };
        let places = Beside {
            links: from_fn(|_| AtomicU32::new(0)),
            shards: from_fn(|_| from_fn(|_| AtomicU32::new(0))),
        };
        Self { depot: Stack::full(), places }
    }

    fn free(&self) -> Engine<'_, Beside<CAP, ROOM>> {
        Engine::new(&self.depot, &self.places)
    }

    /// A free slot.
    pub fn take(&self) -> Option<u32> {
        let item = self.free().take();
        (item != u32::NONE).then_some(item)
    }

    /// Gives it back.
    ///
    /// # Safety
    /// It was taken, and is not used any more.
    pub unsafe fn put_back(&self, slot: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.free().put_back(slot) };
    }

    /// How many are free.
    pub fn available(&self) -> usize {
        self.free().available()
    }
}

/// Slots that grow.
pub struct Growing(GrowingSlots<u32>);

impl Growing {
    /// None yet.
    #[expect(clippy::new_without_default, reason = "for models")]
    pub fn new() -> Self {
        Self(GrowingSlots::new())
    }

    /// The number of one that was put back.
    pub fn take(&self) -> Option<u32> {
        self.0.take().map(|slot| self.0.index_of(slot))
    }

    /// The number of a new one.
    ///
    /// # Panics
    /// If there are too many.
    pub fn add(&self) -> u32 {
        self.0.index_of(self.0.add().expect("few"))
    }

    /// Gives it back.
    ///
    /// # Safety
    /// It was taken or added, and is not used any more.
    pub unsafe fn put_back(&self, number: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.0.put_back(self.0.slot(number)) };
    }

    /// How many can be taken.
    pub fn available(&self) -> usize {
        self.0.available()
    }
}
