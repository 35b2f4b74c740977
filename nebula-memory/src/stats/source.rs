//! Who is known to a collector, and what was told last.

use std::borrow::Cow;
use std::boxed::Box;
use std::string::String;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::vec::Vec;

use super::snapshot::{AllocatorEntry, AllocatorId, AllocatorStats, HistogramEntry, Kind};
use super::{Bucket, HistogramStats, SharedHistogram};
use crate::unwind::guarded;

type Tell = dyn Fn() -> (Option<AllocatorStats>, bool) + Send + Sync;

/// Who has figures. Asked when nothing is locked, because it may be the user's.
pub(super) struct Source {
    pub(super) id: AllocatorId,
    pub(super) name: String,
    kind: Kind,
    /// The figures; `None` when there are no more, and whether there will be others.
    tell: Box<Tell>,
    told: Mutex<Told>,
}

#[derive(Default)]
struct Told {
    last: AllocatorStats,
    has_gone: bool,
    /// What is not told any more since a reset.
    base: AllocatorStats,
    /// How often it was asked,
    asked: u64,
    /// and by which of these the figures were told; the largest number if they are the last ones.
    answered: u64,
    /// Blocks and bytes that rates know of.
    rated: (u64, u64),
}

/// A histogram that is known.
pub(super) struct Measured {
    name: String,
    unit: Cow<'static, str>,
    histogram: Weak<SharedHistogram>,
    last: Mutex<(HistogramStats, Vec<Bucket>)>,
}

/// Locks what nobody leaves half written.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Source {
    pub(super) fn new(id: AllocatorId, name: String, kind: Kind, tell: Box<Tell>) -> Self {
        Self { id, name, kind, tell, told: Mutex::default() }
    }

    fn refresh(&self) {
        let mut told = lock(&self.told);
        if told.has_gone {
            return;
        }
        told.asked += 1;
        let turn = told.asked;
        drop(told);
        // Who panics has no figures this time, but must not keep those of the others from being told.
        let (stats, alive) = guarded(&self.tell).unwrap_or((None, true));
        let mut told = lock(&self.told);
        // Several may have asked at once. Who has gone does not come back, and its last figures stay.
        told.has_gone |= !alive;
        let turn = if alive { turn } else { u64::MAX };
        if let Some(stats) = stats
            && told.answered < turn
        {
            (told.last, told.answered) = (stats, turn);
        }
    }

    /// Counts begin at zero, from here on.
    pub(super) fn reset(&self) {
        self.refresh();
        let mut told = lock(&self.told);
        told.base = told.last.clone();
    }

    /// What there is to tell of it, and the blocks and bytes that were allocated since the last look.
    pub(super) fn look(&self) -> (AllocatorEntry, (u64, u64)) {
        self.refresh();
        let mut told = lock(&self.told);
        let now = (told.last.allocations, told.last.bytes);
        let then = core::mem::replace(&mut told.rated, now);
        // A count that has become less began anew.
        let since = |now: u64, then| now.checked_sub(then).unwrap_or(now);
        let happened = (since(now.0, then.0), since(now.1, then.1));
        let entry = AllocatorEntry {
            id: self.id,
            name: self.name.clone(),
            kind: self.kind,
            alive: !told.has_gone,
            stats: told.last.since(&told.base),
        };
        (entry, happened)
    }
}

impl Measured {
    pub(super) fn new(name: String, unit: Cow<'static, str>, histogram: &Arc<SharedHistogram>) -> Self {
        Self { name, unit, histogram: Arc::downgrade(histogram), last: Mutex::default() }
    }

    pub(super) fn look(&self) -> HistogramEntry {
        let now = self.histogram.upgrade().map(|histogram| {
            let now = histogram.snapshot();
            (now.summary(), now.coarse_buckets())
        });
        let mut last = lock(&self.last);
        if let Some(now) = now {
            *last = now;
        }
        let (stats, buckets) = last.clone();
        HistogramEntry { name: self.name.clone(), unit: self.unit.clone(), stats, buckets }
    }
}
