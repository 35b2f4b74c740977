//! Snapshots of caches: in which order, how they are read, and what becomes of them.
#![cfg(all(not(loom), feature = "cache", feature = "json"))]

mod support;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use nebula_memory::Budget;
use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, Charged, Pinnable, Saved, SharedCache, Snapshot};
use proptest::prelude::*;
use support::cases;

const SECOND: Duration = Duration::from_secs(1);

fn cache<P: Policy>(policy: P, capacity: usize) -> Cache<u32, String, P> {
    Cache::builder().capacity(capacity).policy(policy).build()
}

fn written<P: Policy<Ranking: Clone>>(cache: &Cache<u32, String, P>) -> String {
    serde_json::to_string(&cache.to_snapshot()).unwrap()
}

fn read(text: &str) -> Snapshot<u32, String> {
    serde_json::from_str(text).unwrap()
}

fn keys<V>(snapshot: &Snapshot<&u32, V>) -> Vec<u32> {
    snapshot.iter().map(|entry| *entry.key).collect()
}

#[test]
fn it_is_written_in_a_form_that_stays() {
    let mut cache = cache(Lru, 3);
    cache.insert(1, "a".to_string());
    let text = r#"{"version":1,"entries":[{"key":1,"value":"a","weight":1,"remaining":null}]}"#;
    assert_eq!(written(&cache), text);
    assert_eq!(read(text).into_iter().collect::<Vec<_>>(), [Saved::new(1, "a".to_string())]);
    let short = r#"{"version":1,"entries":[{"key":1,"value":"a","weight":1}]}"#;
    assert_eq!(read(short), read(text));
    assert_eq!((&read(text)).into_iter().count(), 1);
}

#[test]
fn what_is_no_snapshot_is_an_error() {
    let bad = [
        "",
        "null",
        "[]",
        "{}",
        r#"{"version":1}"#,
        r#"{"entries":[]}"#,
        r#"{"version":2,"entries":[]}"#,
        r#"{"version":-1,"entries":[]}"#,
        r#"{"version":1,"entries":[],"more":1}"#,
        r#"{"version":1,"entries":[{"key":1,"value":"a"}]}"#,
        r#"{"version":1,"entries":[{"key":1,"value":2,"weight":1}]}"#,
        r#"{"version":1,"entries":[{"key":1,"value":"a","weight":-1}]}"#,
        r#"{"version":1,"entries":[{"key":1,"value":"a","weight":1,"remaining":{"secs":-1,"nanos":0}}]}"#,
        r#"{"version":1,"entries":[{"key":1,"value":"a","weight":1,"remaining":{"secs":18446744073709551615,"nanos":4294967295}}]}"#,
        r#"{"version":1,"entries":[{"key":1,"value":"a","weight":1}"#,
    ];
    for text in bad {
        let snapshot: Result<Snapshot<u32, String>, _> = serde_json::from_str(text);
        assert!(snapshot.is_err(), "{text}");
    }
    let other = serde_json::from_str::<Snapshot<u32, String>>(bad[6]).unwrap_err();
    assert!(other.to_string().starts_with("a snapshot of version 2, not 1"), "{other}");
    let none = serde_json::from_str::<Snapshot<u32, String>>(bad[2]).unwrap_err();
    assert!(none.to_string().contains("expected a snapshot of a cache"), "{none}");
}

#[test]
fn taking_it_changes_nothing() {
    let mut cache = cache(S3Fifo, 4);
    for key in 0..9 {
        cache.insert(key, key.to_string());
        cache.get(&(key / 2));
    }
    let stats = cache.stats();
    let first = written(&cache);
    assert_eq!(written(&cache), first);
    assert_eq!(cache.stats(), stats);
}

#[test]
fn what_stays_longest_fits_into_less() {
    let mut large = cache(Lru, 10);
    (0..10).for_each(|key| drop(large.insert(key, key.to_string())));
    large.get(&0);
    let mut small = cache(Lru, 3);
    assert_eq!(small.restore(read(&written(&large))), 3);
    assert_eq!(keys(&small.to_snapshot()), [8, 9, 0]);
    let mut none = cache(Lru, 0);
    assert_eq!((none.restore(read(&written(&large))), none.len()), (0, 0));
}

#[test]
fn nothing_leaves_for_what_is_old() {
    let mut old = cache(Fifo, 10);
    (0..10).for_each(|key| drop(old.insert(key, "old".to_string())));
    let mut now = cache(Fifo, 4);
    now.insert(9, "new".to_string());
    now.insert(77, "new".to_string());
    assert_eq!(now.restore(read(&written(&old))), 2);
    assert_eq!(now.peek(&9).map(String::as_str), Some("new"));
    assert_eq!(keys(&now.to_snapshot()), [9, 77, 7, 8]);
    assert_eq!((now.restore(read(&written(&old))), now.stats().evictions), (0, 0));
}

#[test]
fn a_key_that_is_there_twice_counts_as_the_last() {
    let text = |text: &str| text.to_string();
    let snapshot = Snapshot::from_iter([
        Saved::new(1, text("first")),
        Saved::new(2, text("other")),
        Saved::new(1, text("last")),
    ]);
    assert_eq!((snapshot.len(), snapshot.is_empty()), (3, false));
    let mut cache = cache(Lru, 10);
    cache.restore(snapshot);
    assert_eq!((cache.len(), cache.peek(&1).map(String::as_str)), (2, Some("last")));
}

#[test]
fn a_key_that_is_there_often_takes_the_room_of_one() {
    let often = std::iter::repeat_n(0, 100);
    let snapshot: Snapshot<u32, String> =
        (0..10_u32).chain(often).map(|key| Saved::new(key, key.to_string())).collect();
    let mut owned = cache(Lru, 20);
    assert_eq!((owned.restore(snapshot.clone()), owned.len()), (10, 10));
    let shared = Cache::builder().capacity(20).policy(Lru).shards(1).build_shared();
    assert_eq!((shared.restore(snapshot), shared.len()), (10, 10));
}

#[test]
fn entries_are_weighed_anew() {
    let weigher = |_: &u32, text: &String| u32::try_from(text.len()).unwrap();
    let mut heavy = Cache::builder().capacity(100).policy(Lru).weigher(weigher).build();
    for (key, length) in [(1, 30), (2, 50), (3, 20)] {
        heavy.insert(key, "x".repeat(length));
    }
    let text = serde_json::to_string(&heavy.to_snapshot()).unwrap();
    assert!(read(&text).iter().map(|entry| entry.weight).eq([30, 50, 20]));
    let mut half = Cache::builder().capacity(60).policy(Lru).weigher(weigher).build();
    // 2 does not fit beside 3; 1 does.
    assert_eq!((half.restore(read(&text)), half.weight()), (2, 50));
    assert_eq!(keys(&half.to_snapshot()), [1, 3]);
    let mut many = cache(Lru, 2);
    assert_eq!((many.restore(read(&text)), many.weight()), (2, 2));
}

#[test]
fn they_live_as_long_as_they_had_left() {
    let clock = ManualClock::new();
    let timed = |life: u32| Ttl::new(Lru, SECOND * life).with_clock(clock.clone());
    let mut before = cache(timed(10), 10);
    before.insert(1, "old".to_string());
    clock.advance(SECOND * 4);
    before.insert(2, "new".to_string());
    clock.advance(SECOND * 3);
    let text = written(&before);
    let left: Vec<_> = read(&text).iter().map(|entry| entry.remaining).collect();
    assert_eq!(left, [Some(SECOND * 3), Some(SECOND * 7)]);

    let mut same = cache(timed(10), 10);
    let mut shorter = cache(timed(5), 10);
    let mut without = cache(Lru, 10);
    assert_eq!(
        (same.restore(read(&text)), shorter.restore(read(&text)), without.restore(read(&text))),
        (2, 2, 2)
    );
    clock.advance(Duration::from_nanos(2_999_999_999));
    assert!(same.contains(&1) && shorter.contains(&1));
    clock.advance(Duration::from_nanos(1));
    assert!(!same.contains(&1) && !shorter.contains(&1) && without.contains(&1));
    clock.advance(SECOND * 2);
    assert!(same.contains(&2) && !shorter.contains(&2));
    clock.advance(SECOND * 2);
    assert!(!same.contains(&2), "7 seconds after it was restored");
    assert_eq!((same.remove_expired(), same.len()), (2, 0), "the wheel knows of it");
    assert!(keys(&shorter.to_snapshot()).is_empty(), "what is over is not taken");
}

#[test]
fn time_that_has_passed_is_told() {
    let clock = ManualClock::new();
    let policy = Ttl::new(Fifo, SECOND * 10).with_clock(clock.clone());
    let mut before = cache(policy.clone(), 10);
    before.insert(1, "a".to_string());
    clock.advance(SECOND * 6);
    before.insert(2, "b".to_string());
    let mut saved = read(&written(&before));
    saved.age(SECOND * 4);
    assert_eq!(
        saved.iter().map(|entry| (entry.key, entry.remaining)).collect::<Vec<_>>(),
        [(2, Some(SECOND * 6))]
    );
    let mut after = cache(policy, 10);
    assert_eq!(after.restore(saved), 1);
    saved = Snapshot::from_iter([]);
    saved.age(Duration::MAX);
    assert!(saved.is_empty());
    let mut over = Saved::new(5, "over".to_string());
    over.remaining = Some(Duration::ZERO);
    assert_eq!(after.restore(Snapshot::from_iter([over])), 0);
}

#[test]
fn times_around_times() {
    let clock = ManualClock::new();
    let own = PerEntryTtl::new(Tti::new(Lru, SECOND * 5).with_clock(clock.clone())).with_clock(clock.clone());
    let mut before = cache(own.clone(), 10);
    before.insert_for(1, "short".to_string(), SECOND * 2);
    before.insert_for(2, "long".to_string(), SECOND * 100);
    before.insert(3, "for ever".to_string());
    clock.advance(SECOND);
    before.get(&3);
    let text = written(&before);
    let left: Vec<_> = read(&text).iter().map(|entry| (entry.key, entry.remaining)).collect();
    assert_eq!(left, [(1, Some(SECOND)), (2, Some(SECOND * 4)), (3, Some(SECOND * 5))]);
    let mut after = cache(own, 10);
    after.restore(read(&text));
    clock.advance(SECOND * 4);
    assert!(!after.contains(&1) && !after.contains(&2) && after.contains(&3));
}

#[test]
fn what_is_pinned_comes_last_and_is_not_pinned_again() {
    let mut before = cache(Pinnable::new(Lru), 4);
    (0..4).for_each(|key| drop(before.insert(key, key.to_string())));
    before.pin(&1);
    assert_eq!(keys(&before.to_snapshot()), [0, 2, 3, 1]);
    let mut after = cache(Pinnable::new(Lru), 2);
    assert_eq!(after.restore(read(&written(&before))), 2);
    assert!(after.contains(&3) && after.contains(&1) && !after.is_pinned(&1));
}

#[test]
fn a_budget_pays_for_what_is_restored() {
    let budget = Budget::new(50);
    let weigher = |_: &u32, text: &String| u32::try_from(text.len()).unwrap();
    let policy = Charged::new(Lru, &budget);
    let mut cache = Cache::builder().capacity(100).policy(policy).weigher(weigher).build();
    let saved = (0..10).map(|key| Saved::new(key, "x".repeat(10)));
    assert_eq!(cache.restore(saved.collect()), 5);
    assert_eq!((budget.used(), cache.weight()), (50, 50));
    drop(cache);
    assert_eq!(budget.used(), 0);
}

#[test]
fn listeners_hear_nothing_of_what_comes_in() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let ears = Rc::clone(&heard);
    let mut cache = Cache::builder()
        .capacity(3)
        .policy(Lru)
        .listener(move |key: &u32, _: &u32, cause: Cause| ears.borrow_mut().push((*key, cause)))
        .build();
    cache.restore((0..5).map(|key| Saved::new(key, key)).collect());
    assert!(heard.borrow().is_empty());
    assert_eq!((cache.stats().insertions, cache.stats().evictions, cache.len()), (3, 0, 3));
}

#[test]
fn the_shared_one_keeps_order_and_bounds() {
    let of = |capacity| Cache::builder().capacity(capacity).policy(Lru).shards(1).build_shared();
    let before = of(10);
    (0..10_u32).for_each(|key| before.insert(key, key.to_string()));
    before.get(&0);
    let text = serde_json::to_string(&before.to_snapshot()).unwrap();
    assert!(read(&text).iter().map(|entry| entry.key).eq((1..10).chain([0])));

    let after = of(3);
    after.insert(9, "new".to_string());
    assert_eq!(after.restore(read(&text)), 2);
    assert!(after.to_snapshot().iter().map(|entry| entry.key).eq([9, 8, 0]));
    assert_eq!(after.get(&9).as_deref(), Some("new"));
    assert_eq!(after.restore(read(&text)), 0);

    // And into one of one owner.
    let mut alone = cache(Fifo, 4);
    assert_eq!(alone.restore(before.to_snapshot()), 4);
    assert_eq!(keys(&alone.to_snapshot()), [7, 8, 9, 0]);
}

#[test]
fn shards_take_what_they_have_room_for() {
    for shards in [1, 3, 8] {
        let before = Cache::builder().capacity(200).policy(S3Fifo).shards(shards).build_shared();
        (0..150_u32).for_each(|key| before.insert(key, key.to_string()));
        let snapshot = before.to_snapshot();
        assert_eq!(snapshot.len(), before.len());
        let small = Cache::builder().capacity(50).policy(Lru).shards(shards).counted().build_shared();
        let came = small.restore(snapshot.clone());
        assert!(came <= 50 && came == small.len() && came > 20, "{came}");
        assert_eq!(small.stats().evictions, 0);
        let large: SharedCache<u32, String> = SharedCache::new(100_000);
        assert_eq!(large.restore(snapshot.clone()), snapshot.len());
        assert!(snapshot.iter().all(|entry| large.get(&entry.key).as_ref() == Some(&entry.value)));
    }
}

#[test]
fn the_shared_one_keeps_times_and_takes_a_key_once() {
    let clock = ManualClock::new();
    let of = || {
        let policy = Ttl::new(Lru, SECOND * 10).with_clock(clock.clone());
        Cache::builder().capacity(100).policy(policy).shards(1).build_shared()
    };
    let before = of();
    before.insert(1, "a".to_string());
    clock.advance(SECOND * 4);
    before.insert(2, "b".to_string());
    let mut entries: Vec<_> = before.to_snapshot().into_iter().collect();
    assert!(entries.iter().map(|entry| entry.remaining).eq([Some(SECOND * 6), Some(SECOND * 10)]));
    entries.insert(0, Saved::new(2, "not this one".to_string()));
    let after = of();
    assert_eq!(after.restore(entries.into_iter().collect()), 2);
    assert_eq!(after.get(&2).as_deref(), Some("b"));
    clock.advance(SECOND * 6);
    assert!(!after.contains(&1) && after.contains(&2));
    assert_eq!(before.to_snapshot().len(), 1, "what is over is not taken");
    clock.advance(SECOND * 4);
    assert!(!after.contains(&2));
    assert_eq!(after.remove_expired(), 2);
}

/// Snapshots are taken, and put in, while others use the cache: each entry is one that there was, and no bound is exceeded.
#[test]
fn threads_may_go_on_meanwhile() {
    let rounds = if cfg!(miri) { 3 } else { 60 };
    let cache = Cache::builder().capacity(64).policy(S3Fifo).shards(2).build_shared();
    let other = Cache::builder().capacity(40).policy(Lru).shards(3).build_shared();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for key in 0..rounds * 200_u64 {
                cache.insert(key % 100, (key % 100) * 3);
                cache.get(&(key % 7));
                if key % 50 == 0 {
                    cache.remove(&(key % 100));
                }
            }
        });
        for _ in 0..rounds {
            let snapshot = cache.to_snapshot();
            assert!(snapshot.len() <= 100 && snapshot.iter().all(|entry| entry.value == entry.key * 3));
            other.restore(snapshot);
            assert!(other.len() <= 40);
            other.clear();
        }
    });
}

/// Takes a snapshot, and has everything leave: in that order.
fn leaves_in_order<P: Policy<Ranking: Clone>>(policy: P, capacity: usize, steps: &[(u8, u32)]) {
    let mut cache =
        Cache::builder().capacity(capacity).policy(policy).weigher(|key: &u32, _: &u32| 1 + *key % 3).build();
    for (what, key) in steps {
        match what {
            0 | 1 => drop(cache.insert(*key, *key)),
            2 => drop(cache.remove(key)),
            _ => drop(cache.get(key).copied()),
        }
    }
    let order: Vec<_> = cache.to_snapshot().iter().map(|entry| *entry.key).collect();
    assert_eq!(order.len(), cache.len());
    let popped: Vec<_> = std::iter::from_fn(|| cache.pop()).map(|(key, _)| key).collect();
    assert_eq!(order, popped);
}

/// Puts a snapshot of one cache into another, which lets its entries go in the same order.
fn keeps_the_order<P: Policy<Ranking: Clone>>(policy: P, keys: u32) {
    let mut cache = cache(policy, 30);
    let entries = (0..keys).map(|key| Saved::new(key * 7 % keys, String::new()));
    let order: Vec<_> = entries.clone().map(|entry| entry.key).collect();
    assert_eq!(cache.restore(entries.collect()), keys as usize);
    let popped: Vec<_> = std::iter::from_fn(|| cache.pop()).map(|(key, _)| key).collect();
    assert_eq!(order, popped);
}

#[test]
fn the_order_is_kept() {
    for keys in [1, 2, 5, 29, 30] {
        keeps_the_order(Lru, keys);
        keeps_the_order(Fifo, keys);
        keeps_the_order(AnyPolicy::from(Lru), keys);
        keeps_the_order(S3Fifo, keys);
        keeps_the_order(Elastic, keys);
        keeps_the_order(Lfu, keys);
        keeps_the_order(Sieve, keys);
        keeps_the_order(Ttl::new(Lru, SECOND * 1000), keys);
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn it_is_the_order_in_which_they_leave(
        capacity in 0..25_usize,
        steps in prop::collection::vec((0..8_u8, 0..20_u32), 0..120),
    ) {
        leaves_in_order(Lru, capacity, &steps);
        leaves_in_order(Fifo, capacity, &steps);
        leaves_in_order(S3Fifo, capacity, &steps);
        leaves_in_order(Elastic, capacity, &steps);
        leaves_in_order(WTinyLfu::default(), capacity, &steps);
        leaves_in_order(AnyPolicy::from(S3Fifo), capacity, &steps);
        leaves_in_order(Lfu, capacity, &steps);
        leaves_in_order(Sieve, capacity, &steps);
        leaves_in_order(Random::new(9), capacity, &steps);
        leaves_in_order(Adaptive, capacity, &steps);
        leaves_in_order(Pinnable::new(Tti::new(Lru, SECOND * 1000)), capacity, &steps);
    }

    #[test]
    fn whatever_is_read_is_restored_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0..400_usize) {
        let _ = serde_json::from_slice::<Snapshot<u32, String>>(&bytes);
        let mut before = cache(Lru, 10);
        before.extend(bytes.iter().map(|&byte| (u32::from(byte), byte.to_string())));
        let text = written(&before);
        // What is cut off is an error; what is not comes back.
        let snapshot = serde_json::from_str::<Snapshot<u32, String>>(text.get(..cut).unwrap_or(&text));
        match snapshot {
            Ok(snapshot) => {
                prop_assert!(cut >= text.len());
                let mut after = cache(Lru, 10);
                prop_assert_eq!(after.restore(snapshot), before.len());
                prop_assert_eq!(written(&after), text);
            }
            Err(_) => prop_assert!(cut < text.len()),
        }
    }
}
