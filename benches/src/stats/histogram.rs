//! Values recorded in a histogram, by one thread and by two.

use nebula_memory::stats::{Histogram, SharedHistogram};

use crate::case::Case;
use crate::threads::together;

/// Values per round and thread.
const VALUES: usize = 4096;

/// Latencies in nanoseconds: most of some thousand, few of some million.
fn values() -> Vec<u64> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..VALUES).map(|_| (500 + next() % 4000) << (next().leading_zeros().min(12))).collect()
}

/// A histogram of one thread. The error of each is at most one in a hundred.
trait Record: 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    fn new() -> Self;
    fn record(&mut self, value: u64);
    fn count(&self) -> u64;
}

impl Record for Histogram {
    const NAME: &'static str = "Histogram";
    const OURS: bool = true;
    fn new() -> Self {
        Self::new()
    }
    #[inline(always)]
    fn record(&mut self, value: u64) {
        self.record(value);
    }
    fn count(&self) -> u64 {
        self.count()
    }
}

impl Record for hdrhistogram::Histogram<u64> {
    const NAME: &'static str = "hdrhistogram";
    fn new() -> Self {
        Self::new_with_bounds(1, 3_600_000_000_000, 2).expect("good bounds")
    }
    #[inline(always)]
    fn record(&mut self, value: u64) {
        self.record(value).expect("within the bounds");
    }
    fn count(&self) -> u64 {
        self.len()
    }
}

impl Record for SharedHistogram {
    const NAME: &'static str = "SharedHistogram";
    const OURS: bool = true;
    fn new() -> Self {
        Self::new()
    }
    #[inline(always)]
    fn record(&mut self, value: u64) {
        Self::record(self, value);
    }
    fn count(&self) -> u64 {
        self.snapshot().count()
    }
}

fn prometheus_histogram() -> prometheus::Histogram {
    let buckets = prometheus::exponential_buckets(100.0, 2.0, 20).expect("good buckets");
    let options = prometheus::HistogramOpts::new("latency", "Latencies.").buckets(buckets);
    prometheus::Histogram::with_opts(options).expect("a good name")
}

/// Its buckets are twice as wide as the one before: far less is known of a value.
impl Record for prometheus::Histogram {
    const NAME: &'static str = "prometheus, 20 buckets";
    fn new() -> Self {
        prometheus_histogram()
    }
    #[inline(always)]
    fn record(&mut self, value: u64) {
        observe(self, value);
    }
    fn count(&self) -> u64 {
        self.get_sample_count()
    }
}

#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn observe(histogram: &prometheus::Histogram, value: u64) {
    histogram.observe(value as f64);
}

#[inline(never)]
fn record_all<H: Record>(histogram: &mut H, values: &[u64]) {
    for value in values {
        histogram.record(*value);
    }
}

fn alone<H: Record>(cases: &mut Vec<Case>) {
    let (mut histogram, values) = (H::new(), values());
    cases.push(Case::new("stats/histogram", (H::NAME, H::OURS), VALUES as u64, move |rounds| {
        (0..rounds).for_each(|_| record_all(&mut histogram, &values));
    }));
}

fn two<H: Sync + Send + 'static>(
    cases: &mut Vec<Case>,
    name: (&'static str, bool),
    mut histogram: H,
    record: fn(&H, &[u64]),
) {
    let values = values();
    cases.push(Case::by_threads("stats/histogram-2-threads", name, 2, VALUES as u64, move |rounds| {
        together(2, rounds, &mut histogram, |histogram| record(histogram, &values), |_| {})
    }));
}

#[inline(never)]
fn ours(histogram: &SharedHistogram, values: &[u64]) {
    for value in values {
        histogram.record(*value);
    }
}

#[inline(never)]
fn theirs(histogram: &prometheus::Histogram, values: &[u64]) {
    for value in values {
        observe(histogram, *value);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    alone::<Histogram>(cases);
    alone::<SharedHistogram>(cases);
    alone::<hdrhistogram::Histogram<u64>>(cases);
    alone::<prometheus::Histogram>(cases);
    two(cases, ("SharedHistogram", true), SharedHistogram::new(), ours);
    two(cases, ("prometheus, 20 buckets", false), prometheus_histogram(), theirs);
}

pub(super) fn check() {
    fn one<H: Record>() {
        let mut histogram = H::new();
        record_all(&mut histogram, &values());
        assert_eq!(histogram.count(), VALUES as u64, "{}", H::NAME);
        println!("ok  {} of values", H::NAME);
    }
    one::<Histogram>();
    one::<SharedHistogram>();
    one::<hdrhistogram::Histogram<u64>>();
    one::<prometheus::Histogram>();
}
