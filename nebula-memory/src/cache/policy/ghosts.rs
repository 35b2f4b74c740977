use alloc_crate::vec::Vec;
use core::mem::replace;

use super::Id;
use crate::cache::index::{Index, NOWHERE};

/// From so many on it pays to ask for memory in advance.
const LARGE: usize = 16 * 1024;

/// The hashes of the entries that went last: a window of so many of them, in which each can be found.
///
/// A ghost is known by its place in a ring. Those that come back leave the index at once and the ring when it is their turn, so
/// that the window is one of time, not of space.
#[derive(Clone)]
pub(crate) struct Ghosts {
    /// Their hashes, those included that have come back.
    hashes: Vec<u32>,
    /// Where they are in the index; as many. Those are nowhere that have come back.
    places: Vec<u8>,
    /// Where the oldest is in the ring.
    oldest: usize,
    /// How many there are.
    len: usize,
    /// By hash, those that have not come back. There is room for the whole ring.
    index: Index,
}

impl Default for Ghosts {
    fn default() -> Self {
        Self { hashes: Vec::new(), places: Vec::new(), oldest: 0, len: 0, index: Index::new(0) }
    }
}

impl core::fmt::Debug for Ghosts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ghosts").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Ghosts {
    /// How many have come in after the one with this hash, if there is one; it is then none any more.
    #[inline(always)]
    pub(crate) fn take(&mut self, hash: u32) -> Option<usize> {
        let hashes = &self.hashes;
        let at = self.index.find(hash, |id| hashes.get(id as usize) == Some(&hash))? as usize;
        self.forget(at, hash);
        let number = if at < self.oldest { at + self.hashes.len() - self.oldest } else { at - self.oldest };
        Some(self.len - 1 - number)
    }

    /// The ghost in this place, which has this hash, is not found any more.
    #[inline(always)]
    fn forget(&mut self, at: usize, hash: u32) {
        let place = replace(&mut self.places[at], NOWHERE);
        if place != NOWHERE {
            #[expect(clippy::cast_possible_truncation, reason = "a ring is as long as a cache at most")]
            self.index.remove(hash, at as Id, place);
        }
    }

    /// Asks for the memory that is needed for a ghost with this hash.
    #[inline(always)]
    pub(crate) fn fetch(&self, hash: u32) {
        self.index.fetch(hash);
    }

    /// A ghost more. Those before the last `window` are gone.
    #[inline]
    pub(crate) fn push(&mut self, hash: u32, window: u32) {
        while self.len >= window.max(1) as usize {
            self.pop();
        }
        if self.len >= self.hashes.len() {
            self.grow(window);
        }
        let at = self.at(self.len);
        self.hashes[at] = hash;
        #[expect(clippy::cast_possible_truncation, reason = "a ring is as long as a cache at most")]
        let place = self.index.insert(hash, at as Id);
        self.places[at] = place;
        self.len += 1;
        // What goes next time; few of them are in the cache of the processor.
        if self.len >= LARGE
            && let Some(&oldest) = self.hashes.get(self.oldest)
        {
            self.index.fetch(oldest);
        }
    }

    /// Where in the ring the one is that has come in so many after the oldest.
    #[inline(always)]
    fn at(&self, number: usize) -> usize {
        let at = self.oldest + number;
        if at < self.hashes.len() { at } else { at - self.hashes.len() }
    }

    #[inline(always)]
    fn pop(&mut self) {
        let at = self.oldest;
        self.forget(at, self.hashes[at]);
        self.oldest = self.at(1);
        self.len -= 1;
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, window: u32) {
        let room = (2 * self.len).min(window as usize).max(self.len + 1);
        let mut ring = Self {
            hashes: alloc_crate::vec![0; room],
            places: alloc_crate::vec![NOWHERE; room],
            oldest: 0,
            len: self.len,
            index: Index::new(room),
        };
        for (id, number) in (0..).zip(0..self.len) {
            let at = self.at(number);
            ring.hashes[number] = self.hashes[at];
            if self.places[at] != NOWHERE {
                ring.places[number] = ring.index.insert(self.hashes[at], id);
            }
        }
        *self = ring;
    }
}

#[cfg(test)]
mod tests {
    use alloc_crate::collections::VecDeque;

    use super::*;

    /// Ghosts in order, none for those that were taken.
    struct Model(VecDeque<Option<u32>>, usize);

    impl Model {
        fn take(&mut self, hash: u32) -> Option<usize> {
            let after = self.0.iter().rev().position(|ghost| *ghost == Some(hash))?;
            let at = self.0.len() - 1 - after;
            self.0[at] = None;
            Some(after)
        }

        fn push(&mut self, hash: u32) {
            self.0.push_back(Some(hash));
            if self.0.len() > self.1 {
                self.0.pop_front();
            }
        }
    }

    #[test]
    fn a_window_of_ghosts() {
        let mut state = 1_u32;
        for window in [1_u32, 2, 5, 9, 10, 63, 100, 500] {
            let (mut ghosts, mut model) = (Ghosts::default(), Model(VecDeque::new(), window as usize));
            for _ in 0..if cfg!(miri) { 400 } else { 40_000 } {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hash = (state >> 16) % (window * 2 + 1);
                let taken = ghosts.take(hash);
                assert_eq!(taken, model.take(hash), "{hash} of {window}");
                if taken.is_none() || state >> 30 == 0 {
                    ghosts.push(hash, window);
                    model.push(hash);
                }
            }
        }
    }

    #[test]
    fn none_gets_lost_where_it_is_narrow() {
        const WINDOW: u32 = if cfg!(miri) { 60 } else { 3000 };
        let (mut ghosts, mut model) = (Ghosts::default(), Model(VecDeque::new(), WINDOW as usize));
        for turn in 0..20 * WINDOW {
            // Evenly spread hashes would never be near each other: these are as bad as chance has it.
            let mixed = (turn % (WINDOW + WINDOW / 3) + 1).wrapping_mul(0x9E37_79B1);
            let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
            let hash = mixed ^ mixed >> 13;
            assert_eq!(ghosts.take(hash), model.take(hash), "{turn}");
            ghosts.push(hash, WINDOW);
            model.push(hash);
        }
    }
}
