//! A line of the processor's cache with places of an index.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a byte is read or written that is not there | places are made here only, out of the lower fifteen bits of what is compared, or checked |

use super::policy::Id;
use super::tags::{FREE, equal};

/// The places of a group: with their tags and counters they fill a line of the processor's cache.
pub(super) const PLACES: usize = 15;

/// First the tags of the places, then the three lower bytes of the id of each, then eight counters of half a byte: of the entries that
/// belong here and are in other groups, each for an eighth of them.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Group([u8; 64]);

/// The tag of a place that has nothing in it and is not free. No half has it.
const DEAD: u8 = FREE + 1;

const IDS: usize = PLACES;
const COUNTERS: usize = IDS + 3 * PLACES;

/// A counter that has come this far stays there, as it has lost count.
const STICKY: u32 = 15;

/// The tag of a half: by its lower bits, which have no say in the group.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lower bits are meant")]
pub(super) fn tag(half: u32) -> u8 {
    (half as u8).max(DEAD + 1)
}

impl Group {
    pub(super) const EMPTY: Self = Self([FREE; 64]);

    /// Nothing in it, and it is full: others have to be asked.
    pub(super) const ELSEWHERE: Self = {
        let mut bytes = [DEAD; 64];
        let mut at = COUNTERS;
        while at < bytes.len() {
            bytes[at] = u8::MAX;
            at += 1;
        }
        Self(bytes)
    };

    /// The places with this tag.
    #[inline(always)]
    pub(super) fn matching(&self, tag: u8) -> Matches {
        let tags = self.0.first_chunk().expect("16 bytes are less than 64");
        Matches(equal(*tags, tag) & ((1 << PLACES) - 1))
    }

    /// All counters, the first in the lowest bits.
    #[inline(always)]
    fn counters(&self) -> u32 {
        u32::from_le_bytes(*self.0.last_chunk().expect("four bytes are less than 64"))
    }

    #[inline(always)]
    fn set_counters(&mut self, counters: u32) {
        *self.0.last_chunk_mut().expect("four bytes are less than 64") = counters.to_le_bytes();
    }

    /// Whether there are entries in other groups, of those that share a counter with this one.
    #[inline(always)]
    pub(super) fn has_overflowed(&self, half: u32) -> bool {
        self.counters() >> counter(half) & STICKY != 0
    }

    /// One more of them is in another group.
    pub(super) fn more_elsewhere(&mut self, half: u32) {
        let counters = self.counters();
        if counters >> counter(half) & STICKY != STICKY {
            self.set_counters(counters + (1 << counter(half)));
        }
    }

    /// One of them is not any more.
    pub(super) fn less_elsewhere(&mut self, half: u32) {
        let counters = self.counters();
        if !matches!(counters >> counter(half) & STICKY, 0 | STICKY) {
            self.set_counters(counters - (1 << counter(half)));
        }
    }

    /// The lower bytes of the id in a place.
    #[inline(always)]
    pub(super) fn low(&self, place: Place) -> Id {
        // With the byte before them, as four are read at once.
        let from = IDS - 1 + 3 * place.at();
        // SAFETY: a place is less than there are, so that these are bytes of the ids and at most a tag.
        let bytes = unsafe { self.0.get_unchecked(from..from + 4) };
        u32::from_le_bytes(*bytes.first_chunk().expect("four bytes")) >> 8
    }

    /// What was in a place has gone.
    #[inline(always)]
    pub(super) fn free(&mut self, place: Place) {
        self.0[place.at()] = FREE;
    }

    /// Whether nothing is in it, and nothing that belongs here is elsewhere.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0[..PLACES] == [FREE; PLACES] && self.counters() == 0
    }

    /// Puts an id, of which the lower bytes are kept, into the first free place, if there is one.
    #[inline(always)]
    pub(super) fn put(&mut self, half: u32, id: Id) -> Option<Place> {
        let place = self.matching(FREE).next()?;
        let at = place.at();
        // SAFETY: a place is less than there are.
        *unsafe { self.0.get_unchecked_mut(at) } = tag(half);
        // SAFETY: as above, so that these are bytes of the ids.
        let bytes = unsafe { self.0.get_unchecked_mut(IDS + 3 * at..IDS + 3 * at + 3) };
        bytes.copy_from_slice(&id.to_le_bytes()[..3]);
        Some(place)
    }
}

/// Which bits of the counters are those for this half: from this one on.
#[inline(always)]
fn counter(half: u32) -> u32 {
    (half >> 8) % 8 * 4
}

/// A place of a group: less than [`PLACES`].
#[derive(Clone, Copy)]
pub(super) struct Place(u8);

impl Place {
    /// This one, if there is such a place.
    #[inline(always)]
    pub(super) fn new(at: u8) -> Option<Self> {
        (usize::from(at) < PLACES).then_some(Self(at))
    }

    /// Its number.
    #[inline(always)]
    pub(super) fn number(self) -> u8 {
        self.0
    }

    /// The same as an index.
    #[inline(always)]
    pub(super) fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// Places of a group, each a bit; none but the lower [`PLACES`] are set.
pub(super) struct Matches(u32);

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
