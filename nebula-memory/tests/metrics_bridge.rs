//! Figures arrive in whatever recorder the `metrics` crate has.
#![cfg(all(not(loom), feature = "metrics"))]
#![expect(clippy::cast_precision_loss, reason = "small numbers")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use nebula_memory::ObjectPool;
use nebula_memory::stats::{MetricsBridge, StatsCollector};

/// Remembers what it is told by name and label.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<BTreeMap<String, f64>>>);

struct Cell(Memory, String);

impl Cell {
    fn of(memory: &Memory, key: &Key) -> Arc<Self> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Self(memory.clone(), format!("{} {}", key.name(), labels.join(" "))))
    }

    fn put(&self, value: f64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value);
    }
}

impl CounterFn for Cell {
    fn increment(&self, _: u64) {
        unreachable!("counters are set");
    }

    fn absolute(&self, value: u64) {
        self.put(value as f64);
    }
}

impl GaugeFn for Cell {
    fn increment(&self, _: f64) {
        unreachable!("gauges are set");
    }

    fn decrement(&self, _: f64) {
        unreachable!("gauges are set");
    }

    fn set(&self, value: f64) {
        self.put(value);
    }
}

impl Recorder for Memory {
    fn describe_counter(&self, key: KeyName, _: Option<Unit>, _: SharedString) {
        self.0.lock().unwrap().insert(format!("# {}", key.as_str()), 0.0);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, _: SharedString) {
        assert_eq!(unit, Some(Unit::Bytes));
        self.0.lock().unwrap().insert(format!("# {}", key.as_str()), 0.0);
    }

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Cell::of(self, key).into()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Cell::of(self, key).into()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn every_tick_sets_them() {
    let memory = Memory::default();
    let collector = StatsCollector::new();
    let pool = Arc::new(ObjectPool::builder().create(|| 0_u64).max(4).count_uses().build().unwrap());
    collector.watch("numbers", &pool);
    collector.subscribe(|snapshot| MetricsBridge::new().publish(snapshot));
    let held = pool.acquire().unwrap();
    metrics::with_local_recorder(&memory, || {
        MetricsBridge::new().describe();
        collector.tick();
    });
    let seen =
        |name: &str| memory.0.lock().unwrap()[&format!("nebula_memory_{name} allocator=numbers kind=pool")];
    assert_eq!(
        (seen("allocations_total"), seen("in_use_bytes"), seen("capacity_bytes"), seen("misses_total")),
        (1.0, 8.0, 32.0, 1.0)
    );
    drop(held);
    drop(pool.acquire().unwrap());
    metrics::with_local_recorder(&memory, || collector.tick());
    assert_eq!((seen("allocations_total"), seen("in_use_bytes"), seen("hits_total")), (2.0, 0.0, 1.0));
    assert_eq!(memory.0.lock().unwrap().keys().filter(|key| key.starts_with('#')).count(), 11);
}
