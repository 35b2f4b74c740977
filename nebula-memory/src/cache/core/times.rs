use core::time::Duration;

use super::{Core, WatchOf};
use crate::cache::policy::{Id, Policy, Ranking, Watch};
use crate::cache::weight::Weigher;

/// Entries whose time is over, or will be.
impl<K, V, P: Policy, W: Weigher<K, V>> Core<K, V, P, W> {
    /// Whether an entry may still be served that is there, or was until just now.
    #[inline(always)]
    pub(crate) fn is_live(&self, id: Id) -> bool {
        !WatchOf::<P>::EXPIRES || self.watch.is_live(&self.notes[id as usize])
    }

    /// Whether there is an entry, and its time is over.
    #[inline]
    pub(crate) fn is_over(&self, id: Id) -> bool {
        WatchOf::<P>::EXPIRES && self.table.get(id).is_some() && !self.is_live(id)
    }

    /// How long an entry that is there may be served.
    pub(crate) fn time_left(&self, id: Id) -> Duration {
        let left = WatchOf::<P>::EXPIRES.then(|| self.watch.time_left(&self.notes[id as usize]));
        left.unwrap_or(Duration::MAX)
    }

    /// Whether the time of an entry that was [evicted](Self::evict) just now was over when [`expire`](Self::expire) was last called.
    #[inline(always)]
    pub(crate) fn was_over(&self, id: Id) -> bool {
        WatchOf::<P>::EXPIRES && self.ranking.was_over(&self.notes[id as usize])
    }

    /// What comes in next does so when [`expire`](Self::expire) was last called, as nothing that takes time was since.
    #[inline(always)]
    pub(crate) fn at_once(&mut self) {
        self.ranking.at_once();
    }
}
