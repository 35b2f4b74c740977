use alloc_crate::boxed::Box;
use alloc_crate::vec;

use super::policy::Id;
use super::prefetch::prefetch;
use super::tags::{FREE, PLACES, Probe, STICKY, Tags, tag};

/// Out of 100 places, so many are in use at most. One group in six has overflowed then; at 80 it is two in three, and look-ups of
/// what is not there go on through several of them, which no predictor foresees.
const LOAD: usize = 66;

/// Which entries have which hash: a hash table of ids alone.
///
/// What is compared in a look-up that finds nothing is a byte for each entry, so that the table of a hundred thousand entries is
/// in the cache of the processor. It knows no keys: who looks something up says which of the ids it meant.
#[derive(Clone)]
pub(crate) struct Index {
    tags: Box<[Tags]>,
    /// As many as there are groups of tags.
    ids: Box<[Ids]>,
}

/// The ids of a group: a line of the processor's cache.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Ids([Id; PLACES + 1]);

/// Where in an index an entry is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    group: usize,
    place: usize,
}

impl Index {
    /// Nothing in it, and room for so many.
    pub(crate) fn new(room: usize) -> Self {
        let groups = (room.max(1) * 100).div_ceil(PLACES * LOAD);
        Self {
            tags: vec![Tags::EMPTY; groups].into_boxed_slice(),
            ids: vec![Ids([0; PLACES + 1]); groups].into_boxed_slice(),
        }
    }

    /// So many entries are enough for it.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        self.tags.len() * (PLACES * LOAD) / 100
    }

    #[inline(always)]
    fn probe(&self, half: u32) -> Probe {
        Probe::new(half, self.tags.len())
    }

    /// Where the entry with this half of a hash is of which `is_it` says that it is meant.
    #[inline(always)]
    pub(crate) fn find(&self, half: u32, is_it: impl FnMut(Id) -> bool) -> Option<Place> {
        self.find_entry(half, is_it).map(|(at, _)| at)
    }

    /// The same, and its id.
    #[inline(always)]
    pub(crate) fn find_entry(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<(Place, Id)> {
        let group = self.probe(half).group;
        let tags = self.tags[group];
        let found = self.find_in(group, tags, tag(half), &mut is_it);
        if found.is_some() || tags.overflow() == 0 { found } else { self.find_after(half, is_it) }
    }

    #[inline(always)]
    fn find_in(
        &self,
        group: usize,
        tags: Tags,
        tag: u8,
        is_it: &mut impl FnMut(Id) -> bool,
    ) -> Option<(Place, Id)> {
        let ids = &self.ids[group].0;
        for place in tags.matching(tag) {
            // It is less than that; the compiler has forgotten it.
            let id = ids[place & PLACES];
            if is_it(id) {
                return Some((Place { group, place }, id));
            }
        }
        None
    }

    /// The same in the groups behind its own, where few have to be looked for.
    #[cold]
    #[inline(never)]
    fn find_after(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<(Place, Id)> {
        let mut probe = self.probe(half);
        while probe.advance() {
            let tags = self.tags[probe.group];
            let found = self.find_in(probe.group, tags, tag(half), &mut is_it);
            if found.is_some() || tags.overflow() == 0 {
                return found;
            }
        }
        None
    }

    /// What is in a place, if it is in use.
    #[inline(always)]
    pub(crate) fn get(&self, at: Place) -> Option<Id> {
        let used = self.tags[at.group].0[at.place] != FREE;
        used.then(|| self.ids[at.group].0[at.place])
    }

    /// All places, those included that are not in use.
    pub(crate) fn places(&self) -> Places {
        Places { next: Place { group: 0, place: 0 }, groups: self.tags.len() }
    }

    /// What is there.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Id> {
        self.places().filter_map(|at| self.get(at))
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: u32) {
        let home = self.probe(half).group;
        prefetch(&self.tags[home]);
        prefetch(&self.ids[home]);
    }

    /// The first entry that a look-up would compare with, in the first group.
    #[inline(always)]
    pub(crate) fn guess(&self, half: u32) -> Option<Id> {
        let home = self.probe(half).group;
        let place = self.tags[home].matching(tag(half)).first()?;
        Some(self.ids[home].0[place])
    }

    /// Adds an entry that is not there. There has to be [room](Self::room).
    #[inline]
    pub(crate) fn insert(&mut self, half: u32, id: Id) {
        let group = self.probe(half).group;
        match self.tags[group].matching(FREE).first() {
            Some(place) => self.set(Place { group, place }, half, id),
            None => self.insert_after(half, id),
        }
    }

    #[inline(always)]
    fn set(&mut self, at: Place, half: u32, id: Id) {
        self.tags[at.group].0[at.place] = tag(half);
        self.ids[at.group].0[at.place] = id;
    }

    #[cold]
    #[inline(never)]
    fn insert_after(&mut self, half: u32, id: Id) {
        let mut probe = self.probe(half);
        loop {
            let overflow = &mut self.tags[probe.group].0[PLACES];
            *overflow = overflow.saturating_add(1);
            assert!(probe.advance(), "there is room");
            let group = probe.group;
            if let Some(place) = self.tags[group].matching(FREE).first() {
                return self.set(Place { group, place }, half, id);
            }
        }
    }

    /// Forgets the entry with this half that was found there.
    #[inline]
    pub(crate) fn remove(&mut self, half: u32, at: Place) {
        self.tags[at.group].0[at.place] = FREE;
        if self.probe(half).group != at.group {
            self.remove_after(half, at);
        }
    }

    /// Each group that it had to pass has one less behind it.
    #[cold]
    #[inline(never)]
    fn remove_after(&mut self, half: u32, at: Place) {
        let mut probe = self.probe(half);
        while probe.group != at.group {
            let overflow = &mut self.tags[probe.group].0[PLACES];
            if *overflow != STICKY {
                *overflow -= 1;
            }
            if !probe.advance() {
                return;
            }
        }
    }

    /// Forgets an entry that is there.
    #[cfg(test)]
    fn remove_id(&mut self, half: u32, id: Id) {
        if let Some(at) = self.find(half, |other| other == id) {
            self.remove(half, at);
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.tags.fill(Tags::EMPTY);
    }
}

/// All places of an index, group by group.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    next: Place,
    groups: usize,
}

impl Iterator for Places {
    type Item = Place;

    #[inline]
    fn next(&mut self) -> Option<Place> {
        let at = self.next;
        if at.group == self.groups {
            return None;
        }
        self.next = match at.place + 1 {
            PLACES => Place { group: at.group + 1, place: 0 },
            place => Place { group: at.group, place },
        };
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{Index, PLACES};

    #[test]
    fn entries_are_found_through_full_groups_and_counters_that_are_stuck() {
        // All in one group, 300 of them: its counter loses count.
        let mut index = Index::new(300);
        let halves: Vec<u32> = (0..300).collect();
        for &half in &halves {
            index.insert(half, half);
        }
        for &half in &halves {
            assert_eq!(index.find(half, |id| id == half).and_then(|at| index.get(at)), Some(half));
        }
        for &half in &halves {
            index.remove_id(half, half);
            assert!(index.find(half, |id| id == half).is_none());
        }
        assert!(index.tags.iter().all(|tags| tags.0[..PLACES] == [0; PLACES]));
    }

    #[test]
    fn counters_come_back_to_zero() {
        let mut index = Index::new(100);
        for round in 0..50_u32 {
            for id in 0..100_u32 {
                index.insert(id.wrapping_mul(0x9E37_79B9).rotate_left(round) & 0x3FFF_FFFF, id);
            }
            for id in 0..100_u32 {
                index.remove_id(id.wrapping_mul(0x9E37_79B9).rotate_left(round) & 0x3FFF_FFFF, id);
            }
            assert!(index.tags.iter().all(|tags| tags.0 == [0; 16]), "{round}");
        }
    }

    #[test]
    fn there_is_room_for_what_was_asked() {
        for room in 0..2000 {
            assert!(Index::new(room).room() >= room);
        }
    }
}
