//! Whether somebody looks at a run while it works: a type, so that a run that nobody looks at has no instruction for it.

use std::{
    sync::{Arc, LazyLock},
    time::Instant,
};

use nebula_memory::{
    Allocator, Arena, SystemAllocator,
    allocator::Tracked,
    stats::{AllocatorRecorder, AllocatorStats, Counter, Kind, SharedHistogram, StatsCollector},
};

/// What an arena is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role {
    /// Texts and other small values that last for the run.
    Small,
    /// Long lists and tables that last for the run.
    Large,
    /// A batch.
    Batch,
}

/// What a pool has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Slots {
    Instances,
    Batches,
}

/// Whether a run is looked at: [`Unwatched`] or [`Watched`].
pub(crate) trait Watch: Copy + 'static {
    /// Where arenas get their chunks from.
    type Backing: Allocator;
    /// When something began.
    type Moment: Copy;

    /// An empty arena.
    fn arena(role: Role, capacity: usize) -> Arena<Self::Backing>;

    /// A value of so many bytes is put into an arena.
    fn value(bytes: usize);

    /// A slot is taken, from a pool that was there or from a new one.
    fn slot(slots: Slots, is_new_pool: bool);

    /// A batch begins.
    fn begin() -> Self::Moment;

    /// A batch has ended; its slots are free.
    fn end_of_batch(since: Self::Moment);

    /// A run has ended; all slots are free.
    fn end_of_run();
}

/// Nobody looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unwatched;

impl Watch for Unwatched {
    type Backing = SystemAllocator;
    type Moment = ();

    fn arena(_: Role, capacity: usize) -> Arena {
        Arena::with_capacity(capacity)
    }

    #[inline(always)]
    fn value(_: usize) {}

    #[inline(always)]
    fn slot(_: Slots, _: bool) {}

    #[inline(always)]
    fn begin() {}

    #[inline(always)]
    fn end_of_batch((): ()) {}

    #[inline(always)]
    fn end_of_run() {}
}

/// Everything is counted, for a [`StatsCollector`] to see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Watched;

type Recorder = AllocatorRecorder<SharedHistogram>;

// The program runs one workflow at a time.
static SMALL: Recorder = AllocatorRecorder::with_sizes();
static LARGE: Recorder = AllocatorRecorder::with_sizes();
static BATCH: Recorder = AllocatorRecorder::with_sizes();
static INSTANCES: Taken = Taken::new();
static BATCHES: Taken = Taken::new();
static MEASURED: LazyLock<Measured> = LazyLock::new(Measured::default);

/// How values are distributed.
#[derive(Default)]
struct Measured {
    values: Arc<SharedHistogram>,
    batches: Arc<SharedHistogram>,
}

/// The slots of pools. Their bytes are those of the arena that the pools stand in.
struct Taken {
    all: Counter,
    free_again: Counter,
    new_pools: Counter,
}

impl Taken {
    const fn new() -> Self {
        Self { all: Counter::new(), free_again: Counter::new(), new_pools: Counter::new() }
    }

    fn free_all(&self) {
        self.free_again.add(self.all.get() - self.free_again.get());
    }

    fn stats(&self) -> AllocatorStats {
        let mut stats = AllocatorStats::default();
        (stats.deallocations, stats.allocations) = (self.free_again.get(), self.all.get());
        let new = self.new_pools.get();
        (stats.hits, stats.misses) = (Some(stats.allocations.saturating_sub(new)), Some(new));
        stats
    }
}

impl Watched {
    /// Tells a collector about everything that will be counted.
    pub(crate) fn register(collector: &StatsCollector) {
        for (name, recorder) in
            [("run: small values", &SMALL), ("run: lists and tables", &LARGE), ("batches", &BATCH)]
        {
            collector.register_with(name, Kind::Arena, move || Some(recorder.stats()));
        }
        for (name, taken) in [("slots for nodes", &INSTANCES), ("slots for batches", &BATCHES)] {
            collector.register_with(name, Kind::Pool, move || Some(taken.stats()));
        }
        collector.register_histogram("Sizes of values", "bytes", &MEASURED.values);
        collector.register_histogram("Time of a batch", "nanoseconds", &MEASURED.batches);
    }
}

impl Watch for Watched {
    type Backing = Tracked<SystemAllocator, &'static Recorder>;
    type Moment = Instant;

    fn arena(role: Role, capacity: usize) -> Arena<Self::Backing> {
        let recorder = match role {
            Role::Small => &SMALL,
            Role::Large => &LARGE,
            Role::Batch => &BATCH,
        };
        Arena::with_capacity_in(capacity, Tracked::with_tracker(SystemAllocator, recorder))
    }

    #[inline]
    fn value(bytes: usize) {
        MEASURED.values.record(bytes as u64);
    }

    fn slot(slots: Slots, is_new_pool: bool) {
        let taken = match slots {
            Slots::Instances => &INSTANCES,
            Slots::Batches => &BATCHES,
        };
        taken.all.increment();
        taken.new_pools.add(is_new_pool.into());
    }

    fn begin() -> Instant {
        Instant::now()
    }

    fn end_of_batch(since: Instant) {
        BATCHES.free_all();
        MEASURED.batches.record(u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX));
    }

    fn end_of_run() {
        INSTANCES.free_all();
    }
}
