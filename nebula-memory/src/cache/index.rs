//! Which entries have which hash: a hash table of ids alone.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a group is read that is not there | the home of a half is less than their number, whatever the half |
//! | a place is read that is not there | only the lower twelve bits of what is compared are looked at |

use alloc_crate::boxed::Box;
use alloc_crate::vec;

use super::policy::Id;
use super::prefetch::prefetch;
use super::tags::{FREE, Probe, STICKY, equal, home};

/// The places of a group: with their tags and counters they fill a line of the processor's cache.
const PLACES: usize = 12;

/// Out of 100 places, so many are in use at most, so that few groups have overflowed: look-ups of what is not there go on through
/// several groups then, which no predictor foresees.
const LOAD: usize = 62;

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
/// Invariant: there is a group, and no more than a `u32` can count.
#[derive(Clone)]
pub(crate) struct Index {
    groups: Box<[Group]>,
    room: usize,
}

#[derive(Clone, Copy)]
#[repr(C, align(64))]
struct Group {
    /// The tags of the places; behind them four counters of the entries that belong here and are in other groups, each for a
    /// quarter of them.
    tags: [u8; PLACES + COUNTERS],
    ids: [Id; PLACES],
}

const COUNTERS: usize = 4;

/// The tag of a half: by its lower bits, which have no say in the group.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lower bits are meant")]
fn tag(half: u32) -> u8 {
    half as u8 | 1
}

impl Group {
    const EMPTY: Self = Self { tags: [FREE; PLACES + COUNTERS], ids: [0; PLACES] };

    /// The places with this tag.
    #[inline(always)]
    fn matching(&self, tag: u8) -> Matches {
        Matches(equal(self.tags, tag) & ((1 << PLACES) - 1))
    }

    /// How many entries are in other groups, of those who share a counter with this one.
    #[inline(always)]
    fn overflow(&self, half: u32) -> u8 {
        self.tags[counter(half)]
    }

    /// The id in a place.
    #[inline(always)]
    fn id(&self, place: Place) -> Id {
        // SAFETY: a place is less than there are.
        *unsafe { self.ids.get_unchecked(usize::from(place.0)) }
    }

    /// Puts an id into the first free place, if there is one.
    #[inline(always)]
    fn put(&mut self, half: u32, id: Id) -> Option<Place> {
        let place = self.matching(FREE).next()?;
        let at = usize::from(place.0);
        // SAFETY: a place is less than there are.
        *unsafe { self.tags.get_unchecked_mut(at) } = tag(half);
        // SAFETY: as above.
        *unsafe { self.ids.get_unchecked_mut(at) } = id;
        Some(place)
    }

    /// The id among these places of which `is_it` says that it is meant.
    #[inline(always)]
    fn find(&self, half: u32, is_it: &mut impl FnMut(Id) -> bool) -> Option<Id> {
        for place in self.matching(tag(half)) {
            let id = self.id(place);
            if is_it(id) {
                return Some(id);
            }
        }
        None
    }

    /// Forgets an id, if it is here.
    #[inline]
    fn remove(&mut self, half: u32, id: Id) -> bool {
        let found = self.matching(tag(half)).find(|&place| self.id(place) == id);
        found.is_some_and(|place| {
            self.tags[usize::from(place.0)] = FREE;
            true
        })
    }
}

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

/// Which of the tags is a counter for this half.
#[inline(always)]
fn counter(half: u32) -> usize {
    PLACES + (half as usize >> 8) % COUNTERS
}

/// A place of a group: less than [`PLACES`].
#[derive(Clone, Copy)]
struct Place(u8);

/// Places of a group, each a bit; none but the lower [`PLACES`] are set.
struct Matches(u32);

impl Iterator for Matches {
    type Item = Place;

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "fewer than 32")]
    fn next(&mut self) -> Option<Place> {
        if self.0 == 0 {
            return None;
        }
        let place = Place(self.0.trailing_zeros() as u8);
        self.0 &= self.0 - 1;
        Some(place)
    }
}

impl Index {
    /// Nothing in it, and room for so many.
    pub(crate) fn new(room: usize) -> Self {
        let groups = (room.max(1) * 100).div_ceil(PLACES * LOAD);
        assert!(u32::try_from(groups).is_ok(), "an index has fewer groups than ids");
        let room = groups * (PLACES * LOAD) / 100;
        Self { groups: vec![Group::EMPTY; groups].into_boxed_slice(), room }
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
        match group.find(half, is_it) {
            Some(id) => Near::Found(id),
            None if group.overflow(half) == 0 => Near::Absent,
            None => Near::Unknown,
        }
    }

    /// The same in the groups behind its own, where few have to be looked for.
    #[cold]
    #[inline(never)]
    pub(crate) fn find_after(&self, half: u32, mut is_it: impl FnMut(Id) -> bool) -> Option<Id> {
        let mut probe = Probe::new(half, self.groups.len());
        while probe.advance() {
            let group = &self.groups[probe.group];
            let found = group.find(half, &mut is_it);
            if found.is_some() || group.overflow(half) == 0 {
                return found;
            }
        }
        None
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
        group.matching(tag(half)).next().map(|place| group.id(place))
    }

    /// Adds an entry that is not there, and says where it is. There has to be [room](Self::room).
    #[inline(always)]
    pub(crate) fn insert(&mut self, half: u32, id: Id) -> u8 {
        match self.group_mut(half).put(half, id) {
            Some(place) => place.0,
            None => self.insert_after(half, id),
        }
    }

    #[cold]
    #[inline(never)]
    fn insert_after(&mut self, half: u32, id: Id) -> u8 {
        let mut probe = Probe::new(half, self.groups.len());
        loop {
            let overflow = &mut self.groups[probe.group].tags[counter(half)];
            *overflow = overflow.saturating_add(1);
            assert!(probe.advance(), "there is room");
            if self.groups[probe.group].put(half, id).is_some() {
                return FAR;
            }
        }
    }

    /// Forgets the entry with this half, which is where [`insert`](Self::insert) has said.
    #[inline(always)]
    pub(crate) fn remove(&mut self, half: u32, id: Id, at: u8) {
        let group = self.group_mut(half);
        match group.ids.get(usize::from(at)) {
            Some(&there) if there == id => group.tags[usize::from(at)] = FREE,
            _ => self.remove_after(half, id),
        }
    }

    /// Each group that it had to pass has one less behind it.
    #[cold]
    #[inline(never)]
    fn remove_after(&mut self, half: u32, id: Id) {
        let mut probe = Probe::new(half, self.groups.len());
        while !self.groups[probe.group].remove(half, id) {
            let overflow = &mut self.groups[probe.group].tags[counter(half)];
            if *overflow != STICKY {
                *overflow = overflow.saturating_sub(1);
            }
            if !probe.advance() {
                return;
            }
        }
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.groups.fill(Group::EMPTY);
    }
}

#[cfg(test)]
mod tests {
    use std::vec::Vec;

    use super::{FAR, FREE, Index, PLACES};

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
        assert!(index.groups.iter().all(|group| group.tags[..PLACES] == [FREE; PLACES]));
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
            assert!(index.groups.iter().all(|group| group.tags == [FREE; 16]), "{round}");
        }
        assert!(far > 0);
    }

    #[test]
    fn there_is_room_for_what_was_asked() {
        for room in 0..2000 {
            assert!(Index::new(room).room() >= room);
        }
    }
}
