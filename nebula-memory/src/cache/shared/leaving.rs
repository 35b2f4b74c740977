//! Who tells of what has left, and gives its cells back.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::ops::{Deref, DerefMut};

use super::books::Books;
use super::cells::NO_CELL;
use super::gone::Gone;
use super::reclaim::Dead;
use super::shard::Shard;
use crate::cache::listener::Listener;
use crate::cache::policy::Ranking;
use crate::cache::weight::Weigher;
use crate::pool::panics::FirstPanic;
use crate::sync::MutexGuard;

/// What leaves a shard in one call. To be made before the books are opened: if something panics while they are, they close first,
/// and then what has left by then is told of.
pub(super) struct Leaving<'a, K, V, R: Ranking, W: Weigher<K, V>, L: Listener<K, V>> {
    shard: &'a Shard<K, V, R, W>,
    listener: &'a L,
    gone: Gone,
    over: bool,
}

impl<'a, K, V, R: Ranking, W: Weigher<K, V>, L: Listener<K, V>> Leaving<'a, K, V, R, W, L> {
    #[inline(always)]
    pub(super) fn new(shard: &'a Shard<K, V, R, W>, listener: &'a L) -> Self {
        Self { shard, listener, gone: Gone::new(L::LISTENS), over: false }
    }

    /// Closes the books, and does what is done then: telling, and dropping what was in a cell that is used again.
    #[inline(always)]
    pub(super) fn close(mut self, books: MutexGuard<'_, Books<R>>, insertions: u64, dead: Dead<K, V, R>) {
        let littered = self.shard.is_littered(&books);
        drop(books);
        // Whatever panics from here on, nobody is told twice.
        self.over = true;
        if let Some(tally) = self.listener.tally() {
            tally.change(insertions, self.gone.evictions);
        }
        if self.gone.is_empty() && dead.is_none() && !littered {
            return;
        }
        let mut first = FirstPanic::default();
        if let Some(dead) = dead {
            dead.dispose(&mut first);
        }
        if !self.gone.is_empty() {
            self.tell(&mut first);
        }
        if littered {
            self.shard.clean(&mut first);
        }
    }

    /// Tells the listener, and gives the cells back.
    fn tell(&self, first: &mut FirstPanic) {
        for (cell, cause) in self.gone.iter() {
            // SAFETY: cells that have left are there.
            let cell = unsafe { self.shard.cells.at(cell) };
            // SAFETY: filled, and nobody else's before it is retired.
            let contents = unsafe { cell.contents() };
            first.run(|| self.listener.left(&contents.key, &contents.value, cause));
        }
        self.shard.open().retired.extend(self.gone.iter().map(|(cell, _)| cell));
    }

    /// Something has panicked while the books were open.
    #[cold]
    #[inline(never)]
    fn break_off(&mut self) {
        if self.gone.spare != NO_CELL {
            self.shard.open().free.push(self.gone.spare);
        }
        if let Some(tally) = self.listener.tally() {
            tally.change(0, self.gone.evictions);
        }
        if !self.gone.is_empty() {
            self.tell(&mut FirstPanic::default());
        }
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>, L: Listener<K, V>> Drop for Leaving<'_, K, V, R, W, L> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.over && (self.gone.spare != NO_CELL || self.gone.evictions != 0 || !self.gone.is_empty()) {
            self.break_off();
        }
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>, L: Listener<K, V>> Deref for Leaving<'_, K, V, R, W, L> {
    type Target = Gone;

    #[inline(always)]
    fn deref(&self) -> &Gone {
        &self.gone
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>, L: Listener<K, V>> DerefMut for Leaving<'_, K, V, R, W, L> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Gone {
        &mut self.gone
    }
}
