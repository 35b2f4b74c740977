//! Counters, gauges and histograms: nothing is lost, and what they say is true.
#![cfg(all(not(loom), feature = "stats"))]
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "ranks and rates of a few values"
)]

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nebula_memory::stats::{Counter, Ewma, Gauge, Histogram, Meter, SharedHistogram};
use proptest::collection::vec;
use proptest::prelude::*;

const THREADS: usize = if cfg!(miri) { 10 } else { 10_000 };

#[test]
fn counts_are_exact_after_many_threads_came_and_went() {
    static COUNTER: Counter = Counter::new();
    static GAUGE: Gauge = Gauge::new();
    static SIZES: SharedHistogram = SharedHistogram::new();
    const AT_ONCE: usize = 10;
    for _ in 0..THREADS / AT_ONCE {
        thread::scope(|threads| {
            for index in 0..AT_ONCE as u64 {
                threads.spawn(move || {
                    COUNTER.increment();
                    GAUGE.add(index * 10_000);
                    SIZES.record(index);
                    COUNTER.add(2);
                    GAUGE.subtract(index * 10_000 - index);
                });
            }
        });
    }
    let rounds = (THREADS / AT_ONCE) as u64;
    assert_eq!(COUNTER.get(), 3 * THREADS as u64);
    assert_eq!(GAUGE.get(), 45 * rounds);
    let sizes = SIZES.snapshot();
    assert_eq!((sizes.count(), sizes.sum(), sizes.max()), (THREADS as u64, 45 * rounds, Some(9)));
    assert_eq!(SIZES.missed(), 0);
}

/// More of them than a page has cells, and all of them again in the place of those before.
#[test]
fn each_counter_counts_for_itself() {
    const COUNTERS: usize = if cfg!(miri) { 40 } else { 1300 };
    for _ in 0..2 {
        let counters: Vec<_> = (0..COUNTERS).map(|_| Counter::new()).collect();
        thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    for (index, counter) in counters.iter().enumerate() {
                        counter.add(index as u64 + 1);
                    }
                });
            }
        });
        for (index, counter) in counters.iter().enumerate() {
            assert_eq!(counter.get(), 3 * (index as u64 + 1));
        }
    }
}

#[test]
fn destructors_of_a_thread_count_whichever_comes_last() {
    static COUNTER: Counter = Counter::new();
    static SIZES: SharedHistogram = SharedHistogram::new();
    struct Late;
    impl Drop for Late {
        fn drop(&mut self) {
            COUNTER.increment();
            SIZES.record(7);
        }
    }
    thread_local!(static EARLY: RefCell<Vec<Late>> = const { RefCell::new(Vec::new()) });
    for counts_first in [false, true] {
        thread::spawn(move || {
            if counts_first {
                COUNTER.increment();
            }
            EARLY.with_borrow_mut(|late| late.push(Late));
            if !counts_first {
                COUNTER.increment();
            }
        })
        .join()
        .unwrap();
    }
    assert_eq!((COUNTER.get(), SIZES.snapshot().count()), (4, 2));
}

#[test]
fn a_reset_takes_what_was_counted_and_nothing_else() {
    static COUNTER: Counter = Counter::new();
    const EACH: u64 = if cfg!(miri) { 100 } else { 100_000 };
    let taken: u64 = thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| (0..EACH).for_each(|_| COUNTER.increment()));
        }
        (0..50).map(|_| COUNTER.reset()).sum()
    });
    assert_eq!(taken + COUNTER.get(), 2 * EACH);
}

#[test]
fn the_peak_of_a_gauge_is_within_its_batch() {
    let exact = Gauge::with_batch(1);
    let coarse = Gauge::with_batch(1000);
    for gauge in [&exact, &coarse] {
        for _ in 0..5 {
            gauge.add(700);
        }
        gauge.subtract(3000);
        assert_eq!(gauge.get(), 500);
    }
    assert_eq!((exact.peak(), coarse.peak()), (3500, 3500), "of one thread");
    coarse.reset_peak();
    assert_eq!(coarse.peak(), 500);
}

/// One gives back what another has allocated: neither has a level of its own.
#[test]
fn a_gauge_that_others_lower_does_not_drift() {
    let gauge = Gauge::with_batch(100);
    for _ in 0..50 {
        gauge.add(77);
        thread::scope(|threads| {
            threads.spawn(|| gauge.subtract(77));
        });
    }
    assert_eq!(gauge.get(), 0);
    assert!(gauge.peak() <= 77 + 2 * 2 * 100);
}

/// Values of all magnitudes.
fn values() -> impl Strategy<Value = Vec<u64>> {
    vec((any::<u64>(), 0..64_u32).prop_map(|(value, shift)| value >> shift), 1..200)
}

fn cases() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: if cfg!(miri) { 4 } else { asked.unwrap_or(256) },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const PERCENTS: [f64; 7] = [0.0, 1.0, 25.0, 50.0, 90.0, 99.9, 100.0];

proptest! {
    #![proptest_config(cases())]

    /// The model is the sorted list of all values.
    #[test]
    fn percentiles_are_those_of_the_sorted_values(mut values in values()) {
        let histogram: Histogram = values.iter().copied().collect();
        values.sort_unstable();
        prop_assert_eq!(histogram.count(), values.len() as u64);
        prop_assert_eq!(histogram.min(), values.first().copied());
        prop_assert_eq!(histogram.max(), values.last().copied());
        for percent in PERCENTS {
            let rank = (percent / 100.0 * values.len() as f64).ceil() as usize;
            let exact = values[rank.max(1) - 1];
            let said = histogram.percentile(percent).unwrap();
            prop_assert!(u128::from(said.abs_diff(exact)) * 1000 <= u128::from(exact) * 8, "{}: {} for {}", percent, said, exact);
            if exact < 128 {
                prop_assert_eq!(said, exact);
            }
        }
        prop_assert_eq!(histogram.percentiles(PERCENTS).unwrap().to_vec(), PERCENTS.map(|percent| histogram.percentile(percent).unwrap()).to_vec());
    }

    /// Another implementation of the same idea, at about the same precision.
    #[test]
    fn says_what_hdrhistogram_says(values in vec(1_u64..1 << 40, 1..200)) {
        let mut theirs = hdrhistogram::Histogram::<u64>::new(3).unwrap();
        let mut ours = Histogram::new();
        for value in &values {
            theirs.record(*value).unwrap();
            ours.record(*value);
        }
        prop_assert_eq!(ours.count(), theirs.len());
        for percent in [50.0, 75.0, 90.0, 99.0] {
            let (ours, theirs) = (ours.percentile(percent).unwrap() as f64, theirs.value_at_quantile(percent / 100.0) as f64);
            prop_assert!((ours - theirs).abs() <= theirs * 0.01, "{}: {} and {}", percent, ours, theirs);
        }
        prop_assert!((ours.mean().unwrap() - theirs.mean()).abs() <= theirs.mean() * 0.01);
        prop_assert!((ours.stddev().unwrap() - theirs.stdev()).abs() <= theirs.mean() * 0.01);
    }

    #[test]
    fn merged_is_as_if_recorded_in_one(left in values(), right in values()) {
        let mut merged: Histogram = left.iter().copied().collect();
        let earlier = merged.clone();
        let other: Histogram = right.iter().copied().collect();
        merged.merge(&other);
        let all: Histogram = left.iter().chain(&right).copied().collect();
        prop_assert_eq!(&merged, &all);
        let since = merged.since(&earlier);
        prop_assert_eq!(since.count(), other.count());
        prop_assert!(since.buckets().eq(other.buckets()));
    }

    #[test]
    fn threads_record_what_one_would(values in values()) {
        let shared = SharedHistogram::new();
        thread::scope(|threads| {
            for half in values.chunks(values.len().div_ceil(2)) {
                let shared = &shared;
                threads.spawn(move || half.iter().for_each(|value| shared.record(*value)));
            }
        });
        let alone: Histogram = values.iter().copied().collect();
        prop_assert_eq!(shared.snapshot(), alone);
    }
}

#[test]
fn nothing_is_said_of_nothing() {
    let mut empty = Histogram::new();
    assert_eq!((empty.percentile(50.0), empty.mean(), empty.stddev(), empty.min()), (None, None, None, None));
    assert_eq!((empty.summary().count, empty.summary().p99), (0, 0));
    empty.record_many(5, 0);
    assert!(empty.is_empty() && empty == Histogram::default());
    empty.record_many(u64::MAX, 3);
    assert_eq!((empty.sum(), empty.percentile(f64::NAN)), (u64::MAX, Some(u64::MAX)));
    assert!(empty.mean().unwrap() > 1.8e19);
    empty.clear();
    assert!(empty.is_empty() && empty == Histogram::new());
}

#[test]
fn averages_forget() {
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let mut average = Ewma::new(Duration::from_secs(60));
    assert_eq!(average.value(), None);
    average.update(8.0, at(0));
    average.update(f64::NAN, at(1));
    average.update(0.0, at(60));
    average.update(0.0, at(180));
    let is_one = |average: &Ewma| (average.value().unwrap() - 1.0).abs() < 1e-9;
    assert!(is_one(&average), "{average:?}");
    // Late news: it counts, and does not turn back the time.
    average.update(1.0, at(100));
    assert!(is_one(&average), "{average:?}");

    let mut meter = Meter::new(start);
    assert_eq!(meter.rates().mean, 0.0);
    (1..=3600).for_each(|second| meter.update(second * 5, at(second)));
    // Nothing more for a minute: the short average has almost forgotten, the long ones have not.
    meter.update(18_000, at(3660));
    let rates = meter.rates();
    assert!((1.8..1.9).contains(&rates.one) && (4.6..4.7).contains(&rates.fifteen), "{rates:?}");
    assert!((4.9..5.0).contains(&rates.mean), "{rates:?}");
    // The counter began anew.
    meter.update(60, at(3661));
    assert!(meter.rates().one > 2.5, "{:?}", meter.rates());
}

#[test]
fn what_is_counted_between_resets_is_not_negative() {
    const ROUNDS: usize = if cfg!(miri) { 100 } else { 200_000 };
    let counter = Counter::new();
    let done = AtomicBool::new(false);
    let (taken, added) = thread::scope(|threads| {
        let work = threads.spawn(|| {
            let mut count = 0_u64;
            while !done.load(Ordering::Relaxed) {
                counter.increment();
                count += 1;
            }
            count
        });
        let reset = || {
            let taken = (0..ROUNDS).map(|_| counter.reset());
            taken.fold((0_u64, 0), |(sum, most), count| (sum.wrapping_add(count), count.max(most)))
        };
        let resets = [threads.spawn(reset), threads.spawn(reset)];
        let taken = resets.map(|reset| reset.join().unwrap());
        done.store(true, Ordering::Relaxed);
        (taken, work.join().unwrap())
    });
    assert!(taken.iter().all(|(_, most)| *most <= added), "{taken:?}");
    assert_eq!(taken[0].0 + taken[1].0 + counter.get(), added);
}

#[test]
fn there_may_be_any_number_of_values() {
    let mut histogram = Histogram::new();
    histogram.record_many(1, u64::MAX);
    histogram.record_many(1, 1);
    histogram.record_many(1000, u64::MAX);
    histogram.merge(&histogram.clone());
    assert_eq!((histogram.count(), histogram.percentile(0.0)), (u64::MAX, Some(1)));
    assert_eq!((histogram.summary().count, histogram.percentile(100.0)), (u64::MAX, Some(1000)));
    assert!(!histogram.coarse_buckets().is_empty());
}

#[cfg(feature = "serde")]
proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_read_is_what_was_written(values in values()) {
        let histogram: Histogram = values.into_iter().collect();
        let text = serde_json::to_string(&histogram).unwrap();
        prop_assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), histogram);
    }

    /// Whatever is said of the extremes, values that are counted later find their buckets.
    #[test]
    fn what_is_read_is_a_histogram(min in any::<u64>(), max in any::<u64>(), buckets in vec(any::<(u64, u8)>(), 0..5), later in values()) {
        let text = serde_json::json!({ "min": min, "max": max, "buckets": buckets }).to_string();
        let mut read: Histogram = serde_json::from_str(&text).unwrap();
        let before = read.count();
        prop_assert_eq!(before, buckets.iter().map(|(_, count)| u64::from(*count)).sum::<u64>());
        for value in &later {
            read.record(*value);
        }
        prop_assert_eq!(read.count(), before + later.len() as u64);
    }
}
