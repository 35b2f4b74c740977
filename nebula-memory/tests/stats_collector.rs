//! What a collector tells of allocators that come and go, and in which formats.
#![cfg(all(not(loom), feature = "stats"))]

use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Barrier, OnceLock};
use std::thread;
use std::time::Duration;

use nebula_memory::allocator::Tracked;
use nebula_memory::stats::{
    AllocatorRecorder, AllocatorStats, Kind, Measure, PrometheusExporter, PrometheusFormat, SharedHistogram,
    StatsCollector, StatsExporter, StatsSnapshot,
};
use nebula_memory::{Allocator, Arena, Budget, BumpAllocator, FixedPool, ObjectPool, SystemAllocator};

use std::alloc::Layout;

/// An allocator, as long as this is there.
struct Worker(Tracked<SystemAllocator, Arc<AllocatorRecorder<SharedHistogram>>>);

impl Worker {
    fn new(collector: &StatsCollector, name: &str) -> Self {
        let recorder = Arc::new(AllocatorRecorder::with_sizes());
        collector.register(name, &recorder);
        Self(Tracked::with_tracker(SystemAllocator, recorder))
    }

    fn work(&self, size: usize) {
        let layout = Layout::from_size_align(size, 8).unwrap();
        let block = self.0.allocate(layout).unwrap().cast();
        // SAFETY: just allocated.
        unsafe { self.0.deallocate(block, layout) };
    }
}

#[test]
fn last_figures_stay_and_are_exact() {
    let collector = StatsCollector::new();
    let worker = Worker::new(&collector, "worker");
    worker.work(10);
    let before = collector.snapshot();
    assert!(before.allocator("worker").unwrap().alive);
    thread::scope(|threads| {
        threads.spawn(|| worker.work(100));
    });
    // Nobody looks between this and the end.
    worker.work(1000);
    drop(worker);
    let after = collector.snapshot();
    let last = after.allocator("worker").unwrap();
    assert!(!last.alive);
    assert_eq!(
        (last.stats.allocations, last.stats.bytes, last.stats.in_use, last.stats.live()),
        (3, 1110, 0, 0)
    );
    let sizes = last.stats.sizes.unwrap();
    assert_eq!((sizes.count, sizes.min, sizes.max, sizes.p50), (3, 10, 1000, 100));
    assert_eq!((after.global.allocators, after.global.allocations), (0, 3));
    let since = after.since(&before);
    assert_eq!(since.global.bytes, 1100);
    assert_eq!(since.allocator("worker").unwrap().stats.allocations, 2);
    assert!(collector.forget(last.id) && !collector.forget(last.id));
    assert!(collector.snapshot().allocators.is_empty());
}

#[test]
fn names_may_be_the_same_and_ids_are_not() {
    let collector = StatsCollector::new();
    let (first, second) = (Worker::new(&collector, "same"), Worker::new(&collector, "same"));
    first.work(1);
    second.work(2);
    let snapshot = collector.snapshot();
    assert_eq!(snapshot.allocators.iter().map(|entry| entry.stats.bytes).collect::<Vec<_>>(), [1, 2]);
    assert_ne!(snapshot.allocators[0].id, snapshot.allocators[1].id);
    assert_eq!(snapshot.allocator("same").unwrap().stats.bytes, 2);
}

#[test]
fn a_reset_begins_at_zero_and_levels_stay() {
    let collector = StatsCollector::new();
    let worker = Worker::new(&collector, "worker");
    worker.work(10);
    let layout = Layout::new::<u64>();
    let kept = worker.0.allocate(layout).unwrap().cast();
    collector.reset();
    worker.work(5);
    let stats = collector.snapshot().allocator("worker").unwrap().stats.clone();
    assert_eq!((stats.allocations, stats.bytes, stats.in_use), (1, 5, 8));
    // SAFETY: allocated above.
    unsafe { worker.0.deallocate(kept, layout) };
}

#[test]
fn kept_snapshots_are_the_last_ones() {
    let collector = StatsCollector::new();
    collector.tick();
    assert!(collector.history().is_empty());
    collector.keep(3);
    let worker = Worker::new(&collector, "worker");
    for _ in 0..5 {
        worker.work(1);
        collector.tick();
    }
    let kept: Vec<_> = collector.history().iter().map(|snapshot| snapshot.global.allocations).collect();
    assert_eq!(kept, [3, 4, 5]);
    collector.keep(1);
    assert_eq!(collector.history().len(), 1);
}

/// What is registered may use the collector: nothing is locked then.
#[test]
fn what_is_asked_may_ask() {
    static COLLECTOR: OnceLock<StatsCollector> = OnceLock::new();
    static ASKING: AtomicBool = AtomicBool::new(false);
    let collector = COLLECTOR.get_or_init(StatsCollector::new);
    collector.register_with("curious", Kind::Cache, || {
        if !ASKING.swap(true, Ordering::Relaxed) {
            COLLECTOR.get()?.snapshot();
        }
        Some(cache())
    });
    let snapshot = collector.snapshot();
    assert_eq!(snapshot.allocators[0].stats.hit_ratio(), Some(0.75));
}

fn cache() -> AllocatorStats {
    let mut stats = AllocatorStats::default();
    (stats.hits, stats.misses, stats.capacity) = (Some(3), Some(1), Some(4096));
    stats
}

#[test]
fn who_panics_keeps_its_figures_and_the_others_tell_theirs() {
    static PANICS: AtomicBool = AtomicBool::new(false);
    let collector = StatsCollector::new();
    collector.register_with("moody", Kind::Cache, || {
        assert!(!PANICS.load(Ordering::Relaxed), "no figures today");
        Some(cache())
    });
    let worker = Worker::new(&collector, "steady");
    for panics in [false, true, false] {
        worker.work(1);
        PANICS.store(panics, Ordering::Relaxed);
        let snapshot = collector.snapshot();
        let moody = snapshot.allocator("moody").unwrap();
        assert!(moody.alive && moody.stats == cache());
    }
    assert_eq!(collector.snapshot().allocator("steady").unwrap().stats.bytes, 3);
}

fn sample() -> StatsSnapshot {
    let collector = StatsCollector::new();
    let worker = Worker::new(&collector, "a \"quoted\\name\"\nof two lines");
    worker.work(64);
    collector.register_with("cache", Kind::Cache, || Some(cache()));
    let latency = Arc::new(SharedHistogram::new());
    latency.record(250);
    collector.register_histogram("latency", "nanoseconds", &latency);
    collector.snapshot()
}

#[test]
fn prometheus_text_is_as_it_has_to_be() {
    let text = PrometheusExporter::new().export(&sample()).unwrap();
    for line in [
        "# TYPE nebula_memory_allocations_total counter",
        "nebula_memory_allocations_total{allocator=\"a \\\"quoted\\\\name\\\"\\nof two lines\",id=\"1\",kind=\"allocator\"} 1",
        "nebula_memory_hits_total{allocator=\"cache\",id=\"2\",kind=\"cache\"} 3",
        "nebula_memory_histogram{name=\"latency\",unit=\"nanoseconds\",quantile=\"0.99\"} 250",
        "nebula_memory_histogram_count{name=\"latency\",unit=\"nanoseconds\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
    assert!(!text.contains("EOF") && !text.contains("# UNIT"));
    let open = PrometheusExporter::with_format(PrometheusFormat::OpenMetrics).export(&sample()).unwrap();
    assert!(
        open.contains("# TYPE nebula_memory_allocations counter\n") && open.ends_with("# EOF\n"),
        "{open}"
    );
}

#[test]
#[cfg(feature = "json")]
fn json_says_the_same_when_it_is_read_back() {
    use nebula_memory::stats::JsonExporter;
    let snapshot = sample();
    for exporter in [JsonExporter::new(), JsonExporter::pretty()] {
        let text = exporter.export(&snapshot).unwrap();
        let read: StatsSnapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(read, snapshot);
        assert!(!text.contains("NaN") && !text.contains("null,\"p50\""));
    }
}

#[test]
fn what_is_watched_leaves_its_last_figures_and_is_not_kept_alive() {
    let collector = StatsCollector::new();
    let pool = Arc::new(ObjectPool::builder().create(|| 0_u64).max(4).count_uses().build().unwrap());
    let id = collector.watch("numbers", &pool);
    let held = [pool.acquire().unwrap(), pool.acquire().unwrap()];
    let figures = |snapshot: &StatsSnapshot| {
        let entry = snapshot.allocators.iter().find(|entry| entry.id == id).unwrap();
        (entry.kind, entry.alive, entry.stats.live(), entry.stats.in_use, entry.stats.capacity)
    };
    assert_eq!(figures(&collector.snapshot()), (Kind::Pool, true, 2, 16, Some(32)));
    drop(held);
    assert_eq!(figures(&collector.snapshot()), (Kind::Pool, true, 0, 0, Some(32)));
    assert_eq!(Arc::strong_count(&pool), 1);
    drop(pool);
    assert_eq!(figures(&collector.snapshot()), (Kind::Pool, false, 0, 0, Some(32)));
}

#[test]
fn what_belongs_to_one_thread_reports_and_its_end_is_seen() {
    let collector = StatsCollector::new();
    let mut arena = collector.reporting("arena", Arena::new());
    assert_eq!(collector.snapshot().allocator("arena").unwrap().stats, AllocatorStats::default());
    arena.alloc([0_u8; 100]);
    arena.report();
    arena.reset();
    arena.alloc([0_u8; 10]);
    let seen = collector.snapshot().allocator("arena").unwrap().clone();
    assert_eq!((seen.alive, seen.stats.in_use, seen.stats.peak), (true, 100, 100));
    // Told by the drop alone, in another thread.
    thread::scope(|threads| {
        threads.spawn(move || drop(arena));
    });
    let last = collector.snapshot().allocator("arena").unwrap().clone();
    assert_eq!((last.kind, last.alive, last.stats.in_use, last.stats.peak), (Kind::Arena, false, 10, 100));
}

#[test]
fn every_kind_of_thing_can_tell() {
    static BUDGET: Budget<'static, nebula_memory::Shared> = Budget::new_shared(1000);
    let collector = StatsCollector::new();
    collector.watch_static("budget", &BUDGET);
    let bump = BumpAllocator::new(64);
    bump.alloc(1_u32);
    assert_eq!((bump.measure().in_use, bump.measure().capacity), (4, Some(64)));
    let slots = FixedPool::<u64, 4>::new();
    let slot = slots.acquire().unwrap().write(7);
    assert_eq!((slots.measure().in_use, slots.measure().capacity, slots.kind()), (8, Some(32), Kind::Pool));
    drop(slot);
    let tracked = Tracked::<_>::new(SystemAllocator);
    let block = tracked.allocate(Layout::new::<[u8; 9]>()).unwrap().cast();
    assert_eq!((tracked.measure().allocations, tracked.measure().in_use), (1, 9));
    // SAFETY: just allocated.
    unsafe { tracked.deallocate(block, Layout::new::<[u8; 9]>()) };
    let _reserved = BUDGET.reserve(600).unwrap();
    let snapshot = collector.snapshot();
    let budget = &snapshot.allocator("budget").unwrap();
    assert_eq!((budget.kind, budget.stats.in_use, budget.stats.capacity), (Kind::Budget, 600, Some(1000)));
}

#[test]
fn a_ticker_ticks_until_it_is_dropped() {
    let collector = Arc::new(StatsCollector::new());
    collector.keep(1000);
    let ticker = collector.start(Duration::MAX).unwrap();
    for expected in 1..4 {
        ticker.set_interval(Duration::from_secs(1 << 40));
        while collector.history().len() < expected {
            thread::yield_now();
        }
    }
    ticker.set_interval(Duration::from_micros(10));
    while collector.history().len() < 10 {
        thread::yield_now();
    }
    drop(ticker);
    let ticks = collector.history().len();
    thread::sleep(Duration::from_millis(2));
    assert_eq!((collector.history().len(), Arc::weak_count(&collector)), (ticks, 0));
}

/// What panics again when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn what_somebody_panics_with_may_panic_too() {
    let collector = StatsCollector::new();
    let told = Arc::new(AtomicBool::new(false));
    let heard = Arc::clone(&told);
    collector.register_with("spiteful", Kind::Cache, || panic_any(Bomb));
    collector.subscribe(|_| panic_any(Bomb));
    collector.subscribe(move |_| heard.store(true, Ordering::Relaxed));
    assert!(collector.tick().allocator("spiteful").unwrap().alive);
    assert!(told.load(Ordering::Relaxed));
}

#[expect(clippy::unnecessary_wraps, reason = "what a source tells")]
fn allocations(allocations: u64) -> Option<AllocatorStats> {
    let mut stats = AllocatorStats::default();
    stats.allocations = allocations;
    Some(stats)
}

#[test]
fn older_figures_do_not_replace_newer_ones() {
    let collector = StatsCollector::new();
    let gates = Arc::new([Barrier::new(2), Barrier::new(2)]);
    let calls = AtomicU64::new(0);
    let slow = Arc::clone(&gates);
    collector.register_with("slow", Kind::Cache, move || match calls.fetch_add(1, Ordering::Relaxed) {
        0 => {
            for gate in &*slow {
                gate.wait();
            }
            allocations(1)
        }
        1 => allocations(2),
        _ => None,
    });
    let [entered, leave] = &*gates;
    let told = || {
        let snapshot = collector.snapshot();
        let slow = snapshot.allocator("slow").unwrap();
        (slow.stats.allocations, slow.alive)
    };
    thread::scope(|threads| {
        threads.spawn(told);
        entered.wait();
        assert_eq!(told(), (2, true));
        // It goes, and who has asked first is told last.
        assert_eq!(told(), (2, false));
        leave.wait();
    });
    assert_eq!(told(), (2, false));
}

#[test]
fn what_is_forgotten_is_no_burst_of_events() {
    let collector = StatsCollector::new();
    let small = collector.register_with("small", Kind::Cache, || allocations(1_000));
    collector.register_with("large", Kind::Cache, || allocations(1_000_000));
    let events = || {
        thread::sleep(Duration::from_millis(2));
        let snapshot = collector.snapshot();
        (snapshot.performance.allocations.mean * snapshot.elapsed.as_secs_f64()).round()
    };
    assert!((events() - 1_001_000.0).abs() < 1.0);
    collector.forget(small);
    assert!((events() - 1_001_000.0).abs() < 1.0);
    collector.reset();
    assert!((events() - 1_001_000.0).abs() < 1.0);
}

#[test]
fn rates_of_absurd_figures_are_rates() {
    let collector = StatsCollector::new();
    let calls = AtomicU64::new(0);
    collector.register_with("absurd", Kind::Cache, move || {
        allocations(if calls.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) { u64::MAX } else { 1 })
    });
    for _ in 0..4 {
        thread::sleep(Duration::from_millis(2));
        assert!(collector.tick().performance.allocations.mean > 0.0);
    }
}

#[test]
fn a_recorder_that_two_collectors_know_is_not_kept_alive() {
    let (one, two) = (StatsCollector::new(), StatsCollector::new());
    let recorder = Arc::new(AllocatorRecorder::new());
    one.register("x", &recorder);
    let id = two.register("x", &recorder);
    two.register("again", &recorder);
    two.forget(id);
    let alive = |collector: &StatsCollector| collector.snapshot().allocators[0].alive;
    assert!(alive(&one) && alive(&two));
    drop(recorder);
    assert!(!alive(&one) && !alive(&two));
}
