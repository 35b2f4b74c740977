//! Traces, replays, the optimum.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::collections::HashSet;

use nebula_memory::cache::{
    policy::S3Fifo,
    sim::{Columns, Comparison, POLICIES, Trace, optimal, replay, replay_named},
};
use proptest::prelude::*;

/// Requests over a loop of keys, one after the other.
fn cycle(keys: u32, requests: u32) -> Trace {
    Trace::new((0..requests).map(|turn| turn % keys))
}

/// Forth and back.
fn zigzag(keys: u32, requests: u32) -> Trace {
    let period = 2 * keys - 2;
    Trace::new((0..requests).map(|turn| (turn % period).min(period - turn % period)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `keys`")]
/// Key `n` with a probability that is proportional to 1 / (n + 1).
fn zipf(keys: u32, requests: u32) -> Trace {
    let mut state = 1_u64;
    let total = f64::from(keys).ln();
    Trace::new((0..requests).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let uniform = f64::from((state >> 33) as u32) / f64::from(1_u32 << 31);
        (uniform * total).exp() as u32
    }))
}

#[test]
fn a_loop_is_what_the_optimum_is_good_at() {
    let trace = cycle(100, 10_000);
    // Of a loop, all but one place keep their entries: 99 of 100 in, then one miss a round for each that has no place.
    assert_eq!(optimal(&trace, 100).hits, 9_900);
    assert_eq!(optimal(&trace, 200).hits, 9_900);
    assert_eq!(optimal(&trace, 1).hits, 99);
    assert_eq!(optimal(&trace, 40).hits, 40 * 99);
    assert_eq!(replay(&trace, &S3Fifo, 100).hits, 9_900);
}

#[test]
fn a_scan_has_no_hits() {
    let keys = if cfg!(miri) { 500 } else { 5_000 };
    let trace = cycle(keys, keys);
    for name in POLICIES {
        assert_eq!(replay_named(&trace, name, 100).unwrap().hits, 0, "{name}");
    }
    assert_eq!(optimal(&trace, 100).hits, 0);
}

#[test]
fn nothing_beats_the_optimum() {
    let requests = if cfg!(miri) { 400 } else { 20_000 };
    for trace in [cycle(300, requests), zigzag(300, requests), zipf(2_000, requests)] {
        for (capacity, name, found) in Comparison::new(&trace, &[1, 7, 64, 250, 5_000]).rows() {
            assert!(found.hits <= optimal(&trace, capacity).hits, "{name} at {capacity}");
            assert_eq!(found.requests, u64::from(requests));
            if capacity == 5_000 {
                let once = trace.unique() as u64;
                assert_eq!(found.hits, u64::from(requests) - once, "{name} has room for all");
            }
        }
    }
}

/// Requests of one kind after those of another, over other keys.
fn one_after_the_other(one: &Trace, other: &Trace) -> Trace {
    let keys = |trace: &Trace, from: u32| trace.requests().map(|(key, _)| key + from).collect::<Vec<_>>();
    Trace::new(keys(one, 0).into_iter().chain(keys(other, 1_000_000)))
}

#[test]
#[cfg_attr(miri, ignore = "takes too long there")]
fn adaptive_does_nearly_as_well_as_the_best() {
    let (round, to_and_fro, skewed) = (cycle(300, 30_000), zigzag(300, 30_000), zipf(5_000, 30_000));
    let mixed = [one_after_the_other(&round, &skewed), one_after_the_other(&skewed, &to_and_fro)];
    for trace in [round, to_and_fro, skewed].into_iter().chain(mixed) {
        for capacity in [40, 100, 250] {
            let found = |name| replay_named(&trace, name, capacity).unwrap().hit_ratio();
            let best = POLICIES.iter().map(|name| found(name)).fold(0.0, f64::max);
            let adaptive = found("adaptive");
            assert!(adaptive > best - 0.05, "{adaptive} of {best} at {capacity}");
        }
    }
}

#[test]
fn tables_have_a_line_for_each_policy() {
    let table = Comparison::new(&zipf(100, 1_000), &[10, 50]).to_string();
    assert_eq!(table.lines().count(), POLICIES.len() + 2);
    assert!(table.lines().last().unwrap().starts_with("optimal"));
}

#[test]
fn names_are_those_of_policies() {
    let trace = cycle(3, 9);
    assert!(replay_named(&trace, "no such policy", 3).is_none());
    let names: HashSet<_> = POLICIES.iter().collect();
    assert_eq!(names.len(), POLICIES.len());
}

#[test]
fn weights_count() {
    let trace = Trace::weighted([(1, 60), (2, 60), (1, 60), (3, 500), (1, 60), (2, 0)]);
    assert_eq!((trace.unique(), trace.footprint()), (3, 620));
    let found = replay(&trace, &S3Fifo, 120);
    assert_eq!((found.hits, found.hit_weight, found.weight), (3, 60 + 60 + 1, 60 * 4 + 500 + 1));
    let found = optimal(&trace, 120);
    assert_eq!((found.hits, found.hit_weight), (3, 121));
    assert_eq!(trace.clone().unweighted().footprint(), 3);
    assert!(trace.is_weighted() && !trace.unweighted().is_weighted());
}

#[test]
fn lines_of_text() {
    let trace = Trace::parse("5\n\n  6 \r\n# not this\n5\n").unwrap();
    assert_eq!((trace.len(), trace.unique(), trace.is_weighted()), (3, 2, false));
    let trace = Trace::parse("a 5\nb\t7\na 5.0").unwrap();
    assert_eq!((trace.len(), trace.footprint()), (3, 12));
    assert!(Trace::parse("").unwrap().is_empty());
    for (text, line, says) in [
        ("1\n2 5", 2, "either all lines have a weight or none has"),
        ("1 5\n\n2", 3, "either all lines have a weight or none has"),
        ("1 x", 1, "the weight is not a number of 0 or more"),
        ("1 -5", 1, "the weight is not a number of 0 or more"),
        ("1 5 7", 1, "the weight is not a number of 0 or more"),
        ("1 4294967296", 1, "a weight of 4 Gi or more"),
    ] {
        let error = Trace::parse(text).unwrap_err();
        assert_eq!((error.line(), error.to_string()), (line, format!("line {line}: {says}")), "{text:?}");
    }
}

#[test]
fn columns_of_text() {
    let text = "time, obj, size\r\n1, 7, 40\r\n2, 8, 2\r\n\r\n3, 7, 40\r\n";
    let trace = Trace::parse_columns(text, Columns::default()).unwrap();
    assert_eq!((trace.len(), trace.unique(), trace.footprint()), (3, 2, 42));
    let error = Trace::parse_columns(text, Columns::default().header(false)).unwrap_err();
    assert_eq!(error.to_string(), "line 1: the weight is not a number of 0 or more");
    let error = Trace::parse_columns("1,2,3\n1,2\n", Columns::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 2: there is no column 3: with ',' between columns, the line has 2");
    let error = Trace::parse_columns("1,2,3\n1,,3\n", Columns::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 2: there is nothing in column 2");
    let tabs = Columns::default().delimiter('\t').key(1).size(Some(2));
    assert_eq!(Trace::parse_columns("x\t3\ny\t4", tabs).unwrap().footprint(), 7);
}

/// Trying out what goes.
fn best_of_all(keys: &[u8], capacity: usize) -> u64 {
    let (mut there, mut hits) = (Vec::new(), 0);
    for (at, key) in keys.iter().enumerate() {
        if there.contains(key) {
            hits += 1;
        } else {
            there.push(*key);
        }
        if there.len() > capacity {
            let wanted =
                |key: &u8| keys[at + 1..].iter().position(|other| other == key).unwrap_or(usize::MAX);
            let last = (0..there.len()).max_by_key(|&one| wanted(&there[one])).unwrap();
            there.swap_remove(last);
        }
    }
    hits
}

fn text(requests: &[(u64, u32)], line: impl Fn(u64, u32) -> String) -> String {
    requests.iter().map(|&(key, weight)| line(key, weight)).collect()
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn the_optimum_is_the_optimum(keys in prop::collection::vec(0_u8..20, 0..80), capacity in 1_usize..12) {
        let trace = Trace::new(keys.iter().copied());
        prop_assert_eq!(optimal(&trace, capacity as u64).hits, best_of_all(&keys, capacity));
    }

    #[test]
    fn what_was_written_is_read(requests in prop::collection::vec((0_u64..50, 1_u32..1000), 1..100)) {
        let trace = Trace::weighted(requests.iter().copied());
        let lines = text(&requests, |key, weight| format!("{key} {weight}\n"));
        // Numbers are in another order as text, so the keys have other numbers.
        let read = Trace::parse(&lines).unwrap();
        prop_assert_eq!((read.len(), read.unique(), read.footprint()), (trace.len(), trace.unique(), trace.footprint()));
        let rows = text(&requests, |key, weight| format!("0,{key},{weight}\n"));
        prop_assert_eq!(Trace::parse_columns(&rows, Columns::default()).unwrap(), read);
    }
}
