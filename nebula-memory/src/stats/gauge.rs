use core::fmt;

use super::cells::Cells;
use crate::sync::{AtomicU64, Ordering};

/// How much there is of something, and how much there has been at most, changed by many threads.
///
/// Each thread has its changes written for itself until they come to the *batch*, and passes them on then; so threads
/// seldom wait for each other (as kernels count pages, free blocks and the like). The [level](Self::get) is exact when nobody
/// changes it meanwhile. The [peak](Self::peak) is exact if one thread makes all changes; else it is off by two batches for each of
/// them at most. With a batch of one it is always exact, and every change costs what a shared atomic does.
///
/// ```
/// use nebula_memory::stats::Gauge;
///
/// static CONNECTIONS: Gauge = Gauge::with_batch(1);
///
/// CONNECTIONS.add(3);
/// CONNECTIONS.subtract(2);
/// assert_eq!((CONNECTIONS.get(), CONNECTIONS.peak()), (1, 3));
/// ```
pub struct Gauge {
    /// Changes that were not passed on,
    pending: Cells,
    /// and the most that they have come to meanwhile, at least zero. Less than a batch.
    high: Cells,
    batch: u64,
    /// The sum of what was passed on.
    level: AtomicU64,
    peak: AtomicU64,
}

/// The numbers of one thread, which nobody else writes while it has its own number.
#[derive(Clone, Copy)]
pub(crate) struct Mine {
    pending: &'static AtomicU64,
    high: &'static AtomicU64,
}

const fn signed(difference: u64) -> i64 {
    difference.cast_signed()
}

/// For bytes.
const BATCH: u64 = 64 << 10;

impl Gauge {
    /// Zero, for bytes: with a batch of 64 KiB.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self::with_batch(BATCH)
    }

    /// Zero, for bytes.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self::with_batch(BATCH)
    }

    /// Zero. Changes are passed on when they come to `batch`.
    #[cfg(not(loom))]
    pub const fn with_batch(batch: u64) -> Self {
        let (level, peak) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { pending: Cells::new(), high: Cells::new(), batch: within(batch), level, peak }
    }

    /// Zero. Changes are passed on when they come to `batch`.
    #[cfg(loom)]
    pub fn with_batch(batch: u64) -> Self {
        let (level, peak) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { pending: Cells::new(), high: Cells::new(), batch: within(batch), level, peak }
    }

    /// There is so much more.
    #[inline(always)]
    pub fn add(&self, more: u64) {
        self.add_and_tell(more);
    }

    /// There is so much less.
    #[inline(always)]
    pub fn subtract(&self, less: u64) {
        match self.at_hand() {
            Some(mine) => self.subtract_at(mine, less),
            None => self.subtract_slowly(less),
        }
    }

    /// There is so much more. If that was passed on: from where to where the level has gone.
    #[inline(always)]
    pub(crate) fn add_and_tell(&self, more: u64) -> Option<(u64, u64)> {
        match self.at_hand() {
            Some(mine) => self.add_at(mine, more),
            None => self.add_slowly(more),
        }
    }

    #[inline(always)]
    fn at_hand(&self) -> Option<Mine> {
        Some(Mine { pending: self.pending.at_hand()?, high: self.high.at_hand()? })
    }

    /// The numbers of the calling thread; none if it cannot have any.
    pub(crate) fn mine(&self) -> Option<Mine> {
        Some(Mine { pending: self.pending.find()?, high: self.high.find()? })
    }

    /// As [`add_and_tell`](Self::add_and_tell), of the calling thread's numbers.
    #[inline(always)]
    pub(crate) fn add_at(&self, mine: Mine, more: u64) -> Option<(u64, u64)> {
        let pending = mine.pending.load(Ordering::Relaxed).wrapping_add(more);
        mine.pending.store(pending, Ordering::Relaxed);
        if signed(pending) > signed(mine.high.load(Ordering::Relaxed)) {
            mine.high.store(pending, Ordering::Relaxed);
            // Less than a batch was less than the highest.
            if signed(pending) >= signed(self.batch) {
                return Some(self.pass_on(mine));
            }
        }
        None
    }

    /// As [`subtract`](Self::subtract), of the calling thread's numbers.
    #[inline(always)]
    pub(crate) fn subtract_at(&self, mine: Mine, less: u64) {
        let pending = mine.pending.load(Ordering::Relaxed).wrapping_sub(less);
        mine.pending.store(pending, Ordering::Relaxed);
        if signed(pending) <= -signed(self.batch) {
            self.pass_on(mine);
        }
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(&self, more: u64) -> Option<(u64, u64)> {
        match self.mine() {
            Some(mine) => self.add_at(mine, more),
            None => Some(self.change(more)),
        }
    }

    #[cold]
    #[inline(never)]
    fn subtract_slowly(&self, less: u64) {
        match self.mine() {
            Some(mine) => self.subtract_at(mine, less),
            None => {
                self.change(less.wrapping_neg());
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn pass_on(&self, mine: Mine) -> (u64, u64) {
        let (pending, high) = (mine.pending.load(Ordering::Relaxed), mine.high.load(Ordering::Relaxed));
        mine.pending.store(0, Ordering::Relaxed);
        mine.high.store(0, Ordering::Relaxed);
        // Release: whoever sees this sees that it is not pending any more.
        let before = self.level.fetch_add(pending, Ordering::Release);
        self.note(before.wrapping_add(high));
        (not_negative(before), not_negative(before.wrapping_add(pending)))
    }

    /// Changes the level by so much, for a thread that has no numbers.
    pub(crate) fn change(&self, change: u64) -> (u64, u64) {
        let before = self.level.fetch_add(change, Ordering::Relaxed);
        (not_negative(before), self.note(before.wrapping_add(change)))
    }

    fn note(&self, level: u64) -> u64 {
        let level = not_negative(level);
        if self.peak.load(Ordering::Relaxed) < level {
            self.peak.fetch_max(level, Ordering::Relaxed);
        }
        level
    }

    /// How much there is. O(threads).
    pub fn get(&self) -> u64 {
        // In this order, so that what is passed on meanwhile is not seen twice.
        let level = self.level.load(Ordering::Acquire);
        self.note(level.wrapping_add(self.pending.sum()))
    }

    /// How much there has been at most. O(threads).
    pub fn peak(&self) -> u64 {
        let now = self.get();
        if let Some(mine) = self.mine() {
            let below = mine.high.load(Ordering::Relaxed).wrapping_sub(mine.pending.load(Ordering::Relaxed));
            self.note(now.wrapping_add(below));
        }
        self.peak.load(Ordering::Relaxed)
    }

    /// Makes the peak what there is now.
    pub fn reset_peak(&self) {
        if let Some(mine) = self.mine() {
            self.pass_on(mine);
        }
        self.peak.store(0, Ordering::Relaxed);
        self.get();
    }
}

/// A level below zero is one that somebody has yet to add to.
const fn not_negative(level: u64) -> u64 {
    if signed(level) < 0 { 0 } else { level }
}

/// A batch that changes of either sign can come to.
const fn within(batch: u64) -> u64 {
    if batch > i64::MAX as u64 { i64::MAX as u64 } else { batch }
}

impl Default for Gauge {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = self.get();
        f.debug_struct("Gauge")
            .field("level", &level)
            .field("peak", &self.peak.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}
