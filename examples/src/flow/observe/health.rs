//! Whether all is well.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use nebula_memory::{
    observe::{HealthMonitor, HealthStatus},
    stats::{AllocatorId, StatsSnapshot},
};
use serde::Serialize;

/// The answer to `/health`.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: &'static str,
    /// Why, if all is not well.
    reasons: Vec<String>,
    #[serde(skip)]
    is_operational: bool,
}

/// Remembers how everything was when somebody asked last.
#[derive(Debug, Default)]
pub(super) struct Monitors(Mutex<HashMap<AllocatorId, HealthMonitor>>);

impl Monitors {
    /// How everything that is alive is, by its figures.
    pub(super) fn look(&self, snapshot: &StatsSnapshot) -> Health {
        let mut monitors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut all, mut reasons) = (HealthStatus::Healthy, Vec::new());
        for entry in snapshot.allocators.iter().filter(|entry| entry.alive) {
            let status =
                monitors.entry(entry.id).or_default().look(entry.kind, Some(&entry.name), &entry.stats);
            reasons.extend(status.reason().map(str::to_owned));
            all = all.worst(status);
        }
        Health { status: all.name(), reasons, is_operational: all.is_operational() }
    }
}

impl Health {
    /// Whether requests may come.
    pub(super) fn is_operational(&self) -> bool {
        self.is_operational
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    };

    use nebula_memory::stats::{AllocatorStats, Kind, StatsCollector};

    use super::*;

    #[test]
    fn the_worst_counts() {
        let collector = StatsCollector::new();
        let monitors = Monitors::default();
        let look = || monitors.look(&collector.snapshot());
        assert_eq!(look().status, "healthy");
        let refused = Arc::new(AtomicU64::new(0));
        let add = |name, in_use| {
            let refused = Arc::clone(&refused);
            collector.register_with(name, Kind::Arena, move || {
                let mut stats = AllocatorStats::default();
                (stats.refused, stats.in_use, stats.capacity) =
                    (refused.load(Ordering::Relaxed), in_use, Some(100));
                Some(stats)
            })
        };
        let full = add("full", 100);
        add("empty", 0);
        let health = look();
        assert!(
            health.is_operational() && health.status == "degraded" && health.reasons.len() == 1,
            "{health:?}"
        );
        refused.store(2, Ordering::Relaxed);
        let health = look();
        assert!(!health.is_operational() && health.status == "unhealthy" && health.reasons.len() == 2);
        assert!(health.reasons[0].contains("`full`: 2 requests were refused"), "{health:?}");
        collector.forget(full);
        assert_eq!(look().status, "healthy");
    }
}
