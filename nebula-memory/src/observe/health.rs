use core::fmt;
use std::borrow::Cow;
use std::format;
use std::string::String;

use crate::observe::figures::Bytes;
use crate::stats::{AllocatorStats, Kind, Measure};

/// How something is. Ordered by how bad it is.
///
/// ```
/// use nebula_memory::observe::HealthStatus;
///
/// let memory = HealthStatus::Healthy;
/// let disk = HealthStatus::degraded("98 % of the disk is full");
/// let all = memory.worst(disk);
/// assert!(all.is_operational() && !all.is_healthy());
/// assert_eq!(all.to_string(), "degraded: 98 % of the disk is full");
/// assert!(all < HealthStatus::unhealthy("the disk is gone"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "status", content = "reason", rename_all = "snake_case"))]
pub enum HealthStatus {
    /// All is well.
    #[default]
    Healthy,
    /// It works, but not as it should: the reason.
    Degraded(Cow<'static, str>),
    /// It does not work: the reason.
    Unhealthy(Cow<'static, str>),
}

impl HealthStatus {
    /// It works, but not as it should.
    pub fn degraded(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Degraded(reason.into())
    }

    /// It does not work.
    pub fn unhealthy(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::Unhealthy(reason.into())
    }

    /// Whether all is well.
    pub const fn is_healthy(&self) -> bool {
        matches!(self, Self::Healthy)
    }

    /// Whether it works, well or not.
    pub const fn is_operational(&self) -> bool {
        !matches!(self, Self::Unhealthy(_))
    }

    /// Why it is not well.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Healthy => None,
            Self::Degraded(reason) | Self::Unhealthy(reason) => Some(reason),
        }
    }

    /// `healthy`, `degraded` or `unhealthy`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded(_) => "degraded",
            Self::Unhealthy(_) => "unhealthy",
        }
    }

    /// The worse of the two; this one if they are equally bad.
    #[must_use]
    pub fn worst(self, other: Self) -> Self {
        if other.severity() > self.severity() { other } else { self }
    }

    pub(super) const fn severity(&self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Degraded(_) => 1,
            Self::Unhealthy(_) => 2,
        }
    }
}

impl fmt::Display for HealthStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        self.reason().map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

/// What can say how it is.
///
/// Everything that has figures ([`Measure`]) can: by the default [`HealthPolicy`], from what is in use now. A
/// [`HealthMonitor`] also knows what it was the last time.
///
/// ```
/// use nebula_memory::BumpAllocator;
/// use nebula_memory::observe::Health;
///
/// let memory = BumpAllocator::new(1024);
/// assert!(memory.health().is_healthy());
/// memory.alloc([0_u8; 1000]);
/// assert_eq!(memory.health().to_string(), "degraded: allocator: 1000 B of 1 KiB in use (97 %)");
/// ```
///
/// Something of yours that has no figures says it itself:
///
/// ```
/// use nebula_memory::observe::{Health, HealthStatus};
///
/// struct Disk {
///     full: bool,
/// }
///
/// impl Health for Disk {
///     fn health(&self) -> HealthStatus {
///         if self.full { HealthStatus::unhealthy("the disk is full") } else { HealthStatus::Healthy }
///     }
/// }
/// assert_eq!(Disk { full: true }.health().reason(), Some("the disk is full"));
/// ```
pub trait Health {
    /// How it is now.
    fn health(&self) -> HealthStatus;
}

impl<T: Measure + ?Sized> Health for T {
    fn health(&self) -> HealthStatus {
        HealthPolicy::new().assess(self.kind(), None, &self.measure())
    }
}

/// When something is not well.
///
/// It is degraded when more than [`degraded_at`](Self::degraded_at) percent of its capacity is in use, and until
/// no more than [`recovered_at`](Self::recovered_at) are, so that a level that swings around a limit is one alarm and not many.
/// A request that was refused since the last look makes it degraded too, and unhealthy if it is that full. A full cache is as
/// it should be, and what has no limit is never full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthPolicy {
    degraded_at: u8,
    recovered_at: u8,
}

impl HealthPolicy {
    /// Degraded from 90 percent on, until it is 80 again.
    pub const fn new() -> Self {
        Self { degraded_at: 90, recovered_at: 80 }
    }

    /// Degraded from this many percent of the capacity on; of more than 100, only when a request is refused.
    #[must_use]
    pub const fn degraded_at(mut self, percent: u8) -> Self {
        self.degraded_at = percent;
        self
    }

    /// Well again when no more than this many percent are in use, and fewer than those of
    /// [`degraded_at`](Self::degraded_at).
    #[must_use]
    pub const fn recovered_at(mut self, percent: u8) -> Self {
        self.recovered_at = percent;
        self
    }

    /// How something with these figures is, if nothing else is known about it.
    pub fn assess(&self, kind: Kind, name: Option<&str>, stats: &AllocatorStats) -> HealthStatus {
        self.judge(kind, name, stats, 0, false)
    }

    /// `refused`: how many requests, since the last look. `bad`: how it was then.
    fn judge(
        self,
        kind: Kind,
        name: Option<&str>,
        stats: &AllocatorStats,
        refused: u64,
        bad: bool,
    ) -> HealthStatus {
        let percent = if kind == Kind::Cache { None } else { percent(stats) };
        let full = percent.is_some_and(|percent| {
            percent >= u64::from(self.degraded_at) || (bad && percent > u64::from(self.recovered_at))
        });
        if !full && refused == 0 {
            return HealthStatus::Healthy;
        }
        let name = name.map_or(String::new(), |name| format!(" `{name}`"));
        let kind = kind.name();
        let level = match (stats.capacity, percent) {
            (Some(capacity), Some(percent)) => {
                format!("{} of {} in use ({percent} %)", Bytes(stats.in_use), Bytes(capacity))
            }
            _ => format!("{} in use", Bytes(stats.in_use)),
        };
        if refused == 0 {
            return HealthStatus::Degraded(format!("{kind}{name}: {level}").into());
        }
        let requests = if refused == 1 { "request was" } else { "requests were" };
        let reason = format!("{kind}{name}: {refused} {requests} refused since the last look, {level}");
        if full { HealthStatus::Unhealthy(reason.into()) } else { HealthStatus::Degraded(reason.into()) }
    }
}

impl Default for HealthPolicy {
    fn default() -> Self {
        Self::new()
    }
}

/// How much of the capacity is in use, rounded down: all of it is 100, and nothing else is.
fn percent(stats: &AllocatorStats) -> Option<u64> {
    let capacity = stats.capacity.filter(|capacity| *capacity > 0)?;
    u64::try_from(u128::from(stats.in_use) * 100 / u128::from(capacity)).ok()
}

/// Looks at figures again and again, by a [`HealthPolicy`].
///
/// ```
/// use nebula_memory::observe::HealthMonitor;
/// use nebula_memory::stats::Measure;
/// use nebula_memory::{Budget, KIB};
///
/// let budget = Budget::new(64 * KIB);
/// let mut monitor = HealthMonitor::default();
/// let look = |monitor: &mut HealthMonitor| monitor.look(budget.kind(), Some("uploads"), &budget.measure());
///
/// let most = budget.reserve(60 * KIB)?;
/// assert_eq!(look(&mut monitor).reason(), Some("budget `uploads`: 60 KiB of 64 KiB in use (93 %)"));
/// drop(most);
/// let much = budget.reserve(54 * KIB)?; // 84 percent: more than it needs to recover
/// assert!(!look(&mut monitor).is_healthy());
/// drop(much);
/// assert!(look(&mut monitor).is_healthy());
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct HealthMonitor {
    policy: HealthPolicy,
    refused: Option<u64>,
    bad: bool,
}

impl HealthMonitor {
    /// Nothing was looked at yet.
    pub const fn new(policy: HealthPolicy) -> Self {
        Self { policy, refused: None, bad: false }
    }

    /// How something with these figures is. The first look is at what it is, and takes no notice of what was before.
    pub fn look(&mut self, kind: Kind, name: Option<&str>, stats: &AllocatorStats) -> HealthStatus {
        // Counts that begin at zero again have been reset.
        let before = self.refused.filter(|before| *before <= stats.refused).unwrap_or(match self.refused {
            None => stats.refused,
            Some(_) => 0,
        });
        self.refused = Some(stats.refused);
        let now = self.policy.judge(kind, name, stats, stats.refused - before, self.bad);
        self.bad = !now.is_healthy();
        now
    }
}
