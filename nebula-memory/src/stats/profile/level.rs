//! How many bytes are in use, and how many have been at most.
//!
//! As [`Gauge`](crate::stats::Gauge) does it, each thread has its changes for itself until they come to a batch. Beside them it
//! keeps how high they have been, so that the peak is exact as long as one thread allocates.

use crate::stats::cells::Cells;
use crate::sync::{AtomicU64, Ordering};

/// Changes are passed on when they come to this.
const BATCH: u64 = if cfg!(loom) { 4 } else { 16 << 10 };

pub(super) struct Level {
    /// Changes that were not passed on,
    pending: Cells,
    /// and the most that they have come to meanwhile, at least zero. Less than a batch.
    high: Cells,
    /// The sum of what was passed on,
    passed_on: AtomicU64,
    peak: AtomicU64,
}

/// The two numbers of one thread.
#[derive(Clone, Copy)]
pub(super) struct Mine {
    pending: &'static AtomicU64,
    high: &'static AtomicU64,
}

const fn signed(difference: u64) -> i64 {
    difference.cast_signed()
}

impl Level {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self {
            pending: Cells::new(),
            high: Cells::new(),
            passed_on: AtomicU64::new(0),
            peak: AtomicU64::new(0),
        }
    }

    /// Zero.
    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self {
            pending: Cells::new(),
            high: Cells::new(),
            passed_on: AtomicU64::new(0),
            peak: AtomicU64::new(0),
        }
    }

    /// The calling thread's numbers; nobody else writes them while it has its own number.
    pub(super) fn mine(&self) -> Option<Mine> {
        Some(Mine { pending: self.pending.find()?, high: self.high.find()? })
    }

    /// There is so much more.
    #[inline(always)]
    pub(super) fn add(&self, mine: Mine, more: u64) {
        let pending = mine.pending.load(Ordering::Relaxed).wrapping_add(more);
        mine.pending.store(pending, Ordering::Relaxed);
        if signed(pending) > signed(mine.high.load(Ordering::Relaxed)) {
            mine.high.store(pending, Ordering::Relaxed);
            // Less than a batch was less than the highest.
            if signed(pending) >= signed(BATCH) {
                self.pass_on(mine);
            }
        }
    }

    /// There is so much less.
    #[inline(always)]
    pub(super) fn subtract(&self, mine: Mine, less: u64) {
        let pending = mine.pending.load(Ordering::Relaxed).wrapping_sub(less);
        mine.pending.store(pending, Ordering::Relaxed);
        if signed(pending) <= -signed(BATCH) {
            self.pass_on(mine);
        }
    }

    #[cold]
    #[inline(never)]
    fn pass_on(&self, mine: Mine) {
        let pending = mine.pending.load(Ordering::Relaxed);
        let high = mine.high.load(Ordering::Relaxed);
        mine.pending.store(0, Ordering::Relaxed);
        mine.high.store(0, Ordering::Relaxed);
        let before = self.passed_on.fetch_add(pending, Ordering::Relaxed);
        self.note(before.wrapping_add(high));
    }

    /// Changes it by so much, for a thread that has no numbers.
    pub(super) fn change(&self, change: u64) {
        let level = self.passed_on.fetch_add(change, Ordering::Relaxed).wrapping_add(change);
        self.note(level);
    }

    /// A level below zero is one that somebody has yet to add to.
    fn note(&self, level: u64) -> u64 {
        let level = if signed(level) < 0 { 0 } else { level };
        if self.peak.load(Ordering::Relaxed) < level {
            self.peak.fetch_max(level, Ordering::Relaxed);
        }
        level
    }

    /// How much there is. O(threads).
    pub(super) fn get(&self) -> u64 {
        // In this order, so that what is passed on meanwhile is not seen twice.
        let level = self.passed_on.load(Ordering::Relaxed);
        self.note(level.wrapping_add(self.pending.sum()))
    }

    /// How much there has been at most: off by a batch for each other thread at most. O(threads).
    pub(super) fn peak(&self) -> u64 {
        let now = self.get();
        if let Some(mine) = self.mine() {
            let below = mine.high.load(Ordering::Relaxed).wrapping_sub(mine.pending.load(Ordering::Relaxed));
            self.note(now.wrapping_add(below));
        }
        self.peak.load(Ordering::Relaxed)
    }

    /// Makes the peak what there is now.
    pub(super) fn reset_peak(&self) {
        if let Some(mine) = self.mine() {
            self.pass_on(mine);
        }
        self.peak.store(0, Ordering::Relaxed);
        self.get();
    }
}
