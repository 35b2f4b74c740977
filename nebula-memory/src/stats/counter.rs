use core::fmt;

use super::cells::Cells;
use crate::sync::{AtomicU64, Ordering};

/// How often something happened, counted by many threads.
///
/// Each thread writes to a number of its own, with a plain load and store: threads do not wait for each other, and nothing is lost,
/// whatever they do, begin and end. [`get`](Self::get) adds the numbers up.
///
/// 16 bytes, and 8 for each thread that counts. Wraps at 2⁶⁴. A signal handler must not count: what the thread that it interrupts
/// is counting might be lost.
///
/// ```
/// use nebula_memory::stats::Counter;
///
/// static REQUESTS: Counter = Counter::new();
///
/// std::thread::scope(|threads| {
///     for _ in 0..4 {
///         threads.spawn(|| (0..1000).for_each(|_| REQUESTS.increment()));
///     }
/// });
/// assert_eq!(REQUESTS.get(), 4000);
/// ```
pub struct Counter {
    cells: Cells,
    /// Of threads that have no cell; less what there was at the last reset.
    rest: AtomicU64,
}

impl Counter {
    /// Zero.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self { cells: Cells::new(), rest: AtomicU64::new(0) }
    }

    /// Zero.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self { cells: Cells::new(), rest: AtomicU64::new(0) }
    }

    /// Adds this many.
    #[inline(always)]
    pub fn add(&self, count: u64) {
        match self.cells.at_hand() {
            Some(mine) => add_alone(mine, count),
            None => self.add_slowly(count),
        }
    }

    /// Adds one.
    #[inline(always)]
    pub fn increment(&self) {
        self.add(1);
    }

    /// The number of this thread, which nobody else writes while it has its own; `None` if it cannot have one.
    #[cfg(not(loom))]
    pub(super) fn mine(&self) -> Option<&'static AtomicU64> {
        self.cells.find()
    }

    #[cold]
    #[inline(never)]
    fn add_slowly(&self, count: u64) {
        match self.cells.find() {
            Some(mine) => add_alone(mine, count),
            None => {
                self.rest.fetch_add(count, Ordering::Relaxed);
            }
        }
    }

    /// What was counted until now: at least all that happened before, by whatever order threads have among each other. O(threads).
    pub fn get(&self) -> u64 {
        // Acquire: what a reset has subtracted is in the cells.
        self.rest.load(Ordering::Acquire).wrapping_add(self.cells.sum())
    }

    /// Begins at zero again; what was counted until now. Nothing is lost: what others count meanwhile is in the result or stays.
    pub fn reset(&self) -> u64 {
        let mut rest = self.rest.load(Ordering::Acquire);
        loop {
            // After the rest, so that they have at least what the last reset has subtracted.
            let cells = self.cells.sum();
            // The cells go on; what they have is subtracted here.
            let next = cells.wrapping_neg();
            match self.rest.compare_exchange_weak(rest, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return rest.wrapping_add(cells),
                Err(now) => rest = now,
            }
        }
    }
}

/// Nobody else writes it: a load and a store, not one step.
#[inline(always)]
fn add_alone(mine: &AtomicU64, count: u64) {
    mine.store(mine.load(Ordering::Relaxed).wrapping_add(count), Ordering::Relaxed);
}

impl Default for Counter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Counter").field(&self.get()).finish()
    }
}
