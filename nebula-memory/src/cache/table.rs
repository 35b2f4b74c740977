//! The entries of a cache, in places that they keep, and the index by which they are found.
//!
//! What belongs to an entry stands together: if one part of it is needed, so are others, and each line of memory that the processor
//! does not have costs more than all the rest of a call.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a key or a value that is not there is read or dropped | `Slot::at` says whether they are, and each access asks, except a look-up: what it finds in the index is full |
//! | they are dropped twice | `Slot::empty_out` says so in `at` before it reads them; what is read there is the caller's |
//! | an id that there is not, or that means another entry by now | slots are reached by checked indexing, and are full or not: it may be the wrong entry, but it is one |
//! | a comparison panics, or a drop | a look-up changes nothing; what is dropped is out of the table before |

use alloc_crate::vec::Vec;
use core::hint::assert_unchecked;
use core::mem::{MaybeUninit, needs_drop, replace};
use core::ops::Range;
use core::slice;

use super::index::{FAR, Index, NOWHERE, Near};
use super::policy::{END, Id, NONE};
use super::prefetch::prefetch;

/// As many entries can a cache have.
pub(crate) const MOST: usize = END as usize;

/// The entries of a cache.
///
/// Invariant: an id that is in the index is one of a slot, and that is full. So ids come into it after their slot was filled, and
/// leave it before it is emptied; nothing that could panic comes in between. `Slot::at` of a full one is what the index has said of
/// it, so that what leaves the index is this id. The other slots are on the free list. There are no more slots than the index has
/// room for.
pub(crate) struct Table<K, V, N> {
    index: Index,
    slots: Vec<Slot<K, V, N>>,
    free: Id,
    len: usize,
}

/// An entry, or room for one.
///
/// Invariant: `key` and `value` are initialised unless `at` is [`NOWHERE`].
pub(crate) struct Slot<K, V, N> {
    /// Half of the hash of the entry; where there is none, the next id that is free.
    half: u32,
    /// Where it is in the index; [`NOWHERE`] if there is none.
    at: u8,
    mark: u8,
    node: N,
    key: MaybeUninit<K>,
    value: MaybeUninit<V>,
}

impl<K, V, N> Slot<K, V, N> {
    #[inline(always)]
    fn empty(next: Id, mark: u8, node: N) -> Self {
        Self { half: next, at: NOWHERE, mark, node, key: MaybeUninit::uninit(), value: MaybeUninit::uninit() }
    }

    /// Puts an entry in, which is or comes to be there in the index. What was in it, if it was full, is lost.
    #[inline(always)]
    fn fill(&mut self, key: K, value: V, at: u8) {
        self.key.write(key);
        self.value.write(value);
        self.at = at;
    }

    /// Whether there is an entry.
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.at != NOWHERE
    }

    /// What is in it.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<(&K, &V)> {
        if !self.is_full() {
            return None;
        }
        // SAFETY: the slot is full.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the slot is full.
        let value = unsafe { self.value.assume_init_ref() };
        Some((key, value))
    }

    /// What is in it, the value to be changed.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self) -> Option<(&K, &mut V)> {
        if !self.is_full() {
            return None;
        }
        // SAFETY: the slot is full.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the slot is full.
        let value = unsafe { self.value.assume_init_mut() };
        Some((key, value))
    }

    /// What is in it, which is the caller's from now on.
    #[inline(always)]
    fn take(&mut self) -> Option<(K, V)> {
        if !self.is_full() {
            return None;
        }
        // SAFETY: the slot is full.
        Some(unsafe { self.empty_out() })
    }

    /// The same of a slot of which this is known.
    ///
    /// # Safety
    ///
    /// The slot is full.
    #[inline(always)]
    unsafe fn empty_out(&mut self) -> (K, V) {
        self.at = NOWHERE;
        // SAFETY: the slot was full until just now, and is not any more: nobody reads the key again.
        let key = unsafe { self.key.assume_init_read() };
        // SAFETY: as above.
        let value = unsafe { self.value.assume_init_read() };
        (key, value)
    }
}

impl<K, V, N> Drop for Slot<K, V, N> {
    #[inline]
    fn drop(&mut self) {
        if needs_drop::<(K, V)>() {
            drop(self.take());
        }
    }
}

impl<K, V, N> Table<K, V, N> {
    pub(crate) fn new() -> Self {
        // One group. It has more places than the first slots, so that both do not grow at the same time.
        Self { index: Index::new(5), slots: Vec::new(), free: NONE, len: 0 }
    }

    /// How many entries there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The entry of which `is_it` says that it is meant, among those with this half.
    #[inline(always)]
    pub(crate) fn find(&self, half: u32, mut is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        match self.find_near(half, &mut is_it) {
            Near::Found(id) => Some(id),
            Near::Absent => None,
            Near::Unknown => self.find_after(half, is_it),
        }
    }

    /// The same, as far as it can be said at once.
    #[inline(always)]
    pub(crate) fn find_near(&self, half: u32, is_it: &mut impl FnMut(&K) -> bool) -> Near {
        let near = self.index.find_near(half, &mut |id| {
            // SAFETY: what is in the index is the id of a slot.
            let slot = unsafe { self.slots.get_unchecked(id as usize) };
            // SAFETY: which is full.
            is_it(unsafe { slot.key.assume_init_ref() })
        });
        if let Near::Found(id) = near {
            // SAFETY: as above. Who goes on with this id need not ask.
            unsafe { assert_unchecked((id as usize) < self.slots.len()) };
            // SAFETY: as above.
            unsafe { assert_unchecked(self.slots[id as usize].is_full()) };
        }
        near
    }

    /// The same if it could not be said at once.
    #[inline(always)]
    pub(crate) fn find_after(&self, half: u32, mut is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        self.index.find_after(half, |id| self.get(id).is_some_and(|(key, _)| is_it(key)))
    }

    /// An entry, if it is there.
    #[inline(always)]
    pub(crate) fn get(&self, id: Id) -> Option<(&K, &V)> {
        self.slots[id as usize].get()
    }

    /// An entry, if it is there, its value to be changed.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, id: Id) -> Option<(&K, &mut V)> {
        self.slots[id as usize].get_mut()
    }

    /// Takes out an entry, if it is there.
    #[inline]
    pub(crate) fn take(&mut self, id: Id) -> Option<(K, V)> {
        let slot = &mut self.slots[id as usize];
        if !slot.is_full() {
            return None;
        }
        self.index.remove(slot.half, id, slot.at);
        slot.half = replace(&mut self.free, id);
        self.len -= 1;
        // SAFETY: it was full above, and nothing has emptied it since.
        Some(unsafe { slot.empty_out() })
    }

    /// The ids that there are, those included that are free.
    pub(crate) fn ids(&self) -> Range<Id> {
        #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
        let end = self.slots.len() as Id;
        0..end
    }

    /// All slots, by id, full or not.
    pub(crate) fn slots(&self) -> slice::Iter<'_, Slot<K, V, N>> {
        self.slots.iter()
    }

    /// All slots, by id, full or not.
    pub(crate) fn slots_mut(&mut self) -> slice::IterMut<'_, Slot<K, V, N>> {
        self.slots.iter_mut()
    }

    /// Drops everything, and keeps the room.
    pub(crate) fn clear(&mut self) {
        self.index.clear();
        (self.free, self.len) = (NONE, 0);
        self.slots.clear();
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: u32) {
        self.index.fetch(half);
    }

    /// Asks for the memory of an entry.
    #[inline(always)]
    pub(crate) fn fetch_slot(&self, id: Id) {
        if let Some(slot) = self.slots.get(id as usize) {
            // They may be on two lines. What has no need of an even address stands at one end of it.
            prefetch(&slot.node);
            prefetch(&slot.at);
        }
    }

    /// Asks for the memory of an entry that may have this half.
    #[inline(always)]
    pub(crate) fn fetch_entry(&self, half: u32) {
        if let Some(slot) = self.index.guess(half).and_then(|id| self.slots.get(id as usize)) {
            prefetch(slot);
        }
    }
}

impl<K, V, N: Copy + Default> Table<K, V, N> {
    /// Puts in what is not there. No more than `limit` entries are expected.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MOST`].
    #[inline]
    pub(crate) fn insert(&mut self, half: u32, key: K, value: V, limit: usize) -> Id {
        if self.free == NONE {
            self.grow(limit);
        }
        let id = self.free;
        let slot = &mut self.slots[id as usize];
        self.free = slot.half;
        (slot.half, slot.mark, slot.node) = (half, 0, N::default());
        slot.fill(key, value, FAR);
        slot.at = self.index.insert(half, id);
        self.len += 1;
        id
    }

    /// Puts in what is not there, in the place of an entry, which comes out.
    ///
    /// # Panics
    ///
    /// If that is not there.
    #[inline(always)]
    pub(crate) fn trade(&mut self, id: Id, half: u32, key: K, value: V) -> (K, V) {
        let slot = &mut self.slots[id as usize];
        assert!(slot.is_full(), "who leaves is there");
        self.index.remove(slot.half, id, slot.at);
        // SAFETY: it was full above, and nothing has emptied it since.
        let gone = unsafe { slot.empty_out() };
        (slot.half, slot.mark, slot.node) = (half, 0, N::default());
        slot.fill(key, value, FAR);
        slot.at = self.index.insert(half, id);
        gone
    }

    /// One more free id, and room for it in the index.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, limit: usize) {
        let len = self.slots.len();
        assert!(len < MOST, "a cache has no more entries than ids");
        // Twice as many as there are, but not one more than there will be.
        let room = (2 * len).clamp(4, limit.max(4)).max(len + 1).min(MOST);
        if len == self.slots.capacity() {
            self.slots.reserve_exact(room - len);
        }
        if len >= self.index.room() {
            let mut index = Index::new(room);
            for (id, slot) in (0..).zip(&mut self.slots) {
                if slot.is_full() {
                    slot.at = index.insert(slot.half, id);
                }
            }
            self.index = index;
        }
        self.slots.push(Slot::empty(self.free, 0, N::default()));
        #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
        let id = len as Id;
        self.free = id;
    }
}

impl<K, V, N> Table<K, V, N> {
    /// What the policy keeps beside an entry.
    #[inline(always)]
    pub(crate) fn node(&self, id: Id) -> &N {
        &self.slots[id as usize].node
    }

    /// The same, if there is such a place.
    #[inline(always)]
    pub(crate) fn node_in(&mut self, id: Id) -> Option<&mut N> {
        self.slots.get_mut(id as usize).map(|slot| &mut slot.node)
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(crate) fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.slots[id as usize].node
    }

    /// How often an entry was hit, as far as is counted.
    #[inline(always)]
    pub(crate) fn mark(&self, id: Id) -> u8 {
        self.slots[id as usize].mark
    }

    /// The same, to be changed.
    #[inline(always)]
    pub(crate) fn mark_mut(&mut self, id: Id) -> &mut u8 {
        &mut self.slots[id as usize].mark
    }

    /// Half of the hash of an entry.
    #[inline(always)]
    pub(crate) fn half(&self, id: Id) -> u32 {
        self.slots[id as usize].half
    }
}

impl<K: Clone, V: Clone, N: Copy> Clone for Table<K, V, N> {
    fn clone(&self) -> Self {
        // The ids stay, as others know them.
        let copy = |slot: &Slot<K, V, N>| {
            let mut twin = Slot::empty(slot.half, slot.mark, slot.node);
            if let Some((key, value)) = slot.get() {
                twin.fill(key.clone(), value.clone(), slot.at);
            }
            twin
        };
        let slots = self.slots.iter().map(copy).collect();
        Self { index: self.index.clone(), slots, free: self.free, len: self.len }
    }
}
