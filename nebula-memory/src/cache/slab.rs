//! The entries of a cache, in places that they keep.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a key or a value that is not there is read or dropped | `Slot::full` says whether they are, and only [`Slab`] sets it; each access asks |
//! | they are dropped twice | [`Slab::take`] clears `full` before it reads them; what is read there is the caller's |
//! | a place that there is not | slots are reached by checked indexing |
//! | a drop panics while all are dropped | a slot drops what is in it, and the vector goes on with the others |

use alloc_crate::vec::Vec;
use core::marker::PhantomData;
use core::mem::{MaybeUninit, take};

use super::policy::{END, Id, NONE, Nodes, Notes};
use super::weight::Weigher;

/// As many entries can a cache have.
pub(crate) const MOST: usize = END as usize;

/// An entry, or room for one.
///
/// Invariant: `key` and `value` are initialised exactly if `full`.
pub(crate) struct Slot<K, V, N, T> {
    /// Half of the hash; if the slot is not full, the next that is not.
    hash: u32,
    full: bool,
    mark: u8,
    node: N,
    note: T,
    key: MaybeUninit<K>,
    value: MaybeUninit<V>,
}

impl<K, V, N, T> Slot<K, V, N, T> {
    /// The note, the key and the value, if there are any.
    #[inline(always)]
    pub(crate) fn get(&self) -> Option<(&T, &K, &V)> {
        if !self.full {
            return None;
        }
        // SAFETY: the slot is full.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the slot is full.
        let value = unsafe { self.value.assume_init_ref() };
        Some((&self.note, key, value))
    }

    /// The same, the value to be changed.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self) -> Option<(&T, &K, &mut V)> {
        if !self.full {
            return None;
        }
        // SAFETY: the slot is full.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the slot is full.
        let value = unsafe { self.value.assume_init_mut() };
        Some((&self.note, key, value))
    }

    /// What is in it, which is the caller's from now on.
    #[inline(always)]
    fn take(&mut self) -> Option<(K, V)> {
        if !take(&mut self.full) {
            return None;
        }
        // SAFETY: the slot was full until just now, and is not any more: nobody reads the key again.
        let key = unsafe { self.key.assume_init_read() };
        // SAFETY: as above.
        let value = unsafe { self.value.assume_init_read() };
        Some((key, value))
    }
}

/// The slots of a cache whose entries are weighed by `W`, if they are.
pub(crate) struct Slab<K, V, N, T, W> {
    slots: Vec<Slot<K, V, N, T>>,
    /// What entries weigh, if they do not all weigh the same.
    weights: Vec<u32>,
    /// The first that is not full, or none.
    free: Id,
    len: usize,
    weigher: PhantomData<fn() -> W>,
}

impl<K, V, N: Copy + Default, T: Default, W: Weigher<K, V>> Slab<K, V, N, T, W> {
    pub(crate) const fn new() -> Self {
        Self { slots: Vec::new(), weights: Vec::new(), free: NONE, len: 0, weigher: PhantomData }
    }

    /// How many slots are full.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Puts an entry in. No more than `limit` are expected; [`MOST`] is never exceeded.
    #[inline]
    pub(crate) fn insert(&mut self, hash: u32, key: K, value: V, weight: u32, limit: usize) -> Id {
        let slot = Slot {
            hash,
            full: true,
            mark: 0,
            node: N::default(),
            note: T::default(),
            key: MaybeUninit::new(key),
            value: MaybeUninit::new(value),
        };
        let id = self.free;
        if id == NONE {
            return self.push(slot, weight, limit);
        }
        let place = &mut self.slots[id as usize];
        self.free = place.hash;
        *place = slot;
        if !W::UNIT {
            self.weights[id as usize] = weight;
        }
        self.len += 1;
        id
    }

    #[cold]
    #[inline(never)]
    fn push(&mut self, slot: Slot<K, V, N, T>, weight: u32, limit: usize) -> Id {
        let len = self.slots.len();
        assert!(len < MOST, "a cache has no more entries than ids");
        if len == self.slots.capacity() {
            // Twice as many as there are, but not one more than there will be.
            let room = (2 * len).clamp(4, limit.max(4)).max(len + 1);
            self.slots.reserve_exact(room - len);
            if !W::UNIT {
                self.weights.reserve_exact(room - len);
            }
        }
        self.slots.push(slot);
        if !W::UNIT {
            self.weights.push(weight);
        }
        self.len += 1;
        #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
        let id = len as Id;
        id
    }

    /// Takes an entry out; none if there is none.
    #[inline]
    pub(crate) fn take(&mut self, id: Id) -> Option<(K, V)> {
        let slot = self.slots.get_mut(id as usize)?;
        let entry = slot.take()?;
        slot.hash = self.free;
        self.free = id;
        self.len -= 1;
        Some(entry)
    }

    /// The slot with this number, full or not.
    #[inline(always)]
    pub(crate) fn slot(&self, id: Id) -> &Slot<K, V, N, T> {
        &self.slots[id as usize]
    }

    /// The slot with this number, full or not.
    #[inline(always)]
    pub(crate) fn slot_mut(&mut self, id: Id) -> &mut Slot<K, V, N, T> {
        &mut self.slots[id as usize]
    }

    /// All slots, full or not: ids are their numbers.
    pub(crate) fn slots(&self) -> &[Slot<K, V, N, T>] {
        &self.slots
    }

    /// All slots, full or not.
    pub(crate) fn slots_mut(&mut self) -> &mut [Slot<K, V, N, T>] {
        &mut self.slots
    }

    /// The numbers of the slots there are now.
    pub(crate) fn ids(&self) -> core::ops::Range<Id> {
        #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
        let end = self.slots.len() as Id;
        0..end
    }

    /// Drops everything, and keeps the room.
    pub(crate) fn empty(&mut self) {
        (self.free, self.len) = (NONE, 0);
        self.weights.clear();
        self.slots.clear();
    }

    /// The entries and halves of their hashes.
    pub(crate) fn halves(&self) -> impl Iterator<Item = (Id, u32)> {
        (0..).zip(&self.slots).filter(|(_, slot)| slot.full).map(|(id, slot)| (id, slot.hash))
    }

    /// The note of an entry, to be changed where the rest is lent out.
    #[inline]
    pub(crate) fn take_note(&mut self, id: Id) -> T {
        take(&mut self.slots[id as usize].note)
    }

    #[inline]
    pub(crate) fn set_note(&mut self, id: Id, note: T) {
        self.slots[id as usize].note = note;
    }

    /// Sets what an entry weighs.
    pub(crate) fn set_weight(&mut self, id: Id, weight: u32) {
        if !W::UNIT {
            self.weights[id as usize] = weight;
        }
    }

    /// A slab with the same entries in the same places.
    pub(crate) fn duplicate(&self, note: impl Fn(&T) -> T) -> Self
    where
        K: Clone,
        V: Clone,
    {
        let mut twin = Self::new();
        twin.slots.reserve_exact(self.slots.len());
        for slot in &self.slots {
            let entry = slot.get().map(|(_, key, value)| (key.clone(), value.clone()));
            let (full, (key, value)) = match entry {
                Some((key, value)) => (true, (MaybeUninit::new(key), MaybeUninit::new(value))),
                None => (false, (MaybeUninit::uninit(), MaybeUninit::uninit())),
            };
            let (hash, mark, node, note) = (slot.hash, slot.mark, slot.node, note(&slot.note));
            twin.slots.push(Slot { hash, full, mark, node, note, key, value });
        }
        twin.weights.clone_from(&self.weights);
        (twin.free, twin.len) = (self.free, self.len);
        twin
    }
}

impl<K, V, N: Copy + Default, T: Default, W: Weigher<K, V>> Nodes<N> for Slab<K, V, N, T, W> {
    #[inline(always)]
    fn node(&self, id: Id) -> &N {
        &self.slots[id as usize].node
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.slots[id as usize].node
    }

    #[inline(always)]
    fn mark(&self, id: Id) -> u8 {
        self.slots[id as usize].mark
    }

    #[inline(always)]
    fn set_mark(&mut self, id: Id, mark: u8) {
        self.slots[id as usize].mark = mark;
    }

    #[inline(always)]
    fn hash(&self, id: Id) -> u32 {
        self.slots[id as usize].hash
    }

    #[inline(always)]
    fn weight(&self, id: Id) -> u64 {
        if W::UNIT { 1 } else { u64::from(self.weights[id as usize]) }
    }
}

impl<K, V, N, T, W> Notes<T> for Slab<K, V, N, T, W> {
    #[inline]
    fn note(&self, id: Id) -> &T {
        &self.slots[id as usize].note
    }
}

impl<K, V, N, T> Drop for Slot<K, V, N, T> {
    #[inline]
    fn drop(&mut self) {
        drop(self.take());
    }
}
