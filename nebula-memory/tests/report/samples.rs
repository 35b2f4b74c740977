//! Statistics of programs that nobody has run.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use nebula_memory::stats::{AllocatorStats, Histogram, Kind, SharedHistogram, StatsCollector, StatsSnapshot};

/// A snapshot and what came before.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) now: StatsSnapshot,
    pub(crate) history: Vec<Arc<StatsSnapshot>>,
}

/// Names that would do harm where text is taken for code.
pub(crate) const WICKED: [&str; 5] = [
    "</script><script>console.error('out')</script>",
    "<!-- <script> \u{2028} \u{2029}",
    "\"quoted\\name\" 'of'\r\ntwo\tlines & ünï¢ödé 🗺",
    "{{data}} ${state} `",
    "\u{202e}sdrawkcab",
];

/// Repeatable numbers that look like chance.
fn noise(at: u64) -> f64 {
    let mixed = (at ^ at >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as f64 / f64::from(1 << 24)
}

fn distribution(middle: f64, spread: f64, count: u64, seed: u64) -> Histogram {
    (0..count)
        .map(|i| {
            let bell: f64 = (0..6).map(|k| noise(seed + i * 6 + k)).sum::<f64>() * 2.0 - 6.0;
            (middle * (bell * spread).exp()) as u64
        })
        .collect()
}

fn sized(stats: &mut AllocatorStats, sizes: &Histogram) {
    stats.sizes = Some(sizes.summary());
    stats.size_buckets = sizes.coarse_buckets();
}

/// Parts of a program that allocate.
fn scopes(collector: &StatsCollector, clock: &Arc<AtomicU64>) {
    for (name, share) in [("parse", 3), ("render", 2), ("log", 1)] {
        let clock = Arc::clone(clock);
        collector.register_with(name, Kind::Scope, move || {
            let mut stats = AllocatorStats::default();
            (stats.in_use, stats.bytes) = (share << 20, share * clock.load(Ordering::Relaxed) * 1_000_000);
            Some(stats)
        });
    }
}

/// A server at work: arenas, pools, caches and a budget.
pub(crate) fn server(moments: usize) -> Sample {
    let collector = StatsCollector::new();
    collector.keep(moments);
    let clock = Arc::new(AtomicU64::new(0));
    let requests = distribution(90.0, 0.9, 4000, 7);
    let sessions = distribution(2000.0, 0.4, 900, 99);
    let add = |name: &str, kind, tell: fn(f64, u64, &mut AllocatorStats)| {
        let clock = Arc::clone(&clock);
        let mut sizes = AllocatorStats::default();
        match name {
            "requests" => sized(&mut sizes, &requests),
            "session cache" => sized(&mut sizes, &sessions),
            _ => {}
        }
        collector.register_with(name, kind, move || {
            let now = clock.load(Ordering::Relaxed);
            let mut stats = sizes.clone();
            tell(now as f64 / 240.0, now, &mut stats);
            stats.peak = stats.peak.max(stats.in_use);
            Some(stats)
        });
    };
    add("requests", Kind::Arena, |t, now, stats| {
        stats.in_use = ((6.0 + 5.0 * (t * 9.0).sin().max(-0.6) + noise(now)) * 1e6) as u64;
        stats.peak = 12_582_912;
        (stats.allocations, stats.deallocations, stats.bytes) = (now * 41_337, now * 41_300, now * 9_000_000);
    });
    add("session cache", Kind::Cache, |t, now, stats| {
        stats.in_use = (24e6 * (1.0 - (-4.0 * t).exp())) as u64;
        (stats.allocations, stats.deallocations, stats.bytes) = (now * 220, now * 90, now * 700_000);
        (stats.hits, stats.misses) = (Some(now * 9_132), Some(now * 611));
        stats.capacity = Some(33_554_432);
    });
    add("templates", Kind::Cache, |_, now, stats| {
        stats.in_use = 3_145_728;
        (stats.allocations, stats.bytes) = (312, 3_145_728);
        (stats.hits, stats.misses) = (Some(now * 2_000), Some(312));
    });
    add("connections", Kind::Pool, |t, now, stats| {
        stats.in_use = 262_144 * (4.0 + 3.0 * (t * 14.0).cos()) as u64;
        (stats.allocations, stats.deallocations, stats.bytes) = (now * 50, now * 48, now * 50 * 4096);
        (stats.hits, stats.misses) = (Some(now * 49), Some(16));
        stats.capacity = Some(16 * 262_144);
    });
    add("log lines", Kind::Pool, |t, now, stats| {
        stats.in_use = 65_536 + (t * 900_000.0) as u64;
        (stats.allocations, stats.deallocations, stats.bytes) = (now * 900, now * 890, now * 900 * 128);
    });
    add("index", Kind::Allocator, |t, now, stats| {
        stats.in_use = if t > 0.45 { 14_680_064 } else { 8_388_608 };
        (stats.allocations, stats.resizes, stats.bytes) = (4_096, 31 + now / 50, 41_943_040);
        stats.refused = u64::from(t > 0.7) * 3;
    });
    add("tenant budget", Kind::Budget, |t, _, stats| {
        stats.in_use = (40e6 + 12e6 * t) as u64;
        (stats.peak, stats.capacity) = (55_000_000, Some(57_000_000));
    });
    scopes(&collector, &clock);
    let ended = Arc::new(AtomicU64::new(0));
    let gone = Arc::clone(&ended);
    collector.register_with("start-up", Kind::Arena, move || {
        if gone.load(Ordering::Relaxed) > 0 {
            return None;
        }
        let mut stats = AllocatorStats::default();
        (stats.in_use, stats.peak, stats.bytes, stats.allocations) =
            (2_621_440, 9_000_000, 18_000_000, 7_012);
        Some(stats)
    });
    // To look at these takes time; the last moment has them.
    let request = Arc::new(SharedHistogram::new());
    for (range, count) in distribution(1.8e6, 0.7, 6000, 3).buckets() {
        (0..count).for_each(|_| request.record(*range.start()));
    }
    let batch = Arc::new(SharedHistogram::new());
    (0..900).for_each(|i| batch.record((noise(i) * 40.0) as u64));

    for now in 1..=moments as u64 {
        clock.store(now * 240 / moments as u64, Ordering::Relaxed);
        if now * 5 > moments as u64 {
            ended.store(1, Ordering::Relaxed);
        }
        if now == moments as u64 {
            collector.register_histogram("Time of a request", "nanoseconds", &request);
            collector.register_histogram("Rows of a batch", "rows", &batch);
        }
        collector.tick();
    }
    let mut history = collector.history();
    // As if it had taken four minutes.
    for (i, snapshot) in history.iter_mut().enumerate() {
        let snapshot = Arc::make_mut(snapshot);
        snapshot.elapsed = Duration::from_millis(240_000 * (i as u64 + 1) / moments as u64);
        snapshot.performance.allocations = rates(44_000.0);
        snapshot.performance.bytes = rates(9.8e6);
    }
    let now = history.last().map_or_else(|| collector.snapshot(), |last| (**last).clone());
    Sample { name: "server", now, history }
}

fn rates(mean: f64) -> nebula_memory::stats::Rates {
    let mut rates = nebula_memory::stats::Rates::default();
    (rates.one, rates.five, rates.fifteen, rates.mean) = (mean * 1.31, mean * 1.04, mean * 0.93, mean);
    rates
}

pub(crate) fn empty() -> Sample {
    Sample { name: "empty", now: StatsCollector::new().snapshot(), history: Vec::new() }
}

/// One moment of one allocator, which has nothing.
pub(crate) fn zero() -> Sample {
    let collector = StatsCollector::new();
    collector.register_with("nothing", Kind::Allocator, || {
        let mut stats = AllocatorStats::default();
        (stats.hits, stats.misses, stats.capacity) = (Some(0), Some(0), Some(0));
        Some(stats)
    });
    collector.register_histogram("never", "seconds", &Arc::new(SharedHistogram::new()));
    Sample { name: "zero", now: collector.snapshot(), history: Vec::new() }
}

/// The largest numbers there are, and names that are not nice.
pub(crate) fn extreme() -> Sample {
    let collector = StatsCollector::new();
    let mut stats = AllocatorStats::default();
    (stats.allocations, stats.deallocations, stats.resizes) = (u64::MAX, u64::MAX - 1, u64::MAX);
    (stats.refused, stats.bytes, stats.in_use, stats.peak) = (u64::MAX, u64::MAX, u64::MAX, u64::MAX);
    (stats.capacity, stats.hits, stats.misses) = (Some(u64::MAX), Some(u64::MAX), Some(1));
    sized(&mut stats, &[0, 1, 9_007_199_254_740_993, u64::MAX].into_iter().collect());
    let most = stats.clone();
    collector.register_with(WICKED[0], Kind::Budget, move || Some(stats.clone()));
    let mut now = collector.snapshot();
    // Sums of such numbers overflow, so there is one.
    for (i, name) in WICKED.iter().enumerate() {
        let mut entry = now.allocators[0].clone();
        (entry.name, entry.kind) = ((*name).to_owned(), Kind::Cache);
        entry.alive = i != 2;
        if i > 0 {
            (entry.stats.in_use, entry.stats.bytes) = (u64::MAX >> (8 * i), (1 << 53) + 1);
        }
        now.allocators.push(entry);
    }
    let wide = Arc::new(SharedHistogram::new());
    for value in [0, 1, u64::MAX] {
        wide.record(value);
    }
    collector.register_histogram(WICKED[2], "<b>seconds</b>", &wide);
    collector.register_histogram("", "", &wide);
    now.histograms = collector.snapshot().histograms;
    now.global.in_use = u64::MAX;
    now.global.peak = most.peak;
    Sample { name: "extreme", now, history: Vec::new() }
}

/// 300 allocators, of which each is a little smaller than the one before.
pub(crate) fn crowd() -> Sample {
    let collector = StatsCollector::new();
    collector.keep(50);
    let clock = Arc::new(AtomicU64::new(0));
    for i in 0..300_u64 {
        let clock = Arc::clone(&clock);
        let name = format!("worker {i} of a service with a rather long name");
        collector.register_with(name, Kind::Arena, move || {
            let now = clock.load(Ordering::Relaxed);
            let mut stats = AllocatorStats::default();
            stats.in_use =
                if i % 10 == 3 { 0 } else { (1e8 / (i + 1) as f64 * (1.0 + noise(i * 1000 + now))) as u64 };
            (stats.bytes, stats.allocations, stats.peak) =
                ((300 - i) * 1_000_003 * now, now * i, stats.in_use);
            (stats.hits, stats.misses, stats.capacity) = (Some(i * now), Some(now), Some(200_000_000));
            Some(stats)
        });
    }
    for now in 1..=50 {
        clock.store(now, Ordering::Relaxed);
        collector.tick();
    }
    let history = collector.history();
    let now = (**history.last().unwrap()).clone();
    Sample { name: "crowd", now, history }
}
