//! Caches by the names that they go by elsewhere, and policies chosen at run time.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, Ttl};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{
    Cache, CacheStats, EvictionEntry, EvictionPolicy, EvictionStrategy, LfuCache, LruCache, SimpleCache,
    StrategyCache,
};
use proptest::prelude::*;
use support::cases;

#[test]
fn the_names_of_the_field_work() {
    let mut lru = LruCache::new(2);
    assert_eq!((lru.put("a", 1), lru.put("b", 2), lru.put("b", 3)), (None, None, Some(2)));
    assert_eq!(lru.get("a"), Some(&1));
    assert_eq!((lru.len(), lru.capacity(), lru.is_empty()), (2, 2, false));
    lru.put("c", 4);
    assert!(lru.contains("a") && !lru.contains("b"));
    assert_eq!(lru.peek("a"), Some(&1));
    *lru.get_mut("a").unwrap() += 10;
    assert_eq!(lru.pop(), Some(("c", 4)));
    assert_eq!((lru.remove("a"), lru.remove("a")), (Some(11), None));
    lru.extend([("x", 1), ("y", 2)]);
    lru.resize(1);
    assert_eq!(lru.iter().collect::<Vec<_>>(), [(&"y", &2)]);
    assert_eq!((&lru).into_iter().count(), 1);
    lru.as_cache().retain(|_, _| false);
    assert!(lru.is_empty() && lru.stats().capacity == 1);
    lru.put("z", 1);
    lru.clear();
    let cache: Cache<_, _, Lru> = lru.into();
    assert!(cache.is_empty());

    let mut lru: LruCache<_, _> = LruCache::new(2);
    assert_eq!((lru.push("a", 1), lru.push("b", 2), lru.push("b", 3)), (None, None, Some(("b", 2))));
    assert_eq!(lru.push("c", 4), Some(("a", 1)));
    *lru.get_or_insert_with("d", || 5).unwrap() += 1;
    assert_eq!((lru.peek("b"), lru.peek("d")), (None, Some(&6)));
    for (_, value) in &mut lru {
        *value *= 10;
    }
    lru.iter_mut().for_each(|(_, value)| *value += 1);
    assert_eq!((lru.keys().count(), lru.values().sum::<i32>()), (2, 41 + 61));
    lru.retain(|key, _| *key == "d");
    assert_eq!(lru.into_iter().collect::<Vec<_>>(), [("d", 61)]);

    let mut simple: SimpleCache<u8, u8> = SimpleCache::new(3);
    simple.insert(1, 2);
    assert_eq!(simple.get(&1), Some(&2));
}

#[test]
fn the_least_frequently_used_goes_first() {
    let mut lfu = LfuCache::new(2);
    lfu.extend([(1, "often"), (2, "once")]);
    lfu.get(&1);
    assert_eq!(lfu.put(3, "new"), None);
    assert!(lfu.contains(&1) && !lfu.contains(&2));
    assert_eq!(lfu.pop(), Some((3, "new")));
}

#[test]
fn a_hasher_of_ones_own() {
    let mut lru = LruCache::with_hasher(1, std::hash::RandomState::new());
    lru.put(1, 2);
    assert_eq!(lru.into_cache().get(&1), Some(&2));
}

/// A few thousand accesses of the kind that policies tell apart: some keys often, scans, a loop.
fn trace() -> impl Iterator<Item = u64> {
    let mut seed = 7_u64;
    (0..if cfg!(miri) { 300 } else { 6_000 }).map(move |at: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        match at % 500 {
            0..250 => seed % (1 + seed % 60),
            250..350 => 1_000 + at,
            _ => at % 40,
        }
    })
}

/// What was found of a trace, with removals and another capacity in between.
fn found<P: Policy>(policy: P) -> (Vec<bool>, CacheStats) {
    let mut cache = Cache::builder()
        .capacity(25)
        .policy(policy)
        .hasher(foldless())
        .weigher(|key: &u64, _: &u64| 1 + u32::from(key.is_multiple_of(11)))
        .build();
    let found = trace()
        .enumerate()
        .map(|(at, key)| {
            match at % 1_500 {
                1_499 => cache.clear(),
                700 => cache.resize(13),
                900 => cache.resize(25),
                _ => {}
            }
            if at % 17 == 0 {
                cache.remove(&(key / 2));
            }
            let hit = cache.get(&key).is_some();
            if !hit || at % 13 == 0 {
                cache.insert(key, key);
            }
            assert!(cache.weight() <= cache.capacity());
            hit
        })
        .collect();
    (found, cache.stats())
}

/// The same hashes each time, so that policies which remember hashes do the same.
fn foldless() -> std::hash::BuildHasherDefault<std::hash::DefaultHasher> {
    std::hash::BuildHasherDefault::default()
}

#[test]
fn a_policy_chosen_at_run_time_does_what_the_policy_does() {
    assert_eq!(found(AnyPolicy::from(Lru)), found(Lru));
    assert_eq!(found(AnyPolicy::from(Fifo)), found(Fifo));
    assert_eq!(found(AnyPolicy::from(S3Fifo)), found(S3Fifo));
    assert_eq!(found(AnyPolicy::from(Elastic)), found(Elastic));
    assert_eq!(found(AnyPolicy::from(WTinyLfu::default())), found(WTinyLfu::default()));
    assert_eq!(found(AnyPolicy::from(Lfu)), found(Lfu));
    assert_eq!(found(AnyPolicy::from(Sieve)), found(Sieve));
    assert_eq!(found(AnyPolicy::from(Random::new(3))), found(Random::new(3)));
    assert_eq!(found(AnyPolicy::from(Adaptive)), found(Adaptive));
    assert_ne!(found(AnyPolicy::from(Lru)).0, found(AnyPolicy::from(Fifo)).0, "they differ");
}

#[test]
fn a_policy_by_its_name_is_that_policy() {
    assert_eq!(found(EvictionPolicy::LRU), found(Lru));
    assert_eq!(found(EvictionPolicy::FIFO), found(Fifo));
    assert_eq!(found(EvictionPolicy::LFU), found(Lfu));
    assert_eq!(found(EvictionPolicy::Random), found(Random::default()));
    assert_eq!(found(EvictionPolicy::Adaptive), found(Adaptive));
    let long = Duration::from_secs(100_000);
    assert_eq!(found(EvictionPolicy::TTL(long)), found(Fifo));
}

#[test]
fn what_has_a_time_to_live_expires() {
    let clock = ManualClock::new();
    let five = Duration::from_secs(5);
    let policy = Ttl::from(EvictionPolicy::TTL(five)).with_clock(clock.clone());
    let forever = Ttl::from(EvictionPolicy::LRU).with_clock(clock.clone());
    let mut timed = Cache::builder().capacity(10).policy(policy).build();
    let mut other = Cache::builder().capacity(10).policy(forever).build();
    timed.insert(1, 1);
    other.insert(1, 1);
    clock.advance(Duration::from_nanos(4_999_999_999));
    assert!(timed.contains(&1));
    clock.advance(Duration::from_nanos(1));
    assert!(timed.get(&1).is_none());
    clock.advance(Duration::from_secs(1 << 33));
    assert!(other.contains(&1), "nothing else does");

    // And with the clock of the machine: what has no time at all is never served.
    let mut none = Cache::builder().capacity(10).policy(EvictionPolicy::TTL(Duration::ZERO)).build();
    none.insert(1, 1);
    assert_eq!(none.get(&1), None);
}

/// Remembers what it is told, and chooses by it.
#[derive(Debug, Default)]
struct Script {
    told: Vec<(u32, u64)>,
    left: Vec<u32>,
    chosen: Option<u32>,
}

impl EvictionStrategy<u32, String> for Script {
    fn on_access(&mut self, entry: &mut EvictionEntry<u32, String>) {
        assert!(entry.value != "panic", "as asked");
        self.told.push((entry.key, entry.access_count));
        // Nothing but a lie.
        entry.size = 1_000_000;
        entry.key = 77;
    }

    fn choose_victim(&self) -> Option<u32> {
        self.chosen
    }

    fn on_remove(&mut self, entry: &EvictionEntry<u32, String>) {
        self.left.push(u32::try_from(entry.value.len()).unwrap());
    }
}

#[test]
fn a_strategy_is_told_and_asked() {
    let mut cache = StrategyCache::new(2, Script::default());
    cache.insert(1, "x".to_string());
    cache.insert(2, "xx".to_string());
    assert_eq!(cache.get(&1).map(String::as_str), Some("x"));
    assert_eq!(cache.get(&9), None);
    assert_eq!(cache.strategy().told, [(1, 1), (2, 1), (77, 2)]);
    cache.strategy_mut().chosen = Some(1);
    cache.insert(3, "xxx".to_string());
    assert!(!cache.contains(&1) && cache.contains(&2) && cache.contains(&3));
    assert_eq!(cache.wrong_choices(), 0);
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.evictions, stats.size, stats.capacity), (1, 1, 1, 2, 2));
}

#[test]
fn a_strategy_that_is_wrong_costs_hits_and_nothing_else() {
    for chosen in [None, Some(99), Some(3)] {
        let mut cache = StrategyCache::new(2, Script { chosen, ..Script::default() });
        cache.insert(1, "x".to_string());
        cache.insert(2, "xx".to_string());
        cache.get(&1);
        cache.insert(3, "xxx".to_string());
        assert!(cache.contains(&1) && !cache.contains(&2), "the least recently used goes");
        assert_eq!((cache.wrong_choices(), cache.len()), (1, 2));
        assert_eq!(cache.strategy().left, [2]);
    }
}

#[test]
fn a_strategy_that_panics_leaves_a_cache() {
    let mut cache = StrategyCache::new(2, Script::default());
    cache.insert(1, "x".to_string());
    let panicked = catch_unwind(AssertUnwindSafe(|| cache.insert(2, "panic".to_string())));
    assert!(panicked.is_err());
    assert_eq!((cache.len(), cache.contains(&2)), (1, false));
    cache.get_mut(&1).unwrap().replace_range(.., "panic");
    assert!(catch_unwind(AssertUnwindSafe(|| cache.get(&1).is_some())).is_err());
    assert_eq!(cache.remove(&1).as_deref(), Some("panic"));
    assert!(cache.is_empty());
}

#[test]
fn sizes_are_respected_whatever_the_strategy_says() {
    let size = |_: &u32, text: &String| text.len();
    let mut cache = StrategyCache::with_sizes(10, Script::default(), size);
    cache.insert(1, "1234".to_string());
    cache.insert(2, "12345".to_string());
    assert_eq!((cache.size(), cache.capacity()), (9, 10));
    assert_eq!(cache.insert(1, "123456".to_string()).as_deref(), Some("1234"));
    assert_eq!((cache.size(), cache.len()), (6, 1));
    assert_eq!(cache.peek(&1).map(|entry| entry.access_count), Some(2));
    assert_eq!(cache.insert(1, "much too long".to_string()).as_deref(), Some("123456"));
    assert!(cache.is_empty() && cache.size() == 0);
    cache.insert(3, String::new());
    assert_eq!((cache.size(), cache.iter().count()), (1, 1));
    cache.clear();
    assert!(cache.is_empty());
    assert!(format!("{cache:?}").contains("StrategyCache"));
}

#[test]
fn the_strategy_is_told_of_what_is_not_kept() {
    let mut cache = StrategyCache::new(10, Fewest::default());
    cache.extend((0..10).map(|n| (n, u16::from(n))));
    let mut copy = cache.clone();
    cache.retain(|key, value| {
        *value += 1;
        key % 2 == 0
    });
    assert_eq!(
        (cache.len(), cache.strategy().0.len(), cache.peek(&4).map(|entry| entry.value)),
        (5, 5, Some(5))
    );
    cache.extend((20..26).map(|n| (n, 0)));
    assert_eq!((cache.len(), cache.contains(&0), cache.wrong_choices()), (10, false, 0));
    assert_eq!((copy.len(), copy.strategy().0.len(), copy.remove(&1)), (10, 10, Some(1)));
}

/// The one that was used the fewest times, the oldest among those.
#[derive(Clone, Default)]
struct Fewest(BTreeMap<u8, (u64, u64)>, u64);

impl EvictionStrategy<u8, u16> for Fewest {
    fn on_access(&mut self, entry: &mut EvictionEntry<u8, u16>) {
        self.1 += 1;
        self.0.insert(entry.key, (entry.access_count, self.1));
    }

    fn choose_victim(&self) -> Option<u8> {
        self.0.iter().min_by_key(|(_, rank)| **rank).map(|(key, _)| *key)
    }

    fn on_remove(&mut self, entry: &EvictionEntry<u8, u16>) {
        self.0.remove(&entry.key);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_least_frequently_used_cache_by_strategy(
        capacity in 0..5_usize,
        steps in prop::collection::vec((0..3_u8, 0..8_u8, any::<u16>()), 1..80),
    ) {
        let mut cache = StrategyCache::new(capacity, Fewest::default());
        let mut model: BTreeMap<u8, (u64, u64, u16)> = BTreeMap::new();
        for (time, (what, key, value)) in (0..).zip(steps) {
            match what {
                0 => {
                    let old = model.remove(&key);
                    prop_assert_eq!(cache.insert(key, value), old.map(|old| old.2));
                    if capacity > 0 {
                        if model.len() == capacity {
                            let least = model.iter().min_by_key(|(_, rank)| (rank.0, rank.1)).map(|(key, _)| *key);
                            model.remove(&least.unwrap());
                        }
                        model.insert(key, (old.map_or(1, |old| old.0 + 1), time, value));
                    }
                }
                1 => {
                    let there = model.get_mut(&key).map(|entry| {
                        (entry.0, entry.1) = (entry.0 + 1, time);
                        &mut entry.2
                    });
                    prop_assert_eq!(cache.get(&key), there.as_deref());
                }
                _ => prop_assert_eq!(cache.remove(&key), model.remove(&key).map(|entry| entry.2)),
            }
            prop_assert_eq!(cache.len(), model.len());
            prop_assert!(model.keys().all(|key| cache.contains(key)));
            prop_assert_eq!(cache.wrong_choices(), 0);
        }
    }

    #[test]
    fn the_least_recently_used_leaves(
        capacity in 0..6_usize,
        steps in prop::collection::vec((0..5_u8, 0..10_u8, any::<u16>()), 1..100),
    ) {
        let mut cache = LruCache::new(capacity);
        // The last used at the end.
        let mut model: Vec<(u8, u16)> = Vec::new();
        for (what, key, value) in steps {
            let at = model.iter().position(|entry| entry.0 == key);
            match what {
                0 | 1 => {
                    let old = at.map(|at| model.remove(at).1);
                    model.push((key, value));
                    if model.len() > capacity {
                        model.remove(0);
                    }
                    prop_assert_eq!(cache.put(key, value), old);
                }
                2 => {
                    if let Some(at) = at {
                        let entry = model.remove(at);
                        model.push(entry);
                    }
                    prop_assert_eq!(cache.get(&key), at.and(model.last()).map(|entry| &entry.1));
                }
                3 => prop_assert_eq!(cache.remove(&key), at.map(|at| model.remove(at).1)),
                _ => prop_assert_eq!(cache.pop(), (!model.is_empty()).then(|| model.remove(0))),
            }
            prop_assert_eq!(cache.len(), model.len());
        }
    }
}
