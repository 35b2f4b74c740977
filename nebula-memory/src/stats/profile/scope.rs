use super::estimate::Estimate;
use super::local::Scoped;
use crate::stats::{AllocatorStats, Counter};

/// What was allocated while a name was the innermost of the trail.
pub(super) struct Scope {
    /// Empty: while there was none.
    pub(super) name: &'static str,
    pub(super) allocations: Counter,
    pub(super) bytes: Counter,
    pub(super) resizes: Counter,
    /// What of it is in use, as far as samples tell.
    pub(super) live: Estimate,
}

impl Scope {
    pub(super) const fn new(name: &'static str) -> Self {
        Self {
            name,
            allocations: Counter::new(),
            bytes: Counter::new(),
            resizes: Counter::new(),
            live: Estimate::new(),
        }
    }

    /// The cells of the calling thread, if it can have any, for when this name is met again.
    pub(super) fn mine(&self, name: &'static str) -> Option<Scoped> {
        let (allocations, bytes) = (self.allocations.mine()?, self.bytes.mine()?);
        Some(Scoped { name, allocations, bytes, resizes: self.resizes.mine()? })
    }

    /// What it is called.
    pub(super) fn title(&self) -> &'static str {
        if self.name.is_empty() { "(none)" } else { self.name }
    }

    /// Allocations, resizes and bytes are counted, all else is an estimate.
    pub(super) fn stats(&self) -> AllocatorStats {
        let (blocks, in_use) = self.live.now();
        let allocations = self.allocations.get();
        let bytes = self.bytes.get();
        AllocatorStats {
            allocations,
            deallocations: allocations.saturating_sub(blocks),
            bytes,
            resizes: self.resizes.get(),
            in_use: in_use.min(bytes),
            peak: self.live.most().1.min(bytes),
            ..AllocatorStats::default()
        }
    }
}
