use alloc_crate::boxed::Box;
use alloc_crate::vec;

use super::policy::Id;
use super::prefetch::prefetch;
use super::tags::{FREE, PLACES, STICKY, Tags, home, tag};

/// Out of 100 places, so many are in use at most. One group in twenty is full then; at 80 it is one in five, and look-ups of what is
/// not there go on through several of them, which no predictor foresees.
const LOAD: usize = 66;

/// Which entries have which hash: a hash table of ids alone.
///
/// What is compared in a look-up that finds nothing is a byte for each entry, so that the table of a hundred thousand entries is
/// in the cache of the processor. It knows no keys: who looks something up says which of the ids it meant.
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
    fn home(&self, half: u32) -> usize {
        // No index has more groups than there are ids.
        #[expect(clippy::cast_possible_truncation, reason = "ids have 32 bits")]
        let groups = self.tags.len() as u32;
        home(half, groups) as usize
    }

    #[inline(always)]
    fn after(&self, group: usize) -> usize {
        if group + 1 == self.tags.len() { 0 } else { group + 1 }
    }

    /// The entry with this half of a hash of which `is_it` says that it is meant.
    #[inline(always)]
    pub(crate) fn find(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<(Place, Id)> {
        let tag = tag(half);
        let mut group = self.home(half);
        // Every counter may be stuck.
        for _ in 0..self.tags.len() {
            let tags = self.tags[group];
            for place in tags.matching(tag) {
                let id = self.ids[group].0[place];
                if is_it(id) {
                    return Some((Place { group, place }, id));
                }
            }
            if tags.overflow() == 0 {
                break;
            }
            group = self.after(group);
        }
        None
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: u32) {
        let home = self.home(half);
        prefetch(&self.tags[home]);
        prefetch(&self.ids[home]);
    }

    /// The first entry that a look-up would compare with, in the first group.
    #[inline(always)]
    pub(crate) fn guess(&self, half: u32) -> Option<Id> {
        let home = self.home(half);
        let place = self.tags[home].matching(tag(half)).first()?;
        Some(self.ids[home].0[place])
    }

    /// Adds an entry that is not there. There has to be [room](Self::room).
    #[inline]
    pub(crate) fn insert(&mut self, half: u32, id: Id) {
        let mut group = self.home(half);
        loop {
            if let Some(place) = self.tags[group].matching(FREE).first() {
                self.tags[group].0[place] = tag(half);
                self.ids[group].0[place] = id;
                return;
            }
            let overflow = &mut self.tags[group].0[PLACES];
            *overflow = overflow.saturating_add(1);
            group = self.after(group);
        }
    }

    /// Forgets the entry with this half that was found there.
    #[inline]
    pub(crate) fn remove(&mut self, half: u32, at: Place) {
        self.tags[at.group].0[at.place] = FREE;
        let mut group = self.home(half);
        while group != at.group {
            let overflow = &mut self.tags[group].0[PLACES];
            if *overflow != STICKY {
                *overflow -= 1;
            }
            group = self.after(group);
        }
    }

    /// Forgets an entry that is there.
    #[inline]
    pub(crate) fn remove_id(&mut self, half: u32, id: Id) {
        if let Some((at, _)) = self.find(half, |other| other == id) {
            self.remove(half, at);
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.tags.fill(Tags::EMPTY);
    }
}

impl Clone for Index {
    fn clone(&self) -> Self {
        Self { tags: self.tags.clone(), ids: self.ids.clone() }
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
            assert_eq!(index.find(half, |id| id == half).map(|(_, id)| id), Some(half));
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
