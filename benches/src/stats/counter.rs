//! A counter that is incremented, by one thread and by two.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nebula_memory::stats::{Counter, Gauge};

use crate::case::Case;
use crate::threads::together;

/// Increments per round and thread.
const STEPS: u64 = 16_384;

/// A counter that threads share, or that is one thread's.
trait Count: Sync + 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    /// Whether more than one thread may count.
    const SHARED: bool = true;

    fn new() -> Self;
    fn increment(&self);
    fn get(&self) -> u64;
}

/// What counting costs one who is alone: a load, an addition, a store, which the compiler may not merge.
struct Plain(AtomicU64);

impl Count for Plain {
    const NAME: &'static str = "a plain number";
    const SHARED: bool = false;
    fn new() -> Self {
        Self(AtomicU64::new(0))
    }
    #[inline(always)]
    fn increment(&self) {
        self.0.store(self.0.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
    }
    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Count for Counter {
    const NAME: &'static str = "Counter";
    const OURS: bool = true;
    fn new() -> Self {
        Self::new()
    }
    #[inline(always)]
    fn increment(&self) {
        self.increment();
    }
    fn get(&self) -> u64 {
        self.get()
    }
}

impl Count for Gauge {
    const NAME: &'static str = "Gauge";
    const OURS: bool = true;
    fn new() -> Self {
        Self::new()
    }
    #[inline(always)]
    fn increment(&self) {
        self.add(1);
    }
    fn get(&self) -> u64 {
        self.get()
    }
}

impl Count for AtomicU64 {
    const NAME: &'static str = "AtomicU64";
    fn new() -> Self {
        Self::new(0)
    }
    #[inline(always)]
    fn increment(&self) {
        self.fetch_add(1, Ordering::Relaxed);
    }
    fn get(&self) -> u64 {
        self.load(Ordering::Relaxed)
    }
}

impl Count for prometheus::IntCounter {
    const NAME: &'static str = "prometheus";
    fn new() -> Self {
        Self::new("steps", "Steps.").expect("a good name")
    }
    #[inline(always)]
    fn increment(&self) {
        self.inc();
    }
    fn get(&self) -> u64 {
        self.get()
    }
}

/// A handle that was asked for once, over the number that the crate's own registries keep.
struct Metrics(metrics::Counter, Arc<AtomicU64>);

impl Count for Metrics {
    const NAME: &'static str = "metrics";
    fn new() -> Self {
        let number = Arc::new(AtomicU64::new(0));
        Self(metrics::Counter::from_arc(Arc::clone(&number)), number)
    }
    #[inline(always)]
    fn increment(&self) {
        self.0.increment(1);
    }
    fn get(&self) -> u64 {
        self.1.load(Ordering::Relaxed)
    }
}

#[inline(never)]
fn steps<C: Count>(counter: &C) {
    (0..STEPS).for_each(|_| counter.increment());
}

fn alone<C: Count>(cases: &mut Vec<Case>) {
    let counter = C::new();
    cases.push(Case::new("stats/counter", (C::NAME, C::OURS), STEPS, move |rounds| {
        (0..rounds).for_each(|_| steps(&counter));
    }));
}

fn two<C: Count + Send>(cases: &mut Vec<Case>) {
    let mut counter = C::new();
    cases.push(Case::by_threads("stats/counter-2-threads", (C::NAME, C::OURS), 2, STEPS, move |rounds| {
        together(2, rounds, &mut counter, |counter| steps(counter), |_| {})
    }));
}

pub(super) fn add(cases: &mut Vec<Case>) {
    alone::<Plain>(cases);
    alone::<Counter>(cases);
    alone::<Gauge>(cases);
    alone::<AtomicU64>(cases);
    alone::<prometheus::IntCounter>(cases);
    alone::<Metrics>(cases);
    two::<Counter>(cases);
    two::<Gauge>(cases);
    two::<AtomicU64>(cases);
    two::<prometheus::IntCounter>(cases);
    two::<Metrics>(cases);
}

pub(super) fn check() {
    fn one<C: Count>() {
        let counter = C::new();
        let threads = if C::SHARED { 3 } else { 1 };
        std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(|| steps(&counter)))));
        assert_eq!(counter.get(), threads * STEPS, "{}", C::NAME);
        println!("ok  {} of steps", C::NAME);
    }
    one::<Plain>();
    one::<Counter>();
    one::<Gauge>();
    one::<AtomicU64>();
    one::<prometheus::IntCounter>();
    one::<Metrics>();
}
