use std::boxed::Box;

use super::cells::{CellId, NO_CELL};
use crate::cache::prefetch::prefetch;
use crate::cache::tags::{FREE, PLACES, Probe, STICKY, Tags, groups_for, room_of, tag};
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// Out of 100 places, so many are in use at most.
const LOAD: usize = 70;

/// Which cells have which hash: a hash table that is written by who has the lock, and read by anybody.
///
/// An entry never changes its place as long as it is there, so a reader that goes over all the places where it could be does not miss
/// it. A tag is a hint; what counts is the id, of which a reader sees by `Acquire` what was written into the cell before.
/// An entry that is taken out is so as soon as its id is overwritten.
pub(super) struct Table {
    tags: Box<[TagWords]>,
    /// As many as there are groups of tags.
    ids: Box<[Ids]>,
    room: usize,
}

/// Tags, the first in the lower byte of the first word, and the counter.
#[repr(align(16))]
struct TagWords([AtomicU64; 2]);

/// The ids of a group: a line of the processor's cache.
#[repr(align(64))]
struct Ids([AtomicU32; PLACES + 1]);

impl Table {
    /// Nothing in it, and room for so many.
    pub(super) fn new(room: usize) -> Self {
        let groups = groups_for(room.max(1), PLACES * LOAD);
        let tags = (0..groups).map(|_| TagWords([AtomicU64::new(0), AtomicU64::new(0)])).collect();
        let ids = (0..groups).map(|_| Ids(core::array::from_fn(|_| AtomicU32::new(NO_CELL)))).collect();
        Self { tags, ids, room: room_of(groups, PLACES * LOAD) }
    }

    /// So many entries are enough for it.
    #[inline(always)]
    pub(super) fn room(&self) -> usize {
        self.room
    }

    #[inline(always)]
    pub(super) fn groups(&self) -> usize {
        self.tags.len()
    }

    /// The groups where entries with this half of a hash can be.
    #[inline(always)]
    pub(super) fn probe(&self, half: u32) -> Probe {
        Probe::new(half, self.tags.len())
    }

    /// The tags of a group, each as it was at some moment.
    #[inline(always)]
    pub(super) fn tags(&self, group: usize) -> Tags {
        let [low, high] = &self.tags[group].0;
        Tags::from_words([low.load(Ordering::Acquire), high.load(Ordering::Acquire)])
    }

    /// The id in a place.
    #[inline(always)]
    pub(super) fn id(&self, group: usize, place: usize) -> &AtomicU32 {
        &self.ids[group].0[place & PLACES]
    }

    /// Has the memory fetched where a look-up begins.
    #[inline(always)]
    pub(super) fn prefetch(&self, half: u32) {
        let group = self.probe(half).group;
        prefetch(&self.tags[group]);
        prefetch(&self.ids[group]);
    }

    /// Has the ids of a group fetched, while its tags are looked at.
    #[inline(always)]
    pub(super) fn prefetch_ids(&self, group: usize) {
        if let Some(ids) = self.ids.get(group) {
            prefetch(ids);
        }
    }

    #[inline(always)]
    fn set_byte(&self, group: usize, place: usize, byte: u8) {
        let word = &self.tags[group].0[(place / 8) & 1];
        let shift = place % 8 * 8;
        let others = word.load(Ordering::Relaxed) & !(0xFF << shift);
        word.store(others | u64::from(byte) << shift, Ordering::Release);
    }

    /// Whether `is_it` says so of any id with this half of a hash. For who has the lock, as all that follows.
    #[inline(always)]
    pub(super) fn any(&self, half: u32, is_it: impl FnMut(CellId) -> bool) -> bool {
        self.find(half, is_it).is_some()
    }

    #[inline(always)]
    fn find(&self, half: u32, mut is_it: impl FnMut(CellId) -> bool) -> Option<(usize, usize)> {
        let tag = tag(half);
        let mut probe = self.probe(half);
        loop {
            let tags = self.tags(probe.group);
            for place in tags.matching(tag) {
                if is_it(self.id(probe.group, place).load(Ordering::Relaxed)) {
                    return Some((probe.group, place));
                }
            }
            if tags.overflow() == 0 || !probe.advance() {
                return None;
            }
        }
    }

    /// Adds an id that is not there. There has to be [room](Self::room).
    #[inline(always)]
    pub(super) fn insert(&self, half: u32, id: CellId) {
        let home = self.probe(half).group;
        match self.tags(home).matching(FREE).first() {
            Some(place) => self.set(home, place, half, id),
            None => self.insert_beyond(half, id),
        }
    }

    #[inline(always)]
    fn set(&self, group: usize, place: usize, half: u32, id: CellId) {
        self.id(group, place).store(id, Ordering::Release);
        self.set_byte(group, place, tag(half));
    }

    #[cold]
    #[inline(never)]
    fn insert_beyond(&self, half: u32, id: CellId) {
        let mut probe = self.probe(half);
        loop {
            let tags = self.tags(probe.group);
            if let Some(place) = tags.matching(FREE).first() {
                return self.set(probe.group, place, half, id);
            }
            // Before the id, so that nobody stops here who is after it.
            self.set_byte(probe.group, PLACES, tags.overflow().saturating_add(1));
            if !probe.advance() {
                return;
            }
        }
    }

    /// Takes out an id that is there.
    #[inline(always)]
    pub(super) fn remove(&self, half: u32, id: CellId) {
        let home = self.probe(half).group;
        for place in self.tags(home).matching(tag(half)) {
            if self.id(home, place).load(Ordering::Relaxed) == id {
                return self.unset(home, place);
            }
        }
        self.remove_beyond(half, id);
    }

    #[inline(always)]
    fn unset(&self, group: usize, place: usize) {
        self.id(group, place).store(NO_CELL, Ordering::Release);
        self.set_byte(group, place, FREE);
    }

    #[cold]
    #[inline(never)]
    fn remove_beyond(&self, half: u32, id: CellId) {
        let Some((last, place)) = self.find(half, |other| other == id) else { return };
        self.unset(last, place);
        let mut probe = self.probe(half);
        while probe.group != last {
            let count = self.tags(probe.group).overflow();
            if count != STICKY {
                self.set_byte(probe.group, PLACES, count - 1);
            }
            if !probe.advance() {
                return;
            }
        }
    }

    /// Puts an id in the place of another one.
    #[inline]
    pub(super) fn replace(&self, half: u32, before: CellId, now: CellId) {
        if let Some((group, place)) = self.find(half, |other| other == before) {
            self.id(group, place).store(now, Ordering::Release);
        }
    }

    /// Takes out all.
    pub(super) fn clear(&self) {
        for id in self.ids.iter().flat_map(|ids| &ids.0) {
            id.store(NO_CELL, Ordering::Release);
        }
        for word in self.tags.iter().flat_map(|words| &words.0) {
            word.store(0, Ordering::Release);
        }
    }
}
