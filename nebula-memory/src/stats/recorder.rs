use core::alloc::Layout;
use core::fmt;
use core::sync::atomic::fence;
use std::sync::Arc;
use std::vec::Vec;

use super::{AllocatorStats, Bucket, Counter, Gauge, HistogramStats, SharedHistogram};
use crate::allocator::compose::Track;
use crate::sync::{AtomicUsize, Ordering};

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl Sealed for super::SharedHistogram {}
}

/// Whether an [`AllocatorRecorder`] counts sizes: `()`, or [`SharedHistogram`].
pub trait Sizes: sealed::Sealed + Send + Sync {
    /// A block of this size was allocated.
    #[doc(hidden)]
    fn record(&self, size: u64);

    /// How sizes are distributed, if that is counted.
    #[doc(hidden)]
    fn summary(&self) -> Option<(HistogramStats, Vec<Bucket>)>;
}

impl Sizes for () {
    #[inline(always)]
    fn record(&self, _: u64) {}

    fn summary(&self) -> Option<(HistogramStats, Vec<Bucket>)> {
        None
    }
}

impl Sizes for SharedHistogram {
    #[inline]
    fn record(&self, size: u64) {
        Self::record(self, size);
    }

    fn summary(&self) -> Option<(HistogramStats, Vec<Bucket>)> {
        let sizes = self.snapshot();
        Some((sizes.summary(), sizes.coarse_buckets()))
    }
}

/// Counts what an allocator does, in whatever threads: the [`Track`] for those that are looked at while they work.
///
/// Each thread counts for itself, so no thread waits for another. With `S` = [`SharedHistogram`] sizes are counted
/// too, which costs about as much as the rest, and 33 KiB for each thread. In an `Arc` it outlives its allocator, and a
/// [`StatsCollector`](super::StatsCollector) can tell what that one did last.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::allocator::Tracked;
/// use nebula_memory::stats::AllocatorRecorder;
/// use nebula_memory::{Arena, SystemAllocator};
///
/// let recorder = Arc::new(AllocatorRecorder::new());
/// let arena: Arena<_> = Arena::new_in(Tracked::with_tracker(SystemAllocator, Arc::clone(&recorder)));
/// arena.alloc(7);
/// assert!(recorder.stats().in_use > 0);
/// drop(arena);
/// assert_eq!(recorder.stats().in_use, 0);
/// ```
pub struct AllocatorRecorder<S: Sizes = ()> {
    deallocations: Counter,
    resizes: Counter,
    refused: Counter,
    allocations: Counter,
    bytes: Counter,
    in_use: Gauge,
    sizes: S,
    /// How many collectors have it, beside those who count.
    collectors: AtomicUsize,
}

/// A peak is off by twice as much for each thread at most.
#[cfg(not(loom))]
const BATCH: u64 = 64 << 10;

#[cfg(not(loom))]
impl AllocatorRecorder {
    /// Nothing counted. The peak of bytes in use is exact of one thread, and off by 128 KiB at most for each of several.
    pub const fn new() -> Self {
        Self::with(BATCH, ())
    }
}

#[cfg(not(loom))]
impl AllocatorRecorder<SharedHistogram> {
    /// Nothing counted; sizes will be.
    pub const fn with_sizes() -> Self {
        Self::with(BATCH, SharedHistogram::new())
    }
}

#[cfg(not(loom))]
impl<S: Sizes> AllocatorRecorder<S> {
    /// Nothing counted; `batch` is that of the [`Gauge`] of bytes in use.
    pub const fn with(batch: u64, sizes: S) -> Self {
        Self {
            deallocations: Counter::new(),
            resizes: Counter::new(),
            refused: Counter::new(),
            allocations: Counter::new(),
            bytes: Counter::new(),
            in_use: Gauge::with_batch(batch),
            sizes,
            collectors: AtomicUsize::new(0),
        }
    }
}

impl<S: Sizes> AllocatorRecorder<S> {
    /// What was counted until now. O(threads).
    pub fn stats(&self) -> AllocatorStats {
        // In this order, so that of a block that comes and goes meanwhile rarely just the going is seen.
        let deallocations = self.deallocations.get();
        let (sizes, size_buckets) = self.sizes.summary().unzip();
        AllocatorStats {
            allocations: self.allocations.get(),
            deallocations,
            resizes: self.resizes.get(),
            refused: self.refused.get(),
            bytes: self.bytes.get(),
            in_use: self.in_use.get(),
            peak: self.in_use.peak(),
            sizes,
            size_buckets: size_buckets.unwrap_or_default(),
            ..AllocatorStats::default()
        }
    }

    #[inline]
    fn more(&self, size: usize) {
        self.bytes.add(size as u64);
        self.in_use.add(size as u64);
    }
}

/// What a collector has of a recorder, which does not keep it from being gone.
pub(super) struct Collected<S: Sizes>(Arc<AllocatorRecorder<S>>);

impl<S: Sizes> Collected<S> {
    pub(super) fn new(recorder: &Arc<AllocatorRecorder<S>>) -> Self {
        recorder.collectors.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(recorder))
    }

    /// What was counted until now, and whether anybody may count more.
    pub(super) fn look(&self) -> (AllocatorStats, bool) {
        // First this: if there are collectors only, nobody counts any more, and these are the last figures.
        let alive = Arc::strong_count(&self.0) > self.0.collectors.load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        (self.0.stats(), alive)
    }
}

impl<S: Sizes> Drop for Collected<S> {
    fn drop(&mut self) {
        // Another collector may take this for one who counts until the next line, and asks again.
        self.0.collectors.fetch_sub(1, Ordering::Relaxed);
    }
}

// SAFETY: arithmetic that wraps.
unsafe impl<S: Sizes> Track for AllocatorRecorder<S> {
    #[inline]
    fn allocated(&self, size: usize) {
        // A block of no size is no memory, and collections do not always give it back.
        if size != 0 {
            self.allocations.increment();
            self.sizes.record(size as u64);
            self.more(size);
        }
    }

    #[inline]
    fn deallocated(&self, size: usize) {
        if size != 0 {
            self.deallocations.increment();
            self.in_use.subtract(size as u64);
        }
    }

    #[inline]
    fn resized(&self, old: usize, new: usize) {
        match (old, new) {
            (0, size) => self.allocated(size),
            (size, 0) => self.deallocated(size),
            _ => {
                self.resizes.increment();
                if new >= old {
                    self.more(new - old);
                } else {
                    self.in_use.subtract((old - new) as u64);
                }
            }
        }
    }

    #[cold]
    fn refused(&self, _: Layout) {
        self.refused.increment();
    }
}

#[cfg(not(loom))]
impl Default for AllocatorRecorder {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Sizes> fmt::Debug for AllocatorRecorder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.stats().fmt(f)
    }
}
