//! Which entries have which hash: a hash table of ids alone.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a group is read that is not there | the home of a half is less than their number, whatever the half |
//! | an id is found that is another one's lower bytes | ids are less than the room; if three bytes are not enough for that, the group that is looked into without asking for more has none |

use alloc_crate::boxed::Box;
use alloc_crate::vec;

use super::group::{Group, PLACES, Place, tag};
use super::policy::Id;
use super::prefetch::prefetch;
use super::tags::{Probe, groups_for, home};

/// Out of 100 places, so many are in use at most, so that few groups have overflowed: look-ups of what is not there go on through
/// several groups then, which no predictor foresees.
const LOAD: usize = 64;

/// The same where there are no more than [`FEW`] entries: it costs more than the memory that it saves, all of which is near.
const SMALL_LOAD: usize = 50;

/// With so many entries, a cache is in that of the processor.
const FEW: usize = 1 << 14;

/// Out of 100 places, so many are in use at most if there is to be room for so many entries.
fn load(room: usize) -> usize {
    if room > FEW { LOAD } else { SMALL_LOAD }
}

/// Where an entry is that is not in its own group.
pub(crate) const FAR: u8 = 254;

/// Where an entry is that is in no index.
pub(crate) const NOWHERE: u8 = 255;

/// Which entries have which hash: a hash table of ids alone.
///
/// What is compared in a look-up that finds nothing is a byte for each entry, next to their ids: one line of memory. It knows no
/// keys: who looks something up says which of the ids it meant. Who adds an id is told where it is, and says so when it goes, so
/// that it need not be looked for.
///
/// An id takes three bytes there. Where there may be so many entries that this is not enough, everything takes the long way, which
/// is short beside the waiting for so much memory: the one group that a look-up begins with holds nothing and says that it is full.
///
/// Invariant: there is a group, and no more than a `u32` can count.
#[derive(Clone)]
pub(crate) struct Index {
    groups: Box<[Group]>,
    /// All groups, if ids need more than three bytes.
    wide: Option<Box<Wide>>,
    room: usize,
}

/// Groups, and the uppermost bytes of their ids: as many.
#[derive(Clone)]
struct Wide {
    groups: Box<[Group]>,
    high: Box<[[u8; PLACES]]>,
}

/// So many ids have an uppermost byte of 0.
const LOW: Id = 1 << 24;

/// What a group says of an entry that belongs there.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Near {
    /// It is here.
    Found(Id),
    /// It is nowhere.
    Absent,
    /// It is not here; others have to be asked.
    Unknown,
}

impl Index {
    /// Nothing in it, and room for so many.
    pub(crate) fn new(room: usize) -> Self {
        Self::with(room, room > LOW as usize)
    }

    fn with(room: usize, is_wide: bool) -> Self {
        let room = room.max(1);
        let count = groups_for(room, PLACES * load(room));
        assert!(u32::try_from(count).is_ok(), "an index has fewer groups than ids");
        let groups = vec![Group::EMPTY; count].into_boxed_slice();
        if !is_wide {
            return Self { groups, wide: None, room };
        }
        let high = vec![[0; PLACES]; count].into_boxed_slice();
        let wide = Some(Box::new(Wide { groups, high }));
        Self { groups: Box::new([Group::ELSEWHERE]), wide, room }
    }

    /// So many entries are enough for it.
    #[inline(always)]
    pub(crate) fn room(&self) -> usize {
        self.room
    }

    /// Where a half belongs.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "there are no more than that")]
    fn home(&self, half: u32) -> usize {
        home(half, self.groups.len() as u32) as usize
    }

    /// That group.
    #[inline(always)]
    fn group(&self, half: u32) -> &Group {
        let home = self.home(half);
        // SAFETY: the product of a number below 2^32 and the number of groups, which fits into 32 bits, is below 2^32 times that
        // number; its upper half is less than that number.
        unsafe { self.groups.get_unchecked(home) }
    }

    #[inline(always)]
    fn group_mut(&mut self, half: u32) -> &mut Group {
        let home = self.home(half);
        // SAFETY: as above.
        unsafe { self.groups.get_unchecked_mut(home) }
    }

    /// All groups, and the uppermost bytes of their ids if these are not 0.
    #[inline]
    fn parts(&self) -> (&[Group], &[[u8; PLACES]]) {
        self.wide.as_ref().map_or((&self.groups, &[]), |wide| (&wide.groups, &wide.high))
    }

    #[inline]
    fn parts_mut(&mut self) -> (&mut [Group], &mut [[u8; PLACES]]) {
        match &mut self.wide {
            Some(wide) => (&mut wide.groups, &mut wide.high),
            None => (&mut self.groups, &mut []),
        }
    }

    /// The place in the group with this number of the id of which `is_it` says that it is meant, and the id.
    #[inline]
    fn find_in(&self, number: usize, half: u32, is_it: &mut impl FnMut(Id) -> bool) -> Option<(Place, Id)> {
        let (groups, high) = self.parts();
        let (group, high) = (&groups[number], high.get(number));
        let high = |place: Place| high.map_or(0, |high| u32::from(high[place.at()]));
        let mut ids = group.matching(tag(half)).map(|place| (place, high(place) << 24 | group.low(place)));
        ids.find(|&(_, id)| is_it(id))
    }

    /// The entry with this half of a hash of which `is_it` says that it is meant.
    #[inline(always)]
    pub(crate) fn find(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<Id> {
        match self.find_near(half, &mut is_it) {
            Near::Found(id) => Some(id),
            Near::Absent => None,
            Near::Unknown => self.find_after(half, is_it),
        }
    }

    /// The same, as far as its own group tells.
    #[inline(always)]
    pub(crate) fn find_near(&self, half: u32, is_it: &mut impl FnMut(Id) -> bool) -> Near {
        let group = self.group(half);
        let mut matching = group.matching(tag(half));
        if let Some(place) = matching.next() {
            let id = group.low(place);
            if is_it(id) {
                return Near::Found(id);
            }
            // Few entries have the tag of another.
            for place in matching {
                let id = group.low(place);
                if is_it(id) {
                    return Near::Found(id);
                }
            }
        }
        if group.has_overflowed(half) { Near::Unknown } else { Near::Absent }
    }

    /// The same in the groups behind its own, where few have to be looked for.
    #[cold]
    #[inline(never)]
    pub(crate) fn find_after(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<Id> {
        let groups = self.parts().0;
        let mut probe = Probe::new(half, groups.len());
        // What is in the first was compared with already, unless it is wide.
        if self.wide.is_none() && !probe.advance() {
            return None;
        }
        loop {
            let found = self.find_in(probe.group, half, &mut is_it);
            if found.is_some() || !groups[probe.group].has_overflowed(half) || !probe.advance() {
                return found.map(|(_, id)| id);
            }
        }
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: u32) {
        prefetch(self.group(half));
    }

    /// The first entry that a look-up would compare with, in the first group.
    #[inline(always)]
    pub(crate) fn guess(&self, half: u32) -> Option<Id> {
        let group = self.group(half);
        group.matching(tag(half)).next().map(|place| group.low(place))
    }

    /// Adds an entry that is not there, and says where it is. There has to be [room](Self::room), and its id is less than that.
    #[inline(always)]
    pub(crate) fn insert(&mut self, half: u32, id: Id) -> u8 {
        debug_assert!(self.wide.is_some() || id < LOW, "three bytes are enough");
        match self.group_mut(half).put(half, id) {
            Some(place) => place.number(),
            None => self.insert_after(half, id),
        }
    }

    #[cold]
    #[inline(never)]
    fn insert_after(&mut self, half: u32, id: Id) -> u8 {
        let (groups, high) = self.parts_mut();
        let mut probe = Probe::new(half, groups.len());
        loop {
            let group = &mut groups[probe.group];
            if let Some(place) = group.put(half, id) {
                if let Some(high) = high.get_mut(probe.group) {
                    high[place.at()] = id.to_le_bytes()[3];
                }
                return FAR;
            }
            group.more_elsewhere(half);
            assert!(probe.advance(), "there is room");
        }
    }

    /// Forgets the entry with this half, which is where [`insert`](Self::insert) has said: what is there goes, whatever it is.
    #[inline(always)]
    pub(crate) fn remove(&mut self, half: u32, id: Id, at: u8) {
        let group = self.group_mut(half);
        match Place::new(at) {
            Some(place) => {
                debug_assert_eq!(group.low(place), id, "it was said to be there");
                group.free(place);
            }
            None => self.remove_after(half, id),
        }
    }

    /// Each group that it had to pass has one less behind it.
    #[cold]
    #[inline(never)]
    fn remove_after(&mut self, half: u32, id: Id) {
        let mut probe = Probe::new(half, self.parts().0.len());
        loop {
            let found = self.find_in(probe.group, half, &mut |there| there == id);
            let group = &mut self.parts_mut().0[probe.group];
            if let Some((place, _)) = found {
                group.free(place);
                return;
            }
            group.less_elsewhere(half);
            if !probe.advance() {
                return;
            }
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.parts_mut().0.fill(Group::EMPTY);
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{FAR, Group, Id, Index, LOW, PLACES};
    use crate::cache::tags::FREE;

    #[test]
    fn entries_are_found_through_full_groups_and_counters_that_are_stuck() {
        // All in one group, 2000 of them: its counters lose count.
        let mut index = Index::new(2000);
        let halves: Vec<u32> = (0..2000).collect();
        let places: Vec<u8> = halves.iter().map(|&half| index.insert(half, half)).collect();
        assert!(places.contains(&FAR));
        for &half in &halves {
            assert_eq!(index.find(half, |id| id == half), Some(half));
        }
        for (&half, &at) in halves.iter().zip(&places) {
            index.remove(half, half, at);
            assert!(index.find(half, |id| id == half).is_none());
        }
        assert!(index.groups.iter().all(|group| group.matching(FREE).count() == PLACES));
    }

    #[test]
    fn counters_come_back_to_zero() {
        let mut index = Index::new(100);
        let mut far = 0;
        for round in 0..50_u32 {
            let half = |id: u32| id.wrapping_mul(0x9E37_79B9).rotate_left(round) & 0x3FFF_FFFF;
            let places: Vec<u8> = (0..100).map(|id| index.insert(half(id), id)).collect();
            far += places.iter().map(|&at| usize::from(at == FAR)).sum::<usize>();
            for (id, &at) in (0..100).zip(&places) {
                index.remove(half(id), id, at);
            }
            assert!(index.groups.iter().all(Group::is_empty), "{round}");
        }
        assert!(far > 0);
    }

    #[test]
    fn ids_have_all_their_bits() {
        for (base, high) in
            [(0, false), (LOW - 500, false), (0, true), (LOW - 200, true), ((1 << 30) - 502, true)]
        {
            let mut index = Index::with(500, high);
            let half = |id: Id| id.wrapping_mul(0x9E37_79B9);
            let ids = base..base + 500;
            let places: Vec<u8> = ids.clone().map(|id| index.insert(half(id), id)).collect();
            for id in ids.clone() {
                assert_eq!(index.find(half(id), |there| there == id), Some(id));
                assert_eq!(index.find(half(id), |there| there == id ^ LOW), None);
            }
            for (id, at) in ids.zip(places) {
                index.remove(half(id), id, at);
                assert_eq!(index.find(half(id), |there| there == id), None);
            }
        }
    }

    #[test]
    fn there_is_room_for_what_was_asked() {
        for room in 0..2000 {
            assert!(Index::new(room).room() >= room);
        }
    }
}
