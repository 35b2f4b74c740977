use core::fmt;
use core::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex};

use super::source::lock;
use super::{AllocatorStats, Kind, Measure};

/// Something of one thread that leaves its figures where a collector finds them: see
/// [`StatsCollector::reporting`](super::StatsCollector::reporting).
///
/// A collector must not look into an arena that another thread is using. So whoever uses it says when: with
/// [`report`](Self::report), which takes a lock that is as good as free, and by dropping it. Using it costs nothing more.
pub struct Reporting<T: Measure> {
    source: T,
    desk: Arc<Desk>,
    /// Kept beside: figures of a level know no maximum of their own.
    peak: u64,
}

/// Where the figures lie.
#[derive(Default)]
pub(super) struct Desk(Mutex<Option<(AllocatorStats, bool)>>);

impl Desk {
    /// The last figures that were told, and whether there will be more.
    pub(super) fn read(&self) -> (Option<AllocatorStats>, bool) {
        match &*lock(&self.0) {
            Some((stats, alive)) => (Some(stats.clone()), *alive),
            None => (None, true),
        }
    }
}

impl<T: Measure> Reporting<T> {
    pub(super) fn new(source: T) -> (Self, Arc<Desk>) {
        let desk = Arc::new(Desk::default());
        (Self { source, desk: Arc::clone(&desk), peak: 0 }, desk)
    }

    /// Tells the figures as they are now.
    pub fn report(&mut self) {
        self.tell(true);
    }

    fn tell(&mut self, alive: bool) {
        let mut stats = self.source.measure();
        self.peak = self.peak.max(stats.peak).max(stats.in_use);
        stats.peak = self.peak;
        *lock(&self.desk.0) = Some((stats, alive));
    }
}

impl<T: Measure> Deref for Reporting<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.source
    }
}

impl<T: Measure> DerefMut for Reporting<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        &mut self.source
    }
}

impl<T: Measure> Measure for Reporting<T> {
    fn kind(&self) -> Kind {
        self.source.kind()
    }

    fn measure(&self) -> AllocatorStats {
        self.source.measure()
    }
}

impl<T: Measure> Drop for Reporting<T> {
    fn drop(&mut self) {
        self.tell(false);
    }
}

impl<T: Measure + fmt::Debug> fmt::Debug for Reporting<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}
