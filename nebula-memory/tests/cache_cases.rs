//! What broke caches of others, one by one. The table is in `cases.rs`.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, Ttl};
use nebula_memory::cache::layers::{ComputeCache, Store};
use nebula_memory::cache::policy::{
    Adaptive, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, EvictionPolicy, SharedCache};
use proptest::prelude::*;
use support::cases;

const SECOND: Duration = Duration::from_secs(1);

thread_local! {
    /// How often keys were hashed and compared.
    static ASKED: Cell<u64> = const { Cell::new(0) };
}

fn asked() {
    ASKED.with(|asked| asked.set(asked.get() + 1));
}

/// A key that counts what is asked of it.
#[derive(Clone, Eq)]
struct Asked(u64);

impl Hash for Asked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        asked();
        self.0.hash(state);
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        asked();
        self.0 == other.0
    }
}

/// How many keys an insertion looks at that evicts, the dearest of some hundred, once the cache is full.
fn looks<P: Policy>(policy: P, capacity: u64) -> u64 {
    let cache = Cache::builder().capacity(usize::try_from(capacity).unwrap()).policy(policy).build_shared();
    let cache = ComputeCache::over(cache);
    for key in 0..2 * capacity {
        cache.get_or_compute(Asked(key), || key);
    }
    let compute = |key| {
        let before = ASKED.get();
        cache.get_or_compute(Asked(key), || key);
        ASKED.get() - before
    };
    (10 * capacity..10 * capacity + 200).map(compute).max().unwrap()
}

/// The same of all policies.
fn each(capacity: u64) -> [u64; 9] {
    [
        looks(Lru, capacity),
        looks(Lfu, capacity),
        looks(Fifo, capacity),
        looks(Random::new(1), capacity),
        looks(Sieve, capacity),
        looks(S3Fifo, capacity),
        looks(Elastic, capacity),
        looks(WTinyLfu::default(), capacity),
        looks(Adaptive, capacity),
    ]
}

/// Every policy is one of the caches', and what a call looks at does not depend on how many entries there are.
#[test]
fn c14_eviction_looks_at_few_entries() {
    let large = if cfg!(miri) { 300 } else { 20_000 };
    // A hash each for the look-up and the insertion, and now and then a key with the same bits of its hash.
    let small = each(30);
    let large = each(large);
    assert!(small.iter().chain(&large).all(|&looks| looks <= 12), "{small:?} {large:?}");
}

/// A cache with the keys 1 to `capacity`, by least recent use.
fn full(capacity: u32) -> ComputeCache<u32, u32, SharedCache<u32, u32, Lru>> {
    let shared = Cache::builder().capacity(capacity.try_into().unwrap()).policy(Lru).shards(1).build_shared();
    (1..=capacity).for_each(|key| shared.insert(key, key));
    ComputeCache::over(shared)
}

#[test]
fn c15_a_hit_is_a_use_and_evicts_nothing() {
    let cache = full(3);
    for _ in 0..10 {
        assert_eq!(cache.get_or_compute(1, || unreachable!("it is there")), 1);
        assert_eq!(cache.len(), 3);
    }
    cache.get_or_compute(4, || 4);
    assert!(cache.contains(&1) && !cache.contains(&2), "the hot key stays, the cold one goes");
    // A new value for a key that is there has a place already.
    cache.insert(1, 10);
    assert!([1, 3, 4].iter().all(|key| cache.contains(key)));
}

#[cfg(feature = "async")]
#[test]
fn c15_nor_does_a_hit_of_a_task() {
    use nebula_memory::cache::layers::AsyncCache;
    let shared = Cache::builder().capacity(2).policy(Lru).shards(1).build_shared();
    let cache = AsyncCache::over(shared);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        for key in [1, 2, 1, 3] {
            cache.get_or_compute(key, async || key).await;
        }
    });
    assert!(cache.contains(&1) && !cache.contains(&2) && cache.contains(&3));
}

#[test]
fn c16_a_failed_computation_costs_no_entry() {
    let cache = full(3);
    assert_eq!(cache.try_get_or_compute(9, || Err::<u32, _>("no")), Err("no"));
    assert!(catch_unwind(AssertUnwindSafe(|| cache.get_or_compute(9, || panic!("no")))).is_err());
    assert!((1..=3).all(|key| cache.peek(&key) == Some(key)) && cache.len() == 3 && !cache.contains(&9));
}

#[test]
fn c17_limits_hold_under_threads_and_counts_come_back() {
    let rounds = if cfg!(miri) { 60 } else { 20_000 };
    let cache: SharedCache<u64, u64> = SharedCache::new(16);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers = [0, 1].map(|part| {
            let cache = &cache;
            scope.spawn(move || {
                for round in 0..rounds {
                    cache.insert(round * 2 + part, round);
                    if round % 3 == 0 {
                        cache.remove(&(round * 2 + part));
                    }
                }
            })
        });
        let watcher = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let (len, weight) = (cache.len(), cache.weight());
                assert!(len <= 16 && weight <= 16, "{len} of 16");
                std::thread::yield_now();
            }
        });
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
        watcher.join().unwrap();
    });
    let there = cache.snapshot();
    assert_eq!(there.len(), cache.len());
    for (key, value) in there {
        assert_eq!(cache.remove(&key), Some(value));
    }
    assert_eq!((cache.len(), cache.weight()), (0, 0));
}

/// A value that comes in for one that has expired is not taken for it.
#[test]
fn c17_c18_what_has_expired_takes_no_fresh_value_with_it() {
    let clock = ManualClock::new();
    let policy = Ttl::new(Lru, SECOND * 10).with_clock(clock.clone());
    let mut alone = Cache::builder().capacity(2).policy(policy.clone()).build();
    let shared = Cache::builder().capacity(2).policy(policy).shards(1).build_shared();

    // Evicted, and back again: the first time of 1 is over at 10, the second at 15.
    for key in [1, 2, 3] {
        alone.insert(key, "old");
        shared.insert(key, "old");
    }
    assert!(!alone.contains(&1) && !shared.contains(&1));
    clock.advance(SECOND * 5);
    alone.insert(1, "new");
    shared.insert(1, "new");
    clock.advance(SECOND * 5);
    assert_eq!((alone.get(&3), shared.get(&3)), (None, None), "nobody has swept");
    assert_eq!((alone.get(&1), shared.get(&1)), (Some(&"new"), Some("new")));
    alone.remove_expired();
    shared.remove_expired();
    assert_eq!((alone.get(&1), shared.get(&1)), (Some(&"new"), Some("new")));

    // Replaced just when it was over, and collected afterwards.
    clock.advance(SECOND * 5);
    assert_eq!((alone.peek(&1), shared.peek(&1)), (None, None));
    alone.insert(1, "third");
    shared.insert(1, "third");
    (10..20).for_each(|key| {
        alone.remove(&key);
        shared.remove(&key);
    });
    alone.remove_expired();
    shared.remove_expired();
    assert_eq!((alone.get(&1), shared.get(&1)), (Some(&"third"), Some("third")));
}

/// There is no thread that a cache would have to wake, or wait for: it goes with all its deadlines ahead.
#[test]
fn c19_dropping_a_cache_waits_for_nothing() {
    let drops = Arc::new(());
    for _ in 0..if cfg!(miri) { 3 } else { 300 } {
        let policy = Ttl::new(S3Fifo, SECOND * 1_000_000);
        let cache = Cache::builder().capacity(100).policy(policy).build_shared();
        (0..50).for_each(|key| cache.insert(key, Arc::clone(&drops)));
    }
    assert_eq!(Arc::strong_count(&drops), 1);
}

#[test]
fn c20_the_seed_decides() {
    let victims = |policy: Random| {
        let mut cache = Cache::builder().capacity(20).policy(policy).build();
        let push = |key: u32| cache.push(key, ()).map(|(key, ())| key);
        (0..200).filter_map(push).collect::<Vec<_>>()
    };
    assert_eq!(victims(Random::new(42)), victims(Random::new(42)));
    assert_ne!(victims(Random::new(42)), victims(Random::new(43)));
    let mut named = Cache::builder().capacity(20).policy(EvictionPolicy::Random).build();
    let by_name: Vec<_> = (0..200_u32).filter_map(|key| named.push(key, ())).map(|(key, ())| key).collect();
    assert_eq!(by_name, victims(Random::default()));
}

#[test]
fn c21_parts_are_used_alike_and_nothing_is_locked_while_it_is_computed() {
    let keys = if cfg!(miri) { 200 } else { 8_000_u64 };
    let room = usize::try_from(keys).unwrap() * 2;
    let cache: SharedCache<u64, u64> = Cache::builder().capacity(room).shards(16).build_shared();
    (0..keys).for_each(|key| cache.insert(key << 20, key));
    assert_eq!(cache.len() as u64, keys, "no part is full when all together are half full");

    // The same key, another one, and another thread, from inside of a computation.
    let value = cache.get_or_insert_with(1, || {
        std::thread::scope(|scope| {
            scope.spawn(|| cache.insert(2, 20));
            scope.spawn(|| assert_eq!(cache.get(&1), None));
        });
        cache.get_or_insert_with(1, || 10) + cache.get(&2).unwrap()
    });
    assert_eq!((value, cache.get(&1)), (10, Some(10)), "the first that was there");
}

#[cfg(feature = "compression")]
#[test]
fn c22_what_goes_down_is_kept_and_comes_back() {
    use nebula_memory::cache::TieredCache;
    let tiers: TieredCache<u32, String> = TieredCache::builder().first(10).second(1 << 20).build();
    let text = |key: u32| format!("value {key} ").repeat(20);
    let keys = if cfg!(miri) { 60 } else { 1_000 };
    (0..keys).for_each(|key| tiers.insert(key, text(key)));
    assert_eq!((tiers.len() as u64, tiers.stats().packed), (u64::from(keys), u64::from(keys) - 10));
    assert!((0..keys).all(|key| tiers.get(&key) == Some(text(key))), "nothing is lost on the way");
    assert_eq!((tiers.stats().corrupt, tiers.stats().unpackable), (0, 0));

    // Nothing is remembered of keys that are not there: as full as before, by the byte.
    let full = tiers.stats().second;
    for round in 1..5 {
        (0..keys).for_each(|key| drop(tiers.remove(&key)));
        assert_eq!((tiers.len(), tiers.stats().first.size, tiers.stats().second.size), (0, 0, 0));
        (0..keys).for_each(|key| tiers.insert(key, text(key)));
        assert_eq!(tiers.stats().second.size.abs_diff(full.size) / u64::from(keys), 0, "round {round}");
    }
}

/// Changes that depend on what was there happen one after the other.
#[test]
fn living_no_update_is_lost() {
    let rounds = if cfg!(miri) { 30 } else { 5_000 };
    let cache: SharedCache<u8, u64> = SharedCache::new(100);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    cache.compute(7, |before| {
                        let after = before.map_or(1, |before| before + 1);
                        if after % 8 == 0 {
                            // Others change it meanwhile.
                            std::thread::yield_now();
                        }
                        Some(after)
                    });
                }
            });
        }
    });
    assert_eq!(cache.get(&7), Some(3 * rounds));
}

/// All keys have the same hash.
#[derive(Default)]
struct One;

impl Hasher for One {
    fn finish(&self) -> u64 {
        1
    }

    fn write(&mut self, _: &[u8]) {}
}

#[test]
fn living_a_collision_gives_no_value_of_another_key() {
    let hasher = BuildHasherDefault::<One>::default;
    let mut alone = Cache::builder().capacity(50).policy(Lru).hasher(hasher()).build();
    let shared = Cache::builder().capacity(50).policy(Lru).hasher(hasher()).shards(1).build_shared();
    for key in 0..40 {
        alone.insert(key, key * 2);
        shared.insert(key, key * 2);
    }
    for key in 0..60 {
        let expected = (key < 40).then_some(key * 2);
        assert_eq!((alone.get(&key).copied(), shared.get(&key)), (expected, expected));
        let hash = alone.cache_hash(&key);
        assert_eq!(alone.get_by_hash(hash, |other| *other == key).copied(), expected);
        assert_eq!(shared.get_by_hash(shared.cache_hash(&key), |other| *other == key), expected);
    }
    assert_eq!(alone.get_by_hash(1, |_| false), None);
    #[cfg(feature = "compression")]
    {
        let tiers =
            nebula_memory::cache::TieredCache::builder().first(3).second(9_999).hasher(hasher()).build();
        (0..20).for_each(|key| tiers.insert(key, key.to_string()));
        assert!((0..25).all(|key| tiers.get(&key) == (key < 20).then(|| key.to_string())));
    }
}

/// SIEVE as it is written down: a queue, a hand, a mark each.
#[derive(Default)]
struct Hand {
    /// The oldest in front.
    queue: VecDeque<(u8, bool)>,
    hand: usize,
}

impl Hand {
    fn access(&mut self, key: u8, capacity: usize) -> bool {
        if let Some(entry) = self.queue.iter_mut().find(|entry| entry.0 == key) {
            entry.1 = true;
            return true;
        }
        if self.queue.len() == capacity {
            loop {
                if self.hand >= self.queue.len() {
                    self.hand = 0;
                }
                if !std::mem::take(&mut self.queue[self.hand].1) {
                    break;
                }
                self.hand += 1;
            }
            self.take(self.hand);
        }
        self.queue.push_back((key, false));
        false
    }

    fn remove(&mut self, key: u8) {
        if let Some(at) = self.queue.iter().position(|entry| entry.0 == key) {
            // The hand stays at the entry that it is at.
            self.hand -= usize::from(at < self.hand);
            self.take(at);
        }
    }

    /// From the newest the hand goes back to the oldest at once: not to whoever comes in next.
    fn take(&mut self, at: usize) {
        self.queue.remove(at);
        if self.hand == self.queue.len() {
            self.hand = 0;
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn living_removals_leave_the_order_of_sieve(
        capacity in 1..8_usize,
        steps in prop::collection::vec((0..5_u8, 0..14_u8), 1..120),
    ) {
        let mut cache = Cache::builder().capacity(capacity).policy(Sieve).build();
        let mut model = Hand::default();
        for (what, key) in steps {
            if what == 0 {
                cache.remove(&key);
                model.remove(key);
            } else {
                let hit = cache.get(&key).is_some();
                if !hit {
                    cache.insert(key, ());
                }
                prop_assert_eq!(hit, model.access(key, capacity));
            }
            let there: HashSet<_> = cache.keys().copied().collect();
            prop_assert_eq!(there, model.queue.iter().map(|entry| entry.0).collect::<HashSet<_>>());
        }
    }

    /// Loads of threads that overlap with insertions and removals, in the order in which they really happened: what was put in
    /// last, or taken out, decides.
    #[test]
    fn living_an_old_load_does_not_outlive_what_came_after(during in prop::collection::vec((any::<bool>(), any::<u8>()), 0..6)) {
        let cache = ComputeCache::<u8, u8>::new(10).with_deduplication();
        let mut last = None;
        cache.get_or_compute(1, || {
            for &(puts, value) in &during {
                if puts {
                    cache.insert(1, value);
                } else {
                    cache.remove(&1);
                }
                last = Some(puts.then_some(value));
            }
            77
        });
        prop_assert_eq!(cache.get(&1), last.unwrap_or(Some(77)));
    }
}

/// What layers ask of a cache is one step: of those that put in a new key at once, one does.
#[test]
fn living_one_of_many_puts_it_in() {
    let cache: SharedCache<u32, u32> = SharedCache::new(1_000);
    let rounds = if cfg!(miri) { 10 } else { 500 };
    let together = &Barrier::new(3);
    let won = std::thread::scope(|scope| {
        let threads = [0, 1, 2].map(|thread| {
            let cache = &cache;
            scope.spawn(move || {
                let puts = |key: &u32| {
                    together.wait();
                    cache.insert_new(*key, thread, || true).is_none()
                };
                (0..rounds).filter(puts).count()
            })
        });
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(won.iter().sum::<usize>(), rounds as usize);
    let of: BTreeMap<u32, usize> = (0..rounds).fold(BTreeMap::new(), |mut of, key| {
        *of.entry(cache.get(&key).unwrap()).or_default() += 1;
        of
    });
    assert!((0..3).all(|thread| of.get(&thread).copied().unwrap_or(0) == won[thread as usize]));
}
