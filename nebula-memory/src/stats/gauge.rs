use core::fmt;

use super::cells::Cells;
use crate::sync::{AtomicU64, Ordering};

/// How much there is of something, and how much there has been at most, changed by many threads.
///
/// Each thread has its changes written for itself until they come to the *batch*, and passes them on then; so threads
/// seldom wait for each other (as kernels count pages, free blocks and the like). The [level](Self::get) is exact when nobody
/// changes it meanwhile. The [peak](Self::peak) is off by a batch for each thread at most; with a batch of one it is exact, and every
/// change costs what a shared atomic does.
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
    /// Changes that were not passed on.
    pending: Cells,
    batch: u64,
    level: AtomicU64,
    peak: AtomicU64,
}

#[expect(clippy::cast_possible_wrap, reason = "a difference, which wraps")]
const fn signed(difference: u64) -> i64 {
    difference as i64
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
        Self { pending: Cells::new(), batch, level: AtomicU64::new(0), peak: AtomicU64::new(0) }
    }

    /// Zero. Changes are passed on when they come to `batch`.
    #[cfg(loom)]
    pub fn with_batch(batch: u64) -> Self {
        Self { pending: Cells::new(), batch, level: AtomicU64::new(0), peak: AtomicU64::new(0) }
    }

    /// There is so much more.
    #[inline(always)]
    pub fn add(&self, more: u64) {
        self.add_and_tell(more);
    }

    /// There is so much more. If that was passed on: from where to where the level has gone.
    #[inline(always)]
    pub(crate) fn add_and_tell(&self, more: u64) -> Option<(u64, u64)> {
        let Some(mine) = self.pending.at_hand() else { return Some(self.add_slowly(more)) };
        let pending = mine.load(Ordering::Relaxed).wrapping_add(more);
        if signed(pending).unsigned_abs() < self.batch {
            mine.store(pending, Ordering::Relaxed);
            return None;
        }
        Some(self.pass_on(mine, pending))
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(&self, more: u64) -> (u64, u64) {
        match self.pending.find() {
            Some(mine) => self.pass_on(mine, mine.load(Ordering::Relaxed).wrapping_add(more)),
            None => self.change(more),
        }
    }

    /// There is so much less.
    #[inline(always)]
    pub fn subtract(&self, less: u64) {
        self.add(less.wrapping_neg());
    }

    #[cold]
    #[inline(never)]
    fn pass_on(&self, mine: &AtomicU64, pending: u64) -> (u64, u64) {
        mine.store(0, Ordering::Relaxed);
        self.change(pending)
    }

    fn change(&self, change: u64) -> (u64, u64) {
        let before = self.level.fetch_add(change, Ordering::Relaxed);
        let after = self.note(before.wrapping_add(change));
        (if signed(before) < 0 { 0 } else { before }, after)
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
    pub fn get(&self) -> u64 {
        // In this order, so that what is passed on meanwhile is not seen twice.
        let level = self.level.load(Ordering::Relaxed);
        self.note(level.wrapping_add(self.pending.sum()))
    }

    /// How much there has been at most. O(threads).
    pub fn peak(&self) -> u64 {
        self.get();
        self.peak.load(Ordering::Relaxed)
    }

    /// Makes the peak what there is now.
    pub fn reset_peak(&self) {
        self.peak.store(0, Ordering::Relaxed);
        self.get();
    }
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
