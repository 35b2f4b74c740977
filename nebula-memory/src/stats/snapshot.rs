use std::borrow::Cow;
use std::string::String;
use std::time::{Duration, SystemTime};
use std::vec::Vec;

use super::{Bucket, HistogramStats, Profile, Rates};

/// Which allocator: unique in the process, and not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AllocatorId(pub(super) u64);

impl AllocatorId {
    /// The number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// What kind of thing has the figures.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Kind {
    /// Blocks of memory.
    #[default]
    Allocator,
    /// A growing arena.
    Arena,
    /// Objects that are used again.
    Pool,
    /// Values that may go.
    Cache,
    /// A limit.
    Budget,
    /// A part of the program, by the name of its scope.
    Scope,
}

impl Kind {
    /// Its name, in lower case.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allocator => "allocator",
            Self::Arena => "arena",
            Self::Pool => "pool",
            Self::Cache => "cache",
            Self::Budget => "budget",
            Self::Scope => "scope",
        }
    }
}

/// What one allocator has done. What it does not count is zero, or `None`.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
pub struct AllocatorStats {
    /// How many blocks were allocated; of a pool, how many objects were handed out; of a cache, how many entries came in.
    pub allocations: u64,
    /// How many of them were given back.
    pub deallocations: u64,
    /// How many times a block was made larger or smaller.
    pub resizes: u64,
    /// How many requests were refused.
    pub refused: u64,
    /// How many bytes were allocated in all.
    pub bytes: u64,
    /// How many bytes are in use.
    pub in_use: u64,
    /// How many bytes were in use at most.
    pub peak: u64,
    /// How many bytes there may be in use, or are set aside.
    pub capacity: Option<u64>,
    /// How many look-ups found what they wanted: of a cache, and of a pool those that made no object.
    pub hits: Option<u64>,
    /// How many did not.
    pub misses: Option<u64>,
    /// How many entries of a cache had to go for want of room, or because their time was over.
    pub evictions: Option<u64>,
    /// The sizes of blocks, in bytes.
    pub sizes: Option<HistogramStats>,
    /// How many blocks there were of which sizes, for charts; see [`coarse_buckets`](super::Histogram::coarse_buckets). Empty if
    /// nobody says.
    pub size_buckets: Vec<Bucket>,
}

impl AllocatorStats {
    /// How many blocks are allocated.
    pub const fn live(&self) -> u64 {
        self.allocations.saturating_sub(self.deallocations)
    }

    /// The part of look-ups that found what they wanted, if there were any.
    #[expect(clippy::cast_precision_loss, reason = "a ratio is rounded")]
    pub fn hit_ratio(&self) -> Option<f64> {
        let (hits, misses) = (self.hits?, self.misses?);
        let all = hits.checked_add(misses)?;
        (all > 0).then(|| hits as f64 / all as f64)
    }

    /// What happened since `earlier`. What is a level and not a count stays as it is.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let less = |now: Option<u64>, then: Option<u64>| Some(now?.saturating_sub(then.unwrap_or(0)));
        Self {
            allocations: self.allocations.saturating_sub(earlier.allocations),
            deallocations: self.deallocations.saturating_sub(earlier.deallocations),
            resizes: self.resizes.saturating_sub(earlier.resizes),
            refused: self.refused.saturating_sub(earlier.refused),
            bytes: self.bytes.saturating_sub(earlier.bytes),
            hits: less(self.hits, earlier.hits),
            misses: less(self.misses, earlier.misses),
            evictions: less(self.evictions, earlier.evictions),
            ..self.clone()
        }
    }
}

/// All allocators together, without budgets, which only limit what others have. Sums stay at the largest number when they get there.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GlobalStats {
    /// How many allocators are alive.
    pub allocators: u64,
    /// How many blocks were allocated.
    pub allocations: u64,
    /// How many were given back.
    pub deallocations: u64,
    /// How many requests were refused.
    pub refused: u64,
    /// How many bytes were allocated in all.
    pub bytes: u64,
    /// How many bytes are in use.
    pub in_use: u64,
    /// How many bytes were in use at most, as far as snapshots have seen it.
    pub peak: u64,
}

/// How fast it goes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PerformanceStats {
    /// Blocks allocated a second.
    pub allocations: Rates,
    /// Bytes allocated a second.
    pub bytes: Rates,
    /// Bytes in use: a moving average with a half-life of a minute.
    pub average_in_use: f64,
    /// How long it took to make this snapshot.
    pub snapshot: Duration,
}

/// One allocator in a [`StatsSnapshot`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AllocatorEntry {
    /// Which.
    pub id: AllocatorId,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it still is. If not, these are its last figures.
    pub alive: bool,
    /// What it has done.
    pub stats: AllocatorStats,
}

/// A histogram in a [`StatsSnapshot`].
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistogramEntry {
    /// What is measured.
    pub name: String,
    /// The unit of its values.
    pub unit: Cow<'static, str>,
    /// What it says.
    pub stats: HistogramStats,
    /// The values in a few buckets, for charts; see [`coarse_buckets`](super::Histogram::coarse_buckets).
    #[cfg_attr(feature = "serde", serde(default))]
    pub buckets: Vec<Bucket>,
}

/// What all allocators of a [`StatsCollector`](super::StatsCollector) had done at one moment.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StatsSnapshot {
    /// When.
    pub at: SystemTime,
    /// How long the collector has been there; of a difference, how long it spans.
    pub elapsed: Duration,
    /// All together.
    pub global: GlobalStats,
    /// Each, in the order in which they were registered.
    pub allocators: Vec<AllocatorEntry>,
    /// Histograms that were registered.
    pub histograms: Vec<HistogramEntry>,
    /// How fast it goes.
    pub performance: PerformanceStats,
    /// Scopes and stacks, if it is that of a [`TrackedGlobal`](super::TrackedGlobal).
    #[cfg_attr(feature = "serde", serde(default, skip_serializing_if = "Option::is_none"))]
    pub profile: Option<Profile>,
}

impl StatsSnapshot {
    /// The allocator of this name; the one that was registered last, if there are several.
    pub fn allocator(&self, name: &str) -> Option<&AllocatorEntry> {
        self.allocators.iter().rfind(|entry| entry.name == name)
    }

    /// What happened since `earlier`, which is a snapshot of the same collector. Levels, rates, histograms and the profile stay as they are.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut difference = self.clone();
        difference.elapsed = self.elapsed.saturating_sub(earlier.elapsed);
        for entry in &mut difference.allocators {
            if let Some(then) = earlier.allocators.iter().find(|then| then.id == entry.id) {
                entry.stats = entry.stats.since(&then.stats);
            }
        }
        let (now, then) = (&self.global, &earlier.global);
        difference.global = GlobalStats {
            allocations: now.allocations.saturating_sub(then.allocations),
            deallocations: now.deallocations.saturating_sub(then.deallocations),
            refused: now.refused.saturating_sub(then.refused),
            bytes: now.bytes.saturating_sub(then.bytes),
            ..*now
        };
        difference
    }
}
