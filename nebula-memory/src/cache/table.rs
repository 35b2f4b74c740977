//! The entries of a cache, in places that they keep, and the index by which they are found.
//!
//! What belongs to an entry stands together: if one part of it is needed, so are others, and each line of memory that the processor
//! does not have costs more than all the rest of a call.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a key or a value that is not there is read or dropped | an id is in the index exactly while its entry is initialised, and entries are only reached by the index |
//! | they are dropped twice | an id is in the index once at most: it goes in when it comes from the free list, and goes there when it is out |
//! | somebody else changes the index or the free list | both are private to [`Table`], and no user's code runs while they disagree |
//! | a comparison panics, or a drop | a look-up changes nothing; what is dropped is out of the table before |

use alloc_crate::vec::Vec;
use core::iter::Enumerate;
use core::mem::{MaybeUninit, forget, needs_drop, replace};
use core::slice;

use super::index::{Index, Place, Places};
use super::policy::{END, Id, NONE};
use super::prefetch::prefetch;

/// As many entries can a cache have.
pub(crate) const MOST: usize = END as usize;

/// The entries of a cache.
///
/// Invariant: an id is in the index at most once, with the half in its slot, and it is there exactly if the entry in its slot is
/// initialised. The other ids below the number of slots are on the free list.
pub(crate) struct Table<K, V, N> {
    index: Index,
    slots: Vec<Slot<K, V, N>>,
    free: Id,
    len: usize,
}

/// Room for an entry.
struct Slot<K, V, N> {
    /// Half of the hash of the entry; where there is none, the next id that is free.
    half: u32,
    mark: u8,
    node: N,
    key: MaybeUninit<K>,
    value: MaybeUninit<V>,
}

impl<K, V, N> Slot<K, V, N> {
    #[inline(always)]
    fn empty(next: Id) -> Self
    where
        N: Default,
    {
        Self {
            half: next,
            mark: 0,
            node: N::default(),
            key: MaybeUninit::uninit(),
            value: MaybeUninit::uninit(),
        }
    }

    /// What is in it.
    ///
    /// # Safety
    ///
    /// It is initialised.
    #[inline(always)]
    unsafe fn entry(&self) -> (&K, &V) {
        // SAFETY: the caller promises it.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the caller promises it.
        let value = unsafe { self.value.assume_init_ref() };
        (key, value)
    }

    /// What is in it, the value to be changed.
    ///
    /// # Safety
    ///
    /// It is initialised.
    #[inline(always)]
    unsafe fn entry_mut(&mut self) -> (&K, &mut V) {
        // SAFETY: the caller promises it.
        let key = unsafe { self.key.assume_init_ref() };
        // SAFETY: the caller promises it.
        let value = unsafe { self.value.assume_init_mut() };
        (key, value)
    }

    /// What is in it, to be the caller's.
    ///
    /// # Safety
    ///
    /// It is initialised, and not used as such again.
    #[inline(always)]
    unsafe fn read(&self) -> (K, V) {
        // SAFETY: the caller promises it.
        let key = unsafe { self.key.assume_init_read() };
        // SAFETY: the caller promises it.
        let value = unsafe { self.value.assume_init_read() };
        (key, value)
    }
}

impl<K, V, N> Table<K, V, N> {
    pub(crate) fn new() -> Self {
        Self { index: Index::new(1), slots: Vec::new(), free: NONE, len: 0 }
    }

    /// How many entries there are.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Where the entry is of which `is_it` says that it is meant, among those with this half.
    #[inline(always)]
    pub(crate) fn find(&self, half: u32, mut is_it: impl FnMut(&K) -> bool) -> Option<Place> {
        self.index.find(half, |id| {
            // SAFETY: it is in the index, so it is initialised by the invariant.
            let (key, _) = unsafe { self.slots[id as usize].entry() };
            is_it(key)
        })
    }

    /// Where an entry is that was put in under this id; `None` if it is not there any more.
    #[inline(always)]
    pub(crate) fn place_of(&self, id: Id) -> Option<Place> {
        let half = self.slots.get(id as usize)?.half;
        self.index.find(half, |other| other == id)
    }

    /// What is in a place, if it is in use.
    #[inline(always)]
    pub(crate) fn get(&self, at: Place) -> Option<(Id, &K, &V)> {
        let id = self.index.get(at)?;
        // SAFETY: it is in the index, so it is initialised by the invariant.
        let (key, value) = unsafe { self.slots[id as usize].entry() };
        Some((id, key, value))
    }

    /// What is in a place, if it is in use, the value to be changed.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, at: Place) -> Option<(Id, &K, &mut V)> {
        let id = self.index.get(at)?;
        // SAFETY: it is in the index, so it is initialised by the invariant.
        let (key, value) = unsafe { self.slots[id as usize].entry_mut() };
        Some((id, key, value))
    }

    /// Takes out what is in a place, if it is in use.
    #[inline]
    pub(crate) fn take(&mut self, at: Place) -> Option<(Id, K, V)> {
        let id = self.index.get(at)?;
        let slot = &mut self.slots[id as usize];
        let half = replace(&mut slot.half, replace(&mut self.free, id));
        self.index.remove(half, at);
        self.len -= 1;
        // SAFETY: the id was in the index, so the entry is initialised; it is out now, so nobody reads it again.
        let (key, value) = unsafe { slot.read() };
        Some((id, key, value))
    }

    /// All places, those included that are not in use.
    pub(crate) fn places(&self) -> Places {
        self.index.places()
    }

    /// What is there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Id, &K, &V)> + Clone {
        self.places().filter_map(|at| self.get(at))
    }

    /// What is there, the values to be changed.
    pub(crate) fn iter_mut(&mut self) -> EntriesMut<'_, K, V, N> {
        EntriesMut { index: &self.index, slots: self.slots.iter_mut().enumerate() }
    }

    /// Makes room for as many entries as before, of which there is none.
    pub(crate) fn clear(&mut self) {
        self.drop_all();
        self.slots.clear();
        self.index.clear();
        (self.free, self.len) = (NONE, 0);
    }

    /// Drops the entries one by one; if one panics, those after it as well.
    fn drop_all(&mut self) {
        struct Rest<'a, K, V, N>(&'a mut Table<K, V, N>, Places);
        impl<K, V, N> Rest<'_, K, V, N> {
            fn run(&mut self) {
                for at in self.1.by_ref() {
                    drop(self.0.take(at));
                }
            }
        }
        impl<K, V, N> Drop for Rest<'_, K, V, N> {
            fn drop(&mut self) {
                self.run();
            }
        }
        if needs_drop::<(K, V)>() {
            let places = self.places();
            let mut rest = Rest(self, places);
            rest.run();
            forget(rest);
        }
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
            prefetch(slot);
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
        *slot = Slot {
            half,
            mark: 0,
            node: N::default(),
            key: MaybeUninit::new(key),
            value: MaybeUninit::new(value),
        };
        self.len += 1;
        self.index.insert(half, id);
        id
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
            for id in self.index.iter() {
                index.insert(self.slots[id as usize].half, id);
            }
            self.index = index;
        }
        self.slots.push(Slot::empty(self.free));
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

/// What is in a table: see [`Table::iter_mut`].
pub(crate) struct EntriesMut<'a, K, V, N> {
    index: &'a Index,
    slots: Enumerate<slice::IterMut<'a, Slot<K, V, N>>>,
}

impl<'a, K, V, N> Iterator for EntriesMut<'a, K, V, N> {
    type Item = (Id, &'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        for (id, slot) in self.slots.by_ref() {
            #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
            let id = id as Id;
            if self.index.find(slot.half, |other| other == id).is_some() {
                // SAFETY: it is in the index, so it is initialised by the invariant.
                let (key, value) = unsafe { slot.entry_mut() };
                return Some((id, key, value));
            }
        }
        None
    }
}

impl<K: Clone, V: Clone, N: Copy + Default> Clone for Table<K, V, N> {
    fn clone(&self) -> Self {
        // The ids stay, as others know them. What is cloned so far is dropped if a clone panics.
        let mut twin =
            Self { index: Index::like(&self.index), slots: Vec::new(), free: self.free, len: self.len };
        let empty =
            |slot: &Slot<K, V, N>| Slot { mark: slot.mark, node: slot.node, ..Slot::empty(slot.half) };
        twin.slots.extend(self.slots.iter().map(empty));
        for (id, key, value) in self.iter() {
            let (key, value) = (key.clone(), value.clone());
            let slot = &mut twin.slots[id as usize];
            slot.key.write(key);
            slot.value.write(value);
            twin.index.insert(slot.half, id);
        }
        twin
    }
}

impl<K, V, N> Drop for Table<K, V, N> {
    fn drop(&mut self) {
        self.drop_all();
    }
}
