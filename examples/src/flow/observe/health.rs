//! Whether all is well.

use nebula_memory::stats::{AllocatorEntry, StatsSnapshot};
use serde::Serialize;

/// The answer to `/health`.
#[derive(Debug, Serialize)]
pub(super) struct Health {
    status: Status,
    /// Why, if all is not well.
    reasons: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    Healthy,
    /// It works, but not as it should.
    Degraded,
    /// It cannot go on.
    Unhealthy,
}

impl Health {
    /// As the figures say. The one place that decides.
    pub(super) fn of(snapshot: &StatsSnapshot) -> Self {
        let mut this = Self { status: Status::Healthy, reasons: Vec::new() };
        for AllocatorEntry { name, stats, .. } in snapshot.allocators.iter().filter(|entry| entry.alive) {
            if stats.refused > 0 {
                this.because(Status::Degraded, format!("{name}: {} requests were refused", stats.refused));
            }
            if stats.capacity.is_some_and(|most| most > 0 && stats.in_use >= most) {
                this.because(
                    Status::Unhealthy,
                    format!("{name}: all of its {} bytes are in use", stats.in_use),
                );
            }
        }
        this
    }

    fn because(&mut self, status: Status, reason: String) {
        self.status = self.status.max(status);
        self.reasons.push(reason);
    }

    /// Whether requests should go elsewhere.
    pub(super) fn is_unhealthy(&self) -> bool {
        self.status == Status::Unhealthy
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nebula_memory::stats::{AllocatorStats, Kind, StatsCollector};

    #[test]
    fn the_worst_counts() {
        let collector = StatsCollector::new();
        assert_eq!(Health::of(&collector.snapshot()).status, Status::Healthy);
        let add = |name, refused, in_use| {
            collector.register_with(name, Kind::Arena, move || {
                let mut stats = AllocatorStats::default();
                (stats.refused, stats.in_use, stats.capacity) = (refused, in_use, Some(100));
                Some(stats)
            })
        };
        let full = add("full", 0, 100);
        add("short", 2, 99);
        let health = Health::of(&collector.snapshot());
        assert!(health.is_unhealthy() && health.reasons.len() == 2);
        collector.forget(full);
        let health = Health::of(&collector.snapshot());
        assert_eq!(
            (health.status, &*health.reasons),
            (Status::Degraded, &["short: 2 requests were refused".to_owned()][..])
        );
    }
}
