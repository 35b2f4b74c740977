use core::fmt;
use std::borrow::Cow;
use std::boxed::Box;
use std::collections::VecDeque;
use std::string::String;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant, SystemTime};
use std::vec::Vec;

use super::recorder::{Collected, Sizes};
use super::snapshot::{
    AllocatorEntry, AllocatorId, AllocatorStats, GlobalStats, Kind, PerformanceStats, StatsSnapshot,
};
use super::source::{Measured, Source, lock};
use super::{AllocatorRecorder, Ewma, Measure, Meter, Reporting, SharedHistogram, Ticker};
use crate::unwind::guarded;

/// Knows allocators, pools, caches and budgets by name, and tells what they do.
///
/// It keeps nobody alive: of an allocator that has gone the last figures stay, until it is [forgotten](Self::forget). It
/// costs those that it knows nothing; they are looked at when a [`snapshot`](Self::snapshot) is made.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::allocator::Tracked;
/// use nebula_memory::stats::{AllocatorRecorder, StatsCollector};
/// use nebula_memory::{Arena, SystemAllocator};
///
/// let collector = StatsCollector::new();
/// let recorder = Arc::new(AllocatorRecorder::new());
/// collector.register("parser", &recorder);
///
/// let arena: Arena<_> = Arena::new_in(Tracked::with_tracker(SystemAllocator, recorder));
/// arena.alloc_str("let x = 7;");
///
/// let snapshot = collector.snapshot();
/// let parser = snapshot.allocator("parser").unwrap();
/// assert!(parser.alive && parser.stats.in_use >= 10);
/// drop(arena);
/// assert!(!collector.snapshot().allocator("parser").unwrap().alive);
/// ```
pub struct StatsCollector {
    start: Instant,
    inner: Mutex<Inner>,
}

/// May register what has appeared.
type Discover = dyn Fn(&StatsCollector) + Send + Sync;

struct Inner {
    next: u64,
    sources: Vec<Arc<Source>>,
    histograms: Vec<Arc<Measured>>,
    /// Asked before each snapshot what has appeared since the last.
    discover: Vec<Arc<Discover>>,
    peak: u64,
    /// Blocks and bytes allocated, by those who have been forgotten too.
    happened: (u64, u64),
    allocations: Meter,
    bytes: Meter,
    in_use: Ewma,
    history: VecDeque<Arc<StatsSnapshot>>,
    kept: usize,
    subscribers: Vec<Subscriber>,
}

/// Who wants every snapshot of a tick. Called when nothing is locked.
type Subscriber = Arc<dyn Fn(&StatsSnapshot) + Send + Sync>;

impl StatsCollector {
    /// Knows nobody yet.
    pub fn new() -> Self {
        let start = Instant::now();
        let inner = Inner {
            next: 1,
            sources: Vec::new(),
            histograms: Vec::new(),
            discover: Vec::new(),
            peak: 0,
            happened: (0, 0),
            allocations: Meter::new(start),
            bytes: Meter::new(start),
            in_use: Ewma::new(Duration::from_secs(60)),
            history: VecDeque::new(),
            kept: 0,
            subscribers: Vec::new(),
        };
        Self { start, inner: Mutex::new(inner) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }

    /// An allocator that is counted by this recorder. It has gone when nobody else has the recorder.
    pub fn register<S: Sizes + 'static>(
        &self,
        name: impl Into<String>,
        recorder: &Arc<AllocatorRecorder<S>>,
    ) -> AllocatorId {
        let recorder = Mutex::new(Some(Collected::new(recorder)));
        self.add(name.into(), Kind::Allocator, move || {
            let mut held = lock(&recorder);
            let Some(recorder) = &*held else { return (None, false) };
            let (stats, alive) = recorder.look();
            if !alive {
                *held = None;
            }
            (Some(stats), alive)
        })
    }

    /// What many threads share, as long as it is there. Its last figures are those of the last snapshot before it went.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use nebula_memory::ObjectPool;
    /// use nebula_memory::stats::StatsCollector;
    ///
    /// let collector = StatsCollector::new();
    /// let buffers = Arc::new(ObjectPool::builder().create(Vec::<u8>::new).max(8).count_uses().build()?);
    /// collector.watch("buffers", &buffers);
    ///
    /// drop(buffers.acquire()?);
    /// drop(buffers.acquire()?);
    /// let figures = collector.snapshot().allocator("buffers").unwrap().stats.clone();
    /// assert_eq!((figures.allocations, figures.hit_ratio()), (2, Some(0.5)));
    /// # Ok::<(), nebula_memory::PoolError>(())
    /// ```
    pub fn watch<T>(&self, name: impl Into<String>, source: &Arc<T>) -> AllocatorId
    where
        T: Measure + Send + Sync + ?Sized + 'static,
    {
        let (kind, source) = (source.kind(), Arc::downgrade(source));
        self.register_with(name, kind, move || Some(source.upgrade()?.measure()))
    }

    /// What is there for good: a budget or a pool in a `static`.
    pub fn watch_static<T>(&self, name: impl Into<String>, source: &'static T) -> AllocatorId
    where
        T: Measure + Sync + ?Sized,
    {
        self.register_with(name, source.kind(), || Some(source.measure()))
    }

    /// What belongs to one thread, such as an arena: it is handed back in a [`Reporting`], which tells its figures when
    /// asked to and when it is dropped.
    ///
    /// ```
    /// use nebula_memory::Arena;
    /// use nebula_memory::stats::StatsCollector;
    ///
    /// let collector = StatsCollector::new();
    /// let mut arena = collector.reporting("request", Arena::new());
    /// for request in 0..3 {
    ///     arena.alloc(request);
    ///     arena.report();
    ///     arena.reset();
    /// }
    /// assert_eq!(collector.snapshot().allocator("request").unwrap().stats.in_use, 4);
    /// ```
    pub fn reporting<T: Measure>(&self, name: impl Into<String>, source: T) -> Reporting<T> {
        let (reporting, desk) = Reporting::new(source);
        let kind = reporting.kind();
        self.add(name.into(), kind, move || desk.read());
        reporting
    }

    /// Anything that can tell figures; `None` when it has gone for good. One that panics keeps its figures, and is asked again.
    pub fn register_with(
        &self,
        name: impl Into<String>,
        kind: Kind,
        tell: impl Fn() -> Option<AllocatorStats> + Send + Sync + 'static,
    ) -> AllocatorId {
        self.add(name.into(), kind, move || {
            let stats = tell();
            let alive = stats.is_some();
            (stats, alive)
        })
    }

    fn add(
        &self,
        name: String,
        kind: Kind,
        tell: impl Fn() -> (Option<AllocatorStats>, bool) + Send + Sync + 'static,
    ) -> AllocatorId {
        let mut inner = self.lock();
        let id = AllocatorId(inner.next);
        inner.next += 1;
        inner.sources.push(Arc::new(Source::new(id, name, kind, Box::new(tell))));
        id
    }

    /// Calls this before each snapshot: it may register what has appeared.
    #[cfg(not(loom))]
    pub(super) fn before_snapshots(&self, discover: impl Fn(&Self) + Send + Sync + 'static) {
        self.lock().discover.push(Arc::new(discover));
    }

    /// A histogram, with the unit of its values.
    pub fn register_histogram(
        &self,
        name: impl Into<String>,
        unit: impl Into<Cow<'static, str>>,
        histogram: &Arc<SharedHistogram>,
    ) {
        let measured = Arc::new(Measured::new(name.into(), unit.into(), histogram));
        self.lock().histograms.push(measured);
    }

    /// Forgets an allocator, and its figures. Whether it was known.
    pub fn forget(&self, id: AllocatorId) -> bool {
        let mut inner = self.lock();
        let at = inner.sources.iter().position(|source| source.id == id);
        let source = at.map(|at| inner.sources.remove(at));
        drop(inner);
        // The source goes when nothing is locked.
        source.is_some()
    }

    /// What all have done until now.
    pub fn snapshot(&self) -> StatsSnapshot {
        let begin = Instant::now();
        let discover = self.lock().discover.clone();
        for discover in discover {
            discover(self);
        }
        let inner = self.lock();
        let (sources, histograms) = (inner.sources.clone(), inner.histograms.clone());
        drop(inner);
        let mut happened = (0_u64, 0_u64);
        let look = |source: &Arc<Source>| {
            let (entry, since) = source.look();
            if counts(&entry) {
                happened = (happened.0.saturating_add(since.0), happened.1.saturating_add(since.1));
            }
            entry
        };
        let allocators: Vec<_> = sources.iter().map(look).collect();
        let histograms = histograms.iter().map(|measured| measured.look()).collect();
        let mut global = GlobalStats::default();
        for entry in allocators.iter().filter(|entry| counts(entry)) {
            let add = |to: &mut u64, number: u64| *to = to.saturating_add(number);
            add(&mut global.allocators, u64::from(entry.alive));
            add(&mut global.allocations, entry.stats.allocations);
            add(&mut global.deallocations, entry.stats.deallocations);
            add(&mut global.refused, entry.stats.refused);
            add(&mut global.bytes, entry.stats.bytes);
            add(&mut global.in_use, if entry.alive { entry.stats.in_use } else { 0 });
        }
        let mut inner = self.lock();
        inner.peak = inner.peak.max(global.in_use);
        global.peak = inner.peak;
        let (allocations, bytes) = inner.happened;
        inner.happened = (allocations.saturating_add(happened.0), bytes.saturating_add(happened.1));
        let (allocations, bytes) = inner.happened;
        inner.allocations.update(allocations, begin);
        inner.bytes.update(bytes, begin);
        #[expect(clippy::cast_precision_loss, reason = "an average is rounded")]
        inner.in_use.update(global.in_use as f64, begin);
        let performance = PerformanceStats {
            allocations: inner.allocations.rates(),
            bytes: inner.bytes.rates(),
            average_in_use: inner.in_use.value().unwrap_or_default(),
            snapshot: begin.elapsed(),
        };
        let elapsed = begin.saturating_duration_since(self.start);
        StatsSnapshot {
            at: SystemTime::now(),
            elapsed,
            global,
            allocators,
            histograms,
            performance,
            profile: None,
        }
    }

    /// Keeps the last `count` snapshots that [`tick`](Self::tick) makes.
    pub fn keep(&self, count: usize) {
        let mut inner = self.lock();
        inner.kept = count;
        while inner.history.len() > count {
            inner.history.pop_front();
        }
    }

    /// Makes a snapshot and keeps it, in place of the oldest if there are as many as are [kept](Self::keep).
    pub fn tick(&self) -> Arc<StatsSnapshot> {
        let snapshot = Arc::new(self.snapshot());
        let mut inner = self.lock();
        if inner.kept > 0 {
            if inner.history.len() == inner.kept {
                inner.history.pop_front();
            }
            inner.history.push_back(Arc::clone(&snapshot));
        }
        let subscribers = inner.subscribers.clone();
        drop(inner);
        for subscriber in subscribers {
            // As for those who are asked: one that panics must not keep the others from their news.
            guarded(|| subscriber(&snapshot));
        }
        snapshot
    }

    /// Calls `subscriber` with the snapshot of every [tick](Self::tick), in the thread that ticks: to write it to a log, to a file, to another
    /// library.
    pub fn subscribe(&self, subscriber: impl Fn(&StatsSnapshot) + Send + Sync + 'static) {
        self.lock().subscribers.push(Arc::new(subscriber));
    }

    /// A thread that [ticks](Self::tick) at this interval, until the [`Ticker`] is dropped.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::time::Duration;
    /// use nebula_memory::stats::StatsCollector;
    ///
    /// let collector = Arc::new(StatsCollector::new());
    /// collector.keep(3600);
    /// let ticker = collector.start(Duration::from_secs(1))?;
    /// // … the program …
    /// drop(ticker);
    /// let time_line = collector.history();
    /// # drop(time_line);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the system has no thread for it.
    ///
    /// # Panics
    /// If the interval is zero.
    pub fn start(self: &Arc<Self>, interval: Duration) -> std::io::Result<Ticker> {
        Ticker::start(self, interval)
    }

    /// The snapshots that were kept, oldest first.
    pub fn history(&self) -> Vec<Arc<StatsSnapshot>> {
        self.lock().history.iter().cloned().collect()
    }

    /// Counts begin at zero again, here; those who count do not notice. Levels stay. Kept snapshots go.
    pub fn reset(&self) {
        let sources = self.lock().sources.clone();
        for source in sources {
            source.reset();
        }
        let mut inner = self.lock();
        inner.peak = 0;
        inner.history.clear();
    }
}

/// Whether figures are in the sums: scopes are parts of an allocator, and what a budget says is said by those that it is for, too.
const fn counts(entry: &AllocatorEntry) -> bool {
    !matches!(entry.kind, Kind::Scope | Kind::Budget)
}

impl Default for StatsCollector {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StatsCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.lock();
        let names: Vec<_> = inner.sources.iter().map(|source| &source.name).collect();
        f.debug_struct("StatsCollector").field("allocators", &names).finish_non_exhaustive()
    }
}
