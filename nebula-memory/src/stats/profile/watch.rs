use core::alloc::GlobalAlloc;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use super::TrackedGlobal;
use crate::stats::{AllocatorId, AllocatorStats, Kind, Measure, StatsCollector};

impl<A, const SAMPLE_EVERY: usize> Measure for TrackedGlobal<A, SAMPLE_EVERY> {
    fn kind(&self) -> Kind {
        Kind::Allocator
    }

    fn measure(&self) -> AllocatorStats {
        self.stats()
    }
}

impl StatsCollector {
    /// The program's allocator, as `global`, and each of its scopes by its name, as soon as there is one. Scopes are of
    /// [`Kind::Scope`], and as parts of the whole they are not in the sums of [`GlobalStats`](crate::stats::GlobalStats).
    ///
    /// ```
    /// use nebula_memory::AllocContext;
    /// use nebula_memory::stats::{Kind, StatsCollector, TrackedGlobal};
    ///
    /// #[global_allocator]
    /// static MEMORY: TrackedGlobal = TrackedGlobal::new();
    ///
    /// let collector = StatsCollector::new();
    /// collector.watch_global(&MEMORY);
    /// let _parse = AllocContext::enter("parse");
    /// let words = vec![0_u8; 4096];
    /// let snapshot = collector.snapshot();
    /// assert!(snapshot.allocator("global").unwrap().stats.in_use >= 4096);
    /// let parse = snapshot.allocator("parse").unwrap();
    /// assert!(parse.kind == Kind::Scope && parse.stats.bytes >= 4096);
    /// # drop(words);
    /// ```
    pub fn watch_global<A, const SAMPLE_EVERY: usize>(
        &self,
        global: &'static TrackedGlobal<A, SAMPLE_EVERY>,
    ) -> AllocatorId
    where
        A: GlobalAlloc + Sync,
    {
        let id = self.watch_static("global", global);
        let known = Mutex::new(HashSet::new());
        self.before_snapshots(move |collector| {
            let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
            for name in global.scopes() {
                if known.insert(name) {
                    collector.register_with(name, Kind::Scope, move || global.scope(name));
                }
            }
        });
        id
    }
}
