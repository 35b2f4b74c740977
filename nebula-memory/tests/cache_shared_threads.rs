//! What a shared cache keeps to when many threads use it.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Barrier, LazyLock};
use std::thread;

use nebula_memory::cache::policy::{
    Adaptive, Elastic, Fifo, Lfu, Lru, Policy, Random as ByChance, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, DefaultHashBuilder, NoListener, SharedCache, UnitWeight, Weigher};
use support::stress::Random;

/// So many rounds, or what Miri can do in some seconds: it sees a race though the threads do not meet there.
const fn rounds(normally: u64, miri: u64) -> u64 {
    if cfg!(miri) { miri } else { normally }
}

/// Threads that do all there is to do, and one that looks how much there is.
fn watched(cache: &(impl Work + Sync), capacity: usize) {
    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                let (len, weight) = cache.size();
                assert!(len <= capacity && weight <= capacity, "{len} of weight {weight} in {capacity}");
                most = most.max(weight);
            }
            assert!(cfg!(miri) || most > capacity / 2);
        });
        let workers: Vec<_> = (1..=3)
            .map(|seed| {
                threads.spawn(move || {
                    let mut random = Random(seed * 0x9E37_79B9);
                    for _ in 0..rounds(30_000, 100) {
                        cache.work(&mut random);
                    }
                })
            })
            .collect();
        let failed = workers.into_iter().any(|worker| worker.join().is_err());
        done.store(true, Ordering::Relaxed);
        assert!(!failed);
    });
}

trait Work {
    fn work(&self, random: &mut Random);
    fn size(&self) -> (usize, usize);
}

struct Entries<P: Policy, W = UnitWeight>(SharedCache<u64, String, P, DefaultHashBuilder, W, NoListener>);

impl<P: Policy<Ranking: Send> + Sync, W: Weigher<u64, String> + Sync> Work for Entries<P, W> {
    fn work(&self, random: &mut Random) {
        let cache = &self.0;
        let key = random.next(300).min(random.next(300));
        match random.next(20) {
            0..8 => assert!(cache.get(&key).is_none_or(|value| value == key.to_string())),
            8..14 => cache.insert(key, key.to_string()),
            14 => assert!(cache.replace(key, key.to_string()).is_none_or(|value| value == key.to_string())),
            15 => assert!(cache.remove(&key).is_none_or(|value| value == key.to_string())),
            16 => assert_eq!(cache.get_or_insert_with(key, || key.to_string()), key.to_string()),
            17 => assert!(cache.compute(key, |_| Some(key.to_string()))),
            18 => drop(cache.read(&key, |value| {
                cache.insert(key + 1, (key + 1).to_string());
                assert_eq!(*value, key.to_string());
            })),
            _ if random.next(100) == 0 => cache.retain(|key, value| {
                assert_eq!(*value, key.to_string());
                key % 3 != 0
            }),
            _ => drop(cache.peek(&key)),
        }
    }

    fn size(&self) -> (usize, usize) {
        (self.0.len(), self.0.weight())
    }
}

#[test]
fn entries_never_exceed_the_capacity() {
    watched(&Entries(Cache::builder().capacity(100).policy(S3Fifo).shards(2).build_shared()), 100);
    watched(&Entries(Cache::builder().capacity(100).policy(Lru).shards(1).build_shared()), 100);
    watched(&Entries(Cache::builder().capacity(10).policy(Fifo).shards(3).build_shared()), 10);
    let one = || Cache::builder().capacity(60).shards(1);
    watched(&Entries(one().policy(Lfu).build_shared()), 60);
    watched(&Entries(one().policy(ByChance::default()).build_shared()), 60);
    watched(&Entries(one().policy(Sieve).build_shared()), 60);
    watched(&Entries(one().policy(WTinyLfu::default()).build_shared()), 60);
    watched(&Entries(one().policy(Adaptive).build_shared()), 60);
}

#[test]
fn weights_never_exceed_the_capacity() {
    let turn = AtomicUsize::new(0);
    // One value after another of the same key weighs more or less.
    let weigher = |_: &u64, _: &String| u32::try_from(turn.fetch_add(7, Ordering::Relaxed) % 9).unwrap();
    let one = || Cache::builder().capacity(200).weigher(weigher).shards(1);
    watched(&Entries(one().policy(S3Fifo).build_shared()), 200);
    watched(&Entries(one().policy(Elastic).build_shared()), 200);
    watched(&Entries(one().policy(Lru).build_shared()), 200);
    watched(&Entries(one().policy(WTinyLfu::default()).build_shared()), 200);
    watched(&Entries(one().policy(Adaptive).build_shared()), 200);
}

#[test]
fn entries_are_as_many_as_are_counted() {
    let cache = Cache::builder().capacity(50).policy(Lru).shards(2).build_shared();
    let cache = Entries(cache);
    watched(&cache, 50);
    assert_eq!(cache.0.snapshot().len(), cache.0.len());
    cache.0.clear();
    assert!(cache.0.is_empty() && cache.0.snapshot().is_empty());
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);
static MOST_ALIVE: AtomicUsize = AtomicUsize::new(0);

/// Finds out when it is used after it was dropped, and counts how many there are.
struct Alive(Box<u64>, AtomicBool);

impl Alive {
    fn new(value: u64) -> Self {
        MOST_ALIVE.fetch_max(ALIVE.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        Self(Box::new(value), AtomicBool::new(true))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        assert!(self.1.swap(false, Ordering::Relaxed));
        *self.0 = u64::MAX;
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn what_is_read_is_there_and_all_is_dropped_once() {
    let told = [const { AtomicUsize::new(0) }; 4];
    let listener = |key: &u64, value: &Alive, cause: Cause| {
        assert_eq!(*key, *value.0 % 1000);
        let cause = match cause {
            Cause::Capacity => 0,
            Cause::Replaced => 1,
            Cause::Removed => 2,
            _ => 3,
        };
        told[cause].fetch_add(1, Ordering::Relaxed);
    };
    let came = AtomicUsize::new(0);
    let cache = Cache::builder().capacity(64).policy(Lru).shards(1).listener(listener).build_shared();
    thread::scope(|threads| {
        for seed in 1..=4 {
            let (cache, came) = (&cache, &came);
            threads.spawn(move || {
                let mut random = Random(seed * 0x9E37_79B9);
                for _ in 0..rounds(20_000, 200) {
                    let key = random.next(200);
                    match random.next(8) {
                        0..4 => {
                            cache.read(&key, |value| {
                                assert!(value.1.load(Ordering::Relaxed));
                                assert_eq!(*value.0 % 1000, key);
                                if key.is_multiple_of(16) {
                                    thread::yield_now();
                                }
                                assert!(value.1.load(Ordering::Relaxed));
                                assert_eq!(*value.0 % 1000, key);
                            });
                        }
                        4 => drop(cache.invalidate(&key)),
                        _ => {
                            came.fetch_add(1, Ordering::Relaxed);
                            cache.insert(key, Alive::new(key + 1000 * random.next(1000)));
                        }
                    }
                }
            });
        }
    });
    let told: usize = told.iter().map(|count| count.load(Ordering::Relaxed)).sum();
    assert_eq!(told + cache.len(), came.load(Ordering::Relaxed), "each that left was told of once");
    // Besides those that are there: as many as wait until a fence is paid for them; and for each thread the one that it brings, those
    // that it tells of and drops, and the one that it reads.
    let most = MOST_ALIVE.load(Ordering::Relaxed);
    assert!(most <= 64 + 64 + 4 * 4, "{most}");
    cache.reclaim();
    assert_eq!(ALIVE.load(Ordering::Relaxed), cache.len());
    drop(cache);
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
}

#[test]
fn what_is_counted_is_exact() {
    const ROUNDS: u64 = rounds(10_000, 60);
    let cache = Cache::builder().capacity(100).policy(S3Fifo).counted().build_shared();
    thread::scope(|threads| {
        for seed in 1..=4 {
            let cache = &cache;
            threads.spawn(move || {
                let mut random = Random(seed * 0x9E37_79B9);
                for _ in 0..ROUNDS {
                    cache.get(&random.next(300));
                    cache.insert(random.next(300), ());
                }
            });
        }
    });
    let stats = cache.stats();
    assert_eq!(stats.hits + stats.misses, 4 * ROUNDS);
    assert_eq!(stats.insertions, 4 * ROUNDS);
    assert!(stats.evictions > 0 && stats.evictions <= stats.insertions - stats.size);
}

#[test]
fn all_get_the_first_of_several_computations() {
    for round in 0..rounds(200, 4) {
        let (cache, together) = (SharedCache::<u64, u32>::new(10), Barrier::new(3));
        let values: Vec<u32> = thread::scope(|threads| {
            let compute = |value| {
                let (cache, together) = (&cache, &together);
                let slowly = move || {
                    // Nobody is done before all have begun.
                    together.wait();
                    value
                };
                threads.spawn(move || cache.get_or_insert_with(round, slowly))
            };
            let threads = [compute(1), compute(2), compute(3)];
            threads.map(|thread| thread.join().unwrap()).to_vec()
        });
        assert!(values.iter().all(|&value| Some(value) == cache.get(&round)), "{values:?}");
    }
}

#[test]
fn changes_are_not_lost() {
    let cache = SharedCache::<u32, u64>::new(10);
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..rounds(5000, 50) {
                    assert!(cache.compute(1, |count| Some(count.map_or(1, |count| count + 1))));
                }
            });
        }
    });
    assert_eq!(cache.get(&1), Some(4 * rounds(5000, 50)));
}

#[test]
fn a_thread_that_is_ending_can_read() {
    struct Late(&'static SharedCache<u32, u32>);
    impl Drop for Late {
        fn drop(&mut self) {
            self.0.insert(1, 1);
            assert_eq!(self.0.get(&1), Some(1));
        }
    }
    thread_local!(static LATE: std::cell::OnceCell<Late> = const { std::cell::OnceCell::new() });
    static CACHE: LazyLock<SharedCache<u32, u32>> = LazyLock::new(|| SharedCache::new(10));
    let cache: &'static SharedCache<u32, u32> = &CACHE;
    let read = move || {
        LATE.with(|late| assert!(late.set(Late(cache)).is_ok()));
        cache.get(&1);
    };
    thread::spawn(read).join().unwrap();
    assert_eq!(cache.len(), 1);
}

#[test]
fn the_table_grows_while_it_is_read() {
    const KEYS: u64 = rounds(50_000, 300);
    // Weighed, so that nobody knows how many there will be.
    let cache = Cache::builder().capacity(1 << 20).weigher(|_: &u64, _: &u64| 1).shards(1).build_shared();
    let shown = AtomicUsize::new(0);
    thread::scope(|threads| {
        threads.spawn(|| {
            for key in 0..KEYS {
                cache.insert(key, key);
                shown.store(usize::try_from(key).unwrap(), Ordering::Release);
            }
        });
        for seed in 1..=2 {
            let (cache, shown) = (&cache, &shown);
            threads.spawn(move || {
                let mut random = Random(seed);
                loop {
                    let last = shown.load(Ordering::Acquire) as u64;
                    if last > 0 {
                        let key = random.next(last);
                        assert_eq!(cache.get(&key), Some(key), "of {last}");
                    }
                    if last == KEYS - 1 {
                        break;
                    }
                }
            });
        }
    });
}

#[test]
fn a_key_that_is_replaced_all_the_time_is_always_there() {
    let cache = SharedCache::<u32, u64>::new(10);
    cache.insert(1, 0);
    let done = AtomicBool::new(false);
    thread::scope(|threads| {
        threads.spawn(|| {
            for value in 1..rounds(100_000, 300) {
                cache.insert(1, value);
            }
            done.store(true, Ordering::Relaxed);
        });
        threads.spawn(|| {
            let mut last = 0;
            while !done.load(Ordering::Relaxed) {
                let now = cache.get(&1).expect("there is a value at any time");
                assert!(now >= last, "{now} after {last}");
                last = now;
            }
        });
    });
}
