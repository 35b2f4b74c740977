use alloc_crate::collections::VecDeque;

use super::Id;
use crate::cache::index::Index;

/// The hashes of the entries that went last: a window of so many of them, in which each can be found.
///
/// A ghost is known by the number of its coming in, which says where in the queue it is. Those that come back leave the index at once
/// and the queue when it is their turn, so that the window is one of time, not of space.
#[derive(Clone)]
pub(crate) struct Ghosts {
    /// The oldest first, those included that have come back.
    queue: VecDeque<u32>,
    /// The number of the oldest; numbers wrap.
    first: Id,
    /// By hash, the numbers of those that have not come back.
    index: Index,
    /// How many these are.
    len: usize,
}

impl Default for Ghosts {
    fn default() -> Self {
        Self { queue: VecDeque::new(), first: 0, index: Index::new(0), len: 0 }
    }
}

impl core::fmt::Debug for Ghosts {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ghosts").field("len", &self.len).finish_non_exhaustive()
    }
}

impl Ghosts {
    /// Whether there is one with this hash, which is then none any more.
    #[inline]
    pub(crate) fn take(&mut self, hash: u32) -> bool {
        let Self { queue, first, index, len } = self;
        let is_it = |number: Id| queue.get(number.wrapping_sub(*first) as usize) == Some(&hash);
        let Some(at) = index.find(hash, is_it) else { return false };
        index.remove(hash, at);
        *len -= 1;
        true
    }

    /// Asks for the memory that is needed for a ghost with this hash.
    #[inline(always)]
    pub(crate) fn fetch(&self, hash: u32) {
        self.index.fetch(hash);
    }

    /// A ghost more. Those before the last `window` are gone.
    #[inline]
    pub(crate) fn push(&mut self, hash: u32, window: u32) {
        while self.queue.len() >= window.max(1) as usize {
            self.pop();
        }
        if self.len >= self.index.room() {
            self.grow(window);
        }
        #[expect(clippy::cast_possible_truncation, reason = "less than a window")]
        let number = self.first.wrapping_add(self.queue.len() as Id);
        self.queue.push_back(hash);
        self.index.insert(hash, number);
        self.len += 1;
        // What goes next time.
        if let Some(&oldest) = self.queue.front() {
            self.index.fetch(oldest);
        }
    }

    fn pop(&mut self) {
        let Some(oldest) = self.queue.pop_front() else { return };
        let number = self.first;
        self.first = number.wrapping_add(1);
        if let Some(at) = self.index.find(oldest, |other| other == number) {
            self.index.remove(oldest, at);
            self.len -= 1;
        }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, window: u32) {
        let room = (2 * self.len).min(window as usize).max(self.len + 1);
        let mut index = Index::new(room);
        for number in self.index.iter() {
            index.insert(self.queue[number.wrapping_sub(self.first) as usize], number);
        }
        self.index = index;
        self.queue.reserve_exact(room - self.queue.len().min(room));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ghosts in order, none for those that were taken.
    struct Model(VecDeque<Option<u32>>, usize);

    impl Model {
        fn take(&mut self, hash: u32) -> bool {
            let found = self.0.iter_mut().find(|ghost| **ghost == Some(hash));
            found.is_some_and(|ghost| ghost.take().is_some())
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
            for _ in 0..40_000 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hash = (state >> 16) % (window * 2 + 1);
                let taken = ghosts.take(hash);
                assert_eq!(taken, model.take(hash), "{hash} of {window}");
                if !taken || state >> 30 == 0 {
                    ghosts.push(hash, window);
                    model.push(hash);
                }
            }
        }
    }

    #[test]
    fn none_gets_lost_where_it_is_narrow() {
        let (mut ghosts, mut model) = (Ghosts::default(), Model(VecDeque::new(), 3000));
        for turn in 0..60_000_u32 {
            // Evenly spread hashes would never be near each other: these are as bad as chance has it.
            let mixed = (turn % 4000 + 1).wrapping_mul(0x9E37_79B1);
            let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
            let hash = mixed ^ mixed >> 13;
            assert_eq!(ghosts.take(hash), model.take(hash), "{turn}");
            ghosts.push(hash, 3000);
            model.push(hash);
        }
    }
}
