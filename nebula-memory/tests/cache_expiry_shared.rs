//! Shared caches whose entries expire, are pinned, or are paid for: as those of one owner, and with threads.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{Lru, Policy, Random, S3Fifo};
use nebula_memory::cache::{Cache, Cause, Pinnable, SharedCache};
use nebula_memory::{Budget, BudgetUsage, Local, Shared};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The last moment before.
fn before(time: Duration) -> Duration {
    time.saturating_sub(Duration::from_nanos(1))
}

fn cache<P: Policy>(capacity: usize, policy: P) -> SharedCache<u32, u32, P> {
    Cache::builder().capacity(capacity).policy(policy).shards(1).build_shared()
}

type Aged = SharedCache<u32, u32, Ttl<Lru, ManualClock>>;
/// Whether it is seen.
type Look = fn(&Aged) -> bool;

#[test]
fn no_look_up_serves_what_is_over() {
    let clock = ManualClock::new();
    let looks: [(&str, Look); 12] = [
        ("get", |cache| cache.get(&1).is_some()),
        ("read", |cache| cache.read(&1, |_| ()).is_some()),
        ("peek", |cache| cache.peek(&1).is_some()),
        ("contains", |cache| cache.contains(&1)),
        ("remove", |cache| cache.remove(&1).is_some()),
        ("invalidate", |cache| cache.invalidate(&1)),
        ("replace", |cache| cache.replace(1, 2).is_some()),
        ("get_or_insert_with", |cache| cache.get_or_insert_with(1, || 2) == 1),
        ("compute", |cache| {
            let mut seen = false;
            cache.compute(1, |value| {
                seen = value.is_some();
                None
            });
            seen
        }),
        ("snapshot", |cache| !cache.snapshot().is_empty()),
        ("invalidate_if", |cache| cache.invalidate_if(|_, _| true) != 0),
        ("time_left", |cache| cache.time_left(&1).is_some()),
    ];
    for (name, look) in looks {
        for (now, seen) in [(before(secs(110)), true), (secs(110), false)] {
            clock.set(secs(100));
            let cache = cache(10, Ttl::new(Lru, secs(10)).with_clock(clock.clone()));
            cache.insert(1, 1);
            clock.set(now);
            assert_eq!(look(&cache), seen, "{name} at {now:?}");
        }
    }
}

#[test]
fn all_times_count() {
    let clock = ManualClock::new();
    let policy =
        Tti::new(PerEntryTtl::new(S3Fifo).with_clock(clock.clone()), secs(7)).with_clock(clock.clone());
    let cache = cache(10, policy);
    cache.insert_for(1, 1, secs(5));
    cache.insert_for(2, 2, secs(50));
    cache.insert(3, 3);
    cache.insert_for(4, 4, Duration::ZERO);
    assert_eq!(cache.get(&4), None);
    clock.set(secs(4));
    assert_eq!([1, 2, 3].map(|key| cache.time_left(&key)), [Some(secs(1)), Some(secs(3)), Some(secs(3))]);
    assert_eq!(cache.get(&2), Some(2));
    clock.set(secs(5));
    assert_eq!([1, 2, 3].map(|key| cache.peek(&key)), [None, Some(2), Some(3)]);
    cache.insert_for(2, 20, secs(1));
    clock.set(secs(6));
    assert_eq!(cache.get(&2), None);
    clock.set(secs(7));
    assert_eq!(cache.get(&3), None);
    cache.remove_expired();
    assert_eq!(cache.len(), 0);
}

#[test]
fn a_new_value_has_all_its_time() {
    let clock = ManualClock::new();
    let cache = cache(2, Ttl::new(Lru, secs(10)).with_clock(clock.clone()));
    let fresh_at_eight: [fn(&Aged); 4] = [
        |cache| cache.insert(1, 2),
        |cache| {
            cache.invalidate(&1);
            cache.insert(1, 2);
        },
        |cache| {
            // It is evicted, and comes again.
            cache.insert(5, 5);
            cache.insert(6, 6);
            cache.insert(1, 2);
        },
        |cache| {
            cache.clear();
            cache.insert(1, 2);
        },
    ];
    for (round, renew) in (0..).zip(fresh_at_eight) {
        let start = secs(round * 1000);
        clock.set(start);
        cache.insert(1, 1);
        clock.set(start + secs(8));
        renew(&cache);
        clock.set(start + secs(10));
        cache.insert(7, 7);
        clock.set(before(start + secs(18)));
        assert_eq!(cache.get(&1), Some(2), "round {round}");
        clock.set(start + secs(18));
        assert_eq!(cache.get(&1), None, "round {round}");
    }
}

#[test]
fn what_is_over_is_told_of_once_and_leaves_first() {
    let (clock, told) = (ManualClock::new(), Mutex::new(Vec::new()));
    let cache = Cache::builder()
        .capacity(4)
        .policy(PerEntryTtl::new(Lru).with_clock(clock.clone()))
        .shards(1)
        .listener(|key: &u32, value: &u32, cause| told.lock().unwrap().push((*key, *value, cause)))
        .build_shared();
    for key in 1..4 {
        cache.insert(key, key);
    }
    cache.insert_for(4, 4, secs(1));
    assert!(cache.get(&4).is_some());
    clock.set(secs(2));
    cache.insert(5, 5);
    assert_eq!(*told.lock().unwrap(), [(4, 4, Cause::Expired)]);
    cache.insert_for(6, 6, secs(1));
    assert_eq!(told.lock().unwrap()[1..], [(1, 1, Cause::Capacity)]);
    clock.set(secs(3));
    cache.insert(6, 7);
    assert_eq!(told.lock().unwrap()[2..], [(6, 6, Cause::Expired)]);
    assert_eq!(cache.replace(6, 8), Some(7));
    assert_eq!(told.lock().unwrap()[3..], [(6, 7, Cause::Replaced)]);
}

/// A clock that does not always work.
#[derive(Clone, Debug)]
struct Broken(Arc<AtomicU64>);

impl Clock for Broken {
    fn now(&self) -> Duration {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        assert_ne!(left, 1, "it stands still");
        secs(1)
    }
}

#[test]
fn a_clock_that_panics_ends_the_call_and_no_more() {
    type Timed = SharedCache<u32, u32, Pinnable<PerEntryTtl<Lru, Broken>>>;
    let calls: [fn(&Timed); 5] = [
        |cache| cache.insert(5, 5),
        |cache| cache.insert(1, 10),
        |cache| cache.insert_for(1, 10, secs(1)),
        |cache| {
            cache.get(&3);
        },
        |cache| {
            cache.remove(&2);
        },
    ];
    for asked in 1..6 {
        let left = Arc::new(AtomicU64::new(0));
        let policy = PerEntryTtl::new(Lru).or(secs(5)).with_clock(Broken(Arc::clone(&left)));
        let cache: Timed = cache(4, Pinnable::new(policy));
        for key in 1..5 {
            cache.insert(key, key);
        }
        cache.pin(&1);
        for (which, call) in (0..).zip(calls) {
            left.store(asked, Ordering::Relaxed);
            let panicked = catch_unwind(AssertUnwindSafe(|| call(&cache))).is_err();
            assert_eq!(panicked, left.load(Ordering::Relaxed) == 0);
            left.store(0, Ordering::Relaxed);
            // All that is there can leave, once.
            for key in 10..30 {
                cache.insert(key, key);
            }
            assert_eq!(cache.len(), 4);
            assert!((27..30).all(|key| cache.contains(&key)), "call {which}, asked {asked} times");
        }
    }
}

#[test]
fn what_a_clock_has_panicked_at_can_be_written_and_removed() {
    for asked in 1..10 {
        let left = Arc::new(AtomicU64::new(0));
        let policy = Ttl::new(Random::default(), secs(10)).with_clock(Broken(Arc::clone(&left)));
        let cache = cache(3, policy);
        for key in 0..3 {
            cache.insert(key, key);
        }
        for key in [0, 3] {
            left.store(asked, Ordering::Relaxed);
            let _ = catch_unwind(AssertUnwindSafe(|| cache.insert(key, 10)));
            left.store(0, Ordering::Relaxed);
            assert!(cache.len() <= 3);
            cache.insert(key, 11);
            assert_eq!(cache.get(&key), Some(11), "asked {asked} times");
        }
        for key in 0..4 {
            cache.invalidate(&key);
        }
        assert_eq!(cache.len(), 0, "asked {asked} times");
    }
}

#[test]
fn a_value_whose_time_is_not_known_is_not_served() {
    for asked in 1..10 {
        let left = Arc::new(AtomicU64::new(0));
        let policy = PerEntryTtl::new(Lru).with_clock(Broken(Arc::clone(&left)));
        let cache = cache(3, policy);
        left.store(asked, Ordering::Relaxed);
        let panicked = catch_unwind(AssertUnwindSafe(|| cache.insert_for(1, 1, secs(1)))).is_err();
        left.store(0, Ordering::Relaxed);
        assert!(!(panicked && cache.contains(&1)), "asked {asked} times");
    }
}

#[test]
fn what_a_refused_entry_has_put_away_is_not_counted() {
    let clock = ManualClock::new();
    let weigh = |_: &u32, weight: &u32| *weight;
    let policy = Ttl::new(Lru, secs(1)).with_clock(clock.clone());
    let cache = Cache::builder().capacity(10).policy(policy).weigher(weigh).build_shared();
    cache.insert(1, 1);
    cache.insert(2, 1);
    clock.advance(secs(10));
    assert!(cache.try_insert(3, 11).is_err());
    assert_eq!((cache.len(), cache.weight()), (cache.snapshot().len(), 0));

    let cache = Cache::builder().capacity(10).policy(Pinnable::new(Lru)).weigher(weigh).build_shared();
    cache.insert(1, 5);
    cache.pin(&1);
    cache.insert(2, 2);
    cache.insert(3, 3);
    assert!(cache.try_insert(4, 6).is_err());
    assert_eq!((cache.len(), cache.weight()), (1, 5));
}

#[test]
fn what_has_left_is_told_of_and_dropped_though_a_budget_panics() {
    let notify = |_: BudgetUsage| panic!("the soft limit");
    let budget: Budget<Shared> = Budget::new_shared(10).with_soft_limit(6, &notify);
    let told = Mutex::new(Vec::new());
    let value = Arc::new(());
    let cache = Cache::builder()
        .capacity(100)
        .policy(Lru)
        .weigher(|weight: &u32, _: &Arc<()>| *weight)
        .listener(|&weight: &u32, _: &Arc<()>, cause| told.lock().unwrap().push((weight, cause)))
        .counted()
        .budget(&budget)
        .build_shared();
    cache.insert(6, Arc::clone(&value));
    assert!(catch_unwind(AssertUnwindSafe(|| cache.insert(8, Arc::default()))).is_err());
    assert_eq!((budget.used(), cache.len(), cache.stats().evictions), (0, 0, 1));
    cache.reclaim();
    assert_eq!(*told.lock().unwrap(), [(6, Cause::Capacity)]);
    assert_eq!(Arc::strong_count(&value), 1);
}

#[test]
fn the_listener_is_told_once_though_it_or_the_clock_panics() {
    for asked in 1..10 {
        let left = Arc::new(AtomicU64::new(0));
        let told = Mutex::new(Vec::new());
        let policy = Ttl::new(Lru, secs(10)).with_clock(Broken(Arc::clone(&left)));
        let cache = Cache::builder()
            .capacity(2)
            .policy(policy)
            .listener(|&key: &u32, _: &Arc<()>, _| {
                told.lock().unwrap_or_else(PoisonError::into_inner).push(key);
                assert_ne!(key, 3, "not this one");
            })
            .build_shared();
        let value = Arc::new(());
        for key in 0..8 {
            left.store(asked, Ordering::Relaxed);
            let _ = catch_unwind(AssertUnwindSafe(|| cache.insert(key, Arc::clone(&value))));
            left.store(0, Ordering::Relaxed);
        }
        cache.clear();
        cache.reclaim();
        assert_eq!(Arc::strong_count(&value), 1);
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let count = told.len();
        told.sort_unstable();
        told.dedup();
        assert_eq!(told.len(), count, "asked {asked} times");
    }
}

type Known<P> = SharedCache<u32, Nosy<P>, P>;

/// A value that uses its cache when it is dropped.
struct Nosy<P: Policy>(Arc<OnceLock<Weak<Known<P>>>>);

impl<P: Policy> Drop for Nosy<P> {
    fn drop(&mut self) {
        if let Some(cache) = self.0.get().and_then(Weak::upgrade) {
            cache.reclaim();
        }
    }
}

/// It would wait for itself for ever.
#[test]
fn what_does_not_come_in_is_dropped_under_no_lock() {
    for asked in 1..8 {
        let left = Arc::new(AtomicU64::new(0));
        let policy = Ttl::new(Lru, secs(10)).with_clock(Broken(Arc::clone(&left)));
        let cache = Arc::new(Cache::builder().capacity(2).policy(policy).build_shared());
        let its = Arc::new(OnceLock::from(Arc::downgrade(&cache)));
        for key in [1, 2, 3, 3] {
            left.store(asked, Ordering::Relaxed);
            let _ = catch_unwind(AssertUnwindSafe(|| cache.insert(key, Nosy(Arc::clone(&its)))));
            let _ = catch_unwind(AssertUnwindSafe(|| cache.compute(key, |_| Some(Nosy(Arc::clone(&its))))));
            left.store(0, Ordering::Relaxed);
        }
        assert!(cache.len() <= 2);
    }
}

#[test]
fn a_capacity_that_a_clock_panics_at_is_the_old_one() {
    for asked in 1..10 {
        let left = Arc::new(AtomicU64::new(0));
        let cache = cache(8, Ttl::new(Lru, secs(10)).with_clock(Broken(Arc::clone(&left))));
        for key in 0..8 {
            cache.insert(key, key);
        }
        left.store(asked, Ordering::Relaxed);
        let panicked = catch_unwind(AssertUnwindSafe(|| cache.resize(5))).is_err();
        left.store(0, Ordering::Relaxed);
        assert_eq!((cache.capacity(), cache.len() <= cache.capacity()), (if panicked { 8 } else { 5 }, true));
        cache.resize(5);
        assert_eq!((cache.capacity(), cache.len()), (5, 5));
    }
}

#[test]
fn a_value_whose_time_is_over_leaves_no_pin() {
    let clock = ManualClock::new();
    let cache = cache(4, Pinnable::new(Ttl::new(Lru, secs(1)).with_clock(clock.clone())));
    for key in 1..4 {
        cache.insert(key, key);
        cache.pin(&key);
    }
    clock.advance(secs(1));
    cache.insert(1, 10);
    assert!(cache.compute(2, |old| old.is_none().then_some(20)));
    assert_eq!(cache.get_or_insert_with(3, || 30), 30);
    assert!((1..4).all(|key| cache.get(&key) == Some(10 * key) && !cache.is_pinned(&key)));
}

/// A cache goes where its clock and its budget may go.
mod threads {
    use super::*;
    use nebula_memory::cache::Charged;
    use static_assertions::{assert_impl_all, assert_not_impl_any};

    type Of<P> = SharedCache<u32, String, P>;
    assert_impl_all!(Of<Ttl<Pinnable<S3Fifo>>>: Send, Sync);
    assert_impl_all!(Of<PerEntryTtl<Lru, ManualClock>>: Send, Sync);
    assert_impl_all!(Of<Charged<Lru, Arc<Budget<'static, Shared>>>>: Send, Sync);
    assert_not_impl_any!(Of<Charged<Lru, Arc<Budget<'static, Local>>>>: Send, Sync);
    assert_not_impl_any!(Of<Charged<Lru, Rc<Budget<'static, Shared>>>>: Send, Sync);
}

#[test]
fn pins_are_kept() {
    let cache = cache(3, Pinnable::new(S3Fifo));
    for key in 0..3 {
        cache.insert(key, key);
    }
    assert!(cache.pin(&0) && cache.pin(&0) && !cache.pin(&9));
    for key in 10..100 {
        cache.insert(key, key);
    }
    assert!(cache.is_pinned(&0) && !cache.is_pinned(&99) && !cache.is_pinned(&9));
    assert_eq!((cache.len(), cache.get(&0)), (3, Some(0)));
    cache.insert(0, 1);
    assert!(cache.is_pinned(&0), "so is what replaces it");
    assert_eq!(cache.snapshot().into_iter().filter(|(key, _)| cache.pin(key)).count(), 3);
    let refused = cache.try_insert(7, 8).unwrap_err();
    assert_eq!((refused.key, refused.value), (7, 8));
    cache.resize(1);
    assert_eq!(cache.len(), 3);
    assert!(cache.unpin(&0) && !cache.unpin(&0));
    assert_eq!((cache.len(), cache.contains(&0)), (2, false));
    cache.clear();
    cache.insert(1, 1);
    assert!(!cache.is_pinned(&1));
}

#[test]
fn budgets_come_out_even() {
    let budget = Arc::new(Budget::new_shared(10_000));
    let build = || {
        Cache::builder()
            .capacity(8000)
            .weigher(|_: &u32, bytes: &u32| *bytes)
            .budget(Arc::clone(&budget))
            .shards(4)
            .build_shared()
    };
    let caches = [build(), build()];
    thread::scope(|threads| {
        for seed in 0..3_u32 {
            let (caches, budget) = (&caches, &budget);
            threads.spawn(move || {
                let mut random = seed.wrapping_mul(0x9E37_79B9) | 1;
                for _ in 0..if cfg!(miri) { 100 } else { 5000 } {
                    random ^= random << 13;
                    random ^= random >> 17;
                    random ^= random << 5;
                    let cache = &caches[random as usize & 1];
                    let key = (random >> 8) % 200;
                    match (random >> 4) % 8 {
                        0 => {
                            cache.remove(&key);
                        }
                        1 => {
                            cache.get(&key);
                        }
                        2 if key == 0 => cache.clear(),
                        _ => cache.insert(key, (random >> 16) % 900),
                    }
                    assert!(budget.used() <= 10_000);
                }
            });
        }
    });
    assert_eq!(budget.used(), caches[0].weight() + caches[1].weight());
    drop(caches);
    assert_eq!(budget.used(), 0);
}

/// While one thread turns the clock and others write, nobody is served a value longer than it may be.
#[test]
fn no_thread_is_served_what_is_over() {
    const LIFE: u64 = 20;
    const ROUNDS: u64 = if cfg!(miri) { 50 } else { 10_000 };
    // As many calls of the others in each tick of the clock, at least: so a value is met while it lives, and when it is over.
    const CALLS: u64 = 6;
    let (clock, now, done) = (ManualClock::new(), AtomicU64::new(0), AtomicBool::new(false));
    let policy = Ttl::new(S3Fifo, Duration::from_millis(LIFE)).with_clock(clock.clone());
    let expired = AtomicUsize::new(0);
    let cache = Cache::builder().capacity(64).policy(policy).shards(2);
    let cache = cache.on_leave(|_: &u32, _: &usize, cause| {
        expired.fetch_add(usize::from(cause == Cause::Expired), Ordering::Relaxed);
    });
    let cache = cache.build_shared();
    // Each value is the number of its insertion. When that was done it was this time, or is not known yet.
    let in_since: Vec<AtomicU64> = (0..1 << 16).map(|_| AtomicU64::new(u64::MAX)).collect();
    let (next, calls, served) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|threads| {
        let workers = [1_u32, 2].map(|seed| {
            let (cache, now, done, in_since) = (&cache, &now, &done, &in_since);
            let (next, calls, served) = (&next, &calls, &served);
            threads.spawn(move || {
                let mut random = seed;
                while !done.load(Ordering::Acquire) {
                    calls.fetch_add(1, Ordering::Relaxed);
                    random ^= random << 13;
                    random ^= random >> 17;
                    random ^= random << 5;
                    let key = random % 100;
                    if random & 0x300 == 0 {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let Some(since) = in_since.get(number) else { continue };
                        cache.insert(key, number);
                        since.store(now.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
                    } else {
                        // The clock says this, or more.
                        let at = now.load(Ordering::SeqCst);
                        if let Some(number) = cache.get(&key) {
                            let since = in_since[number].load(Ordering::SeqCst);
                            assert!(at < since.saturating_add(LIFE), "in since {since}, served at {at}");
                            served.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    assert!(cache.len() <= 64);
                }
            })
        });
        for round in 1..ROUNDS {
            clock.set(Duration::from_millis(round));
            now.store(round, Ordering::SeqCst);
            while calls.load(Ordering::Relaxed) < round * CALLS
                && !workers.iter().any(ScopedJoinHandle::is_finished)
            {
                thread::yield_now();
            }
        }
        done.store(true, Ordering::Release);
    });
    let (calls, served) = (calls.into_inner(), served.into_inner());
    let expired = expired.load(Ordering::Relaxed);
    // Else this says nothing.
    assert!(served > calls / 10 && expired > 0, "{served} served and {expired} over, by {calls} calls");
    clock.advance(Duration::from_millis(LIFE));
    assert!(cache.snapshot().is_empty());
}
