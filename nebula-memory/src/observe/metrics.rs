use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::format;

use crate::stats::{AllocatorStats, Measure};

/// What can tell its figures by name.
///
/// Everything that is measured ([`Measure`]) can. Levels are gauges, in bytes: `memory.used`, `memory.capacity`,
/// `memory.available` and `memory.peak`; what only grows are counters: `allocations.total`, `deallocations.total`,
/// `resizes.total`, `refused.total`, `bytes.total`, `hits.total`, `misses.total`, `evictions.total`. What is not known is left out.
///
/// ```
/// use nebula_memory::BumpAllocator;
/// use nebula_memory::observe::Metrics;
///
/// let memory = BumpAllocator::new(1024);
/// memory.alloc([0_u8; 100]);
/// let metrics = memory.metrics();
/// assert_eq!(metrics.gauge("memory.used"), Some(100.0));
/// assert_eq!(metrics.gauge("memory.available"), Some(924.0));
/// ```
pub trait Metrics {
    /// The figures now.
    fn metrics(&self) -> MetricsSnapshot;
}

impl<T: Measure + ?Sized> Metrics for T {
    fn metrics(&self) -> MetricsSnapshot {
        MetricsSnapshot::from(&self.measure())
    }
}

/// A figure of a [`MetricsSnapshot`]: a finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", content = "value", rename_all = "snake_case"))]
pub enum Metric {
    /// A level, which rises and falls.
    Gauge(f64),
    /// A count, which only grows.
    Counter(f64),
}

impl Metric {
    /// The number.
    pub const fn value(self) -> f64 {
        match self {
            Self::Gauge(value) | Self::Counter(value) => value,
        }
    }
}

/// Figures by name, in the order of their names.
///
/// What is no number is left out, so that nobody has to expect it.
///
/// ```
/// use nebula_memory::observe::MetricsSnapshot;
///
/// let queue = MetricsSnapshot::new().with_gauge("length", 7.0).with_counter("pushed.total", 1e6);
/// let all = MetricsSnapshot::new().with_gauge("load", f64::NAN).merge("queue", queue);
/// assert_eq!(all.get("load"), None);
/// assert_eq!(all.to_string(), "queue.length = 7\nqueue.pushed.total = 1000000");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(transparent))]
pub struct MetricsSnapshot {
    metrics: BTreeMap<Cow<'static, str>, Metric>,
}

impl MetricsSnapshot {
    /// No figures.
    pub const fn new() -> Self {
        Self { metrics: BTreeMap::new() }
    }

    /// Adds a level, in place of another figure of this name. One that is not finite is left out.
    #[must_use]
    pub fn with_gauge(self, name: impl Into<Cow<'static, str>>, value: f64) -> Self {
        self.with(name.into(), Metric::Gauge(value))
    }

    /// Adds a count, in place of another figure of this name. One that is not finite, or less than nothing, is left out.
    #[must_use]
    pub fn with_counter(self, name: impl Into<Cow<'static, str>>, value: f64) -> Self {
        if value < 0.0 { self } else { self.with(name.into(), Metric::Counter(value)) }
    }

    fn with(mut self, name: Cow<'static, str>, metric: Metric) -> Self {
        if metric.value().is_finite() {
            self.metrics.insert(name, metric);
        }
        self
    }

    #[expect(clippy::cast_precision_loss, reason = "above 2^53 a figure is rounded")]
    fn count(self, name: &'static str, value: impl Into<Option<u64>>) -> Self {
        match value.into() {
            Some(value) => self.with_counter(name, value as f64),
            None => self,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "as above")]
    fn level(self, name: &'static str, value: impl Into<Option<u64>>) -> Self {
        match value.into() {
            Some(value) => self.with_gauge(name, value as f64),
            None => self,
        }
    }

    /// Adds all figures of `other`, whose names become `prefix.name`; with no prefix they stay as they are.
    #[must_use]
    pub fn merge(mut self, prefix: &str, other: Self) -> Self {
        for (name, metric) in other.metrics {
            let name = if prefix.is_empty() { name } else { Cow::Owned(format!("{prefix}.{name}")) };
            self.metrics.insert(name, metric);
        }
        self
    }

    /// The figure of this name. O(log figures).
    pub fn get(&self, name: &str) -> Option<Metric> {
        self.metrics.get(name).copied()
    }

    /// The level of this name.
    pub fn gauge(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Metric::Gauge(value) => Some(value),
            Metric::Counter(_) => None,
        }
    }

    /// The count of this name.
    pub fn counter(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Metric::Counter(value) => Some(value),
            Metric::Gauge(_) => None,
        }
    }

    /// All figures, in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, Metric)> {
        self.metrics.iter().map(|(name, metric)| (&**name, *metric))
    }

    /// How many figures there are.
    pub fn len(&self) -> usize {
        self.metrics.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.metrics.is_empty()
    }
}

impl From<&AllocatorStats> for MetricsSnapshot {
    fn from(stats: &AllocatorStats) -> Self {
        let left = stats.capacity.map(|capacity| capacity.saturating_sub(stats.in_use));
        Self::new()
            .level("memory.used", stats.in_use)
            .level("memory.capacity", stats.capacity)
            .level("memory.available", left)
            .level("memory.peak", (stats.peak > 0).then_some(stats.peak))
            .count("allocations.total", stats.allocations)
            .count("deallocations.total", stats.deallocations)
            .count("resizes.total", stats.resizes)
            .count("refused.total", stats.refused)
            .count("bytes.total", stats.bytes)
            .count("hits.total", stats.hits)
            .count("misses.total", stats.misses)
            .count("evictions.total", stats.evictions)
    }
}

impl fmt::Display for MetricsSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, metric)) in self.iter().enumerate() {
            let end = if at == 0 { "" } else { "\n" };
            write!(f, "{end}{name} = {}", metric.value())?;
        }
        Ok(())
    }
}
