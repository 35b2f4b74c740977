//! What a collector tells of allocators that come and go, and in which formats.
#![cfg(all(not(loom), feature = "stats"))]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use nebula_memory::allocator::Tracked;
use nebula_memory::stats::{
    AllocatorRecorder, AllocatorStats, Kind, PrometheusExporter, PrometheusFormat, SharedHistogram,
    StatsCollector, StatsExporter, StatsSnapshot,
};
use nebula_memory::{Allocator, SystemAllocator};

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
fn a_panic_of_what_is_asked_leaves_the_collector_as_it_was() {
    let collector = StatsCollector::new();
    let worker = Worker::new(&collector, "worker");
    let id = collector.register_with("broken", Kind::Pool, || panic!("on purpose"));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| collector.snapshot())).is_err());
    assert!(collector.forget(id));
    worker.work(3);
    assert_eq!(collector.snapshot().global.bytes, 3);
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
