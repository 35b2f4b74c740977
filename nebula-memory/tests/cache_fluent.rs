//! Layers put around each other, in any order, around the cache for many threads.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use nebula_memory::cache::expiry::ManualClock;
use nebula_memory::cache::layers::{
    BreakerError, CircuitBreakerCache, CircuitBreakerLayer, ComputeCache, DedupCache, DeduplicationLayer,
    Layered, NoStale, OneClass, SharedError,
};
use nebula_memory::cache::{CacheBuilder, SharedCache};

type Core = ComputeCache<u32, u32>;
type Circuit<C> = CircuitBreakerCache<u32, u32, C>;
type Flights<C> = DedupCache<u32, u32, C>;

/// What is not there costs nothing.
#[test]
fn what_is_not_asked_for_is_not_there() {
    assert_eq!(size_of::<Core>(), size_of::<SharedCache<u32, u32>>());
    static_assertions::assert_impl_all!(Circuit<Flights<Core>>: Send, Sync);
    static_assertions::assert_impl_all!(Flights<Circuit<Core>>: Send, Sync);
}

#[test]
fn each_is_usable_alone() {
    let compute = ComputeCache::new(10);
    let dedup = DedupCache::new(10);
    let circuit = CircuitBreakerCache::new(10);
    assert_eq!((compute.get_or_compute(1, || 1), dedup.get_or_compute(1, || 1)), (1, 1));
    assert_eq!(circuit.try_get_or_compute(1, || Ok::<_, &str>(1)), Ok(1));
    assert_eq!((compute.len(), dedup.len(), circuit.len(), circuit.capacity()), (1, 1, 1, 10));
}

fn load_from<C>(cache: &C, load: impl FnOnce() -> Result<u32, &'static str>) -> Result<u32, C::Error>
where
    C: Layered<u32, u32, &'static str>,
{
    cache.run(7, |_| load().map(|value| nebula_memory::cache::layers::Loaded { value, keep: true }))
}

/// A load takes long enough for others to come and wait: by Miri's clock each step of any thread takes microseconds.
const LONG: Duration = Duration::from_millis(if cfg!(miri) { 500 } else { 20 });

/// One load for all who ask is one failure, whichever layer is around which: five of them open the circuit.
fn loads_and_failures_are_one<C>(cache: &C)
where
    C: Layered<u32, u32, &'static str, Error = BreakerError<&'static str>> + Sync,
{
    let (loads, failures, start) = (AtomicUsize::new(0), AtomicUsize::new(0), Barrier::new(8));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                start.wait();
                loop {
                    let failed = load_from(cache, || {
                        loads.fetch_add(1, Ordering::Relaxed);
                        thread::sleep(LONG);
                        Err("no")
                    });
                    if failed != Err(BreakerError::Load("no")) {
                        assert!(matches!(failed, Err(BreakerError::Open { .. })));
                        break;
                    }
                    failures.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let (loads, failures) = (loads.into_inner(), failures.into_inner());
    assert_eq!(loads, 5);
    assert!(failures > loads, "{failures} failures of {loads} loads: nobody has waited");
    assert_eq!(cache.len(), 0);
}

#[test]
fn the_order_makes_no_difference() {
    loads_and_failures_are_one(&ComputeCache::new(10).with_deduplication().with_circuit_breaker());
    loads_and_failures_are_one(&ComputeCache::new(10).with_circuit_breaker().with_deduplication());
}

/// Whatever is inserted or removed by way of the outermost layer is heard of by all.
fn what_changes_during_a_load_is_heard_of<C>(cache: &C)
where
    C: Layered<u32, u32, &'static str, Error = BreakerError<&'static str>>,
{
    let loaded = load_from(cache, || {
        cache.remove(&7);
        Ok(1)
    });
    assert_eq!((loaded, cache.get(&7)), (Ok(1), None));
    let loaded = load_from(cache, || {
        cache.insert(7, 99);
        Ok(1)
    });
    assert!(loaded == Ok(1) || loaded == Ok(99));
    assert_eq!((cache.get(&7), cache.peek(&7), cache.contains(&7)), (Some(99), Some(99), true));
    cache.clear();
    assert!(cache.is_empty() && cache.capacity() == 10);
}

#[test]
fn changes_are_heard_of_in_any_order() {
    what_changes_during_a_load_is_heard_of(
        &ComputeCache::new(10).with_deduplication().with_circuit_breaker(),
    );
    what_changes_during_a_load_is_heard_of(
        &ComputeCache::new(10).with_circuit_breaker().with_deduplication(),
    );
}

/// The last good value is that of all who wait, and not kept as if it was new.
#[test]
fn stale_values_are_shared() {
    fn serves<C>(cache: &C, clock: &ManualClock)
    where
        C: Layered<u32, u32, &'static str, Error: SharedError + std::fmt::Debug> + Sync,
    {
        assert!(load_from(cache, || Ok(1)).is_ok());
        // It goes from the cache alone.
        for key in 100..200 {
            cache.insert(key, key);
        }
        assert_eq!(cache.get(&7), None);
        for _ in 0..10 {
            assert_eq!(load_from(cache, || Err("no")).unwrap(), 1);
            assert_eq!(cache.get(&7), None);
        }
        clock.advance(Duration::from_secs(30));
        assert_eq!(load_from(cache, || Ok(2)).unwrap(), 2);
        assert_eq!(cache.get(&7), Some(2));
    }
    let clock = ManualClock::new();
    let layer =
        || CircuitBreakerLayer::new().clock(clock.clone()).stale_from(SharedCache::<u32, u32>::new(1000));
    serves(&ComputeCache::new(10).layer(layer()).with_deduplication(), &clock);
    serves(&ComputeCache::new(10).with_deduplication().layer(layer()), &clock);
}

/// Each look-up is counted once, whoever it goes by, and whoever else waits for what it has not found.
#[test]
fn look_ups_are_counted_once() {
    let store = || CacheBuilder::<u32, u32>::new().capacity(10).counted().build_shared();
    let cache = ComputeCache::over(store()).with_deduplication().with_circuit_breaker();
    for _ in 0..3 {
        assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(49)), Ok(49));
    }
    let stats = cache.inner().inner().store().stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions), (2, 1, 1));
    let cache = ComputeCache::over(store()).with_circuit_breaker().with_deduplication();
    assert_eq!(cache.run_missed(7, |_| Err("no")), Err(BreakerError::Load("no")));
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(49)), Ok(49));
    let stats = cache.inner().inner().store().stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions), (0, 1, 1));
}

/// What was put in can be had back.
#[test]
fn layers_can_be_taken_off() {
    let cache = ComputeCache::new(10).layer(DeduplicationLayer).layer(CircuitBreakerLayer::new());
    cache.insert(1, 1);
    let _: &CircuitBreakerCache<u32, u32, _, OneClass, _, NoStale> = &cache;
    let store: SharedCache<u32, u32> = cache.into_inner().into_inner().into_store();
    assert_eq!(store.get(&1), Some(1));
}

/// Single flight around the real thing: removals, loads and evictions from several threads. Nothing that was loaded before the
/// source changed is found after the removal that followed.
#[test]
fn nobody_finds_what_was_removed() {
    let cache = DedupCache::new(4);
    let sources: Vec<_> = (0..8).map(|_| AtomicUsize::new(0)).collect();
    let rounds = if cfg!(miri) { 20 } else { 3_000 };
    thread::scope(|scope| {
        for reader in 0..2 {
            let (cache, sources) = (&cache, &sources);
            scope.spawn(move || {
                for round in 0..rounds {
                    let key = (round * 5 + reader) % 8;
                    cache.get_or_compute(key, || sources[key].load(Ordering::SeqCst));
                }
            });
        }
        for round in 1..rounds {
            let key = round % 8;
            sources[key].store(round, Ordering::SeqCst);
            cache.remove(&key);
            let found = cache.get_or_compute(key, || sources[key].load(Ordering::SeqCst));
            assert_eq!(found, round);
        }
    });
    assert_eq!(cache.computing(), 0);
    assert!(cache.len() <= 4);
}

#[cfg(feature = "async")]
mod tasks {
    use std::sync::Arc;

    use nebula_memory::cache::layers::{
        AsyncCache, AsyncCircuitBreakerCache, AsyncComputeCache, AsyncComputeCacheWithCircuitBreaker,
        AsyncComputeCacheWithDedup, AsyncDedupCache,
    };

    use super::*;

    fn tokio<T>(run: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(2).enable_time().build().unwrap().block_on(run)
    }

    #[test]
    fn each_is_usable_alone() {
        tokio(async {
            let compute = AsyncComputeCache::new(100);
            let dedup: AsyncComputeCacheWithDedup<u32, u32> = AsyncDedupCache::new(100);
            let circuit: AsyncComputeCacheWithCircuitBreaker<u32, u32> = AsyncCircuitBreakerCache::new(100);
            assert_eq!(compute.get_or_compute(1, async || 1).await, 1);
            assert_eq!(dedup.get_or_compute(1, async || 1).await, 1);
            assert_eq!(circuit.try_get_or_compute(1, async || Ok::<_, &str>(1)).await, Ok(1));
            assert_eq!((compute.len(), dedup.len(), circuit.len()), (1, 1, 1));
        });
    }

    /// One load for all tasks that ask is one failure: five of them open the circuit.
    macro_rules! loads_and_failures_are_one {
        ($cache:expr) => {
            tokio(async {
                let (cache, loads) = (Arc::new($cache), Arc::new(AtomicUsize::new(0)));
                let tasks: Vec<_> = (0..8)
                    .map(|_| {
                        let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                        tokio::spawn(async move {
                            for failures in 0.. {
                                let loads = Arc::clone(&loads);
                                let load = async move || {
                                    loads.fetch_add(1, Ordering::Relaxed);
                                    tokio::time::sleep(LONG).await;
                                    Err::<u32, u8>(4)
                                };
                                let failed = cache.try_get_or_compute(7, load).await;
                                if failed != Err(BreakerError::Load(4)) {
                                    assert!(matches!(failed, Err(BreakerError::Open { .. })));
                                    return failures;
                                }
                            }
                            0
                        })
                    })
                    .collect();
                let mut failures = 0;
                for task in tasks {
                    failures += task.await.unwrap();
                }
                let loads = loads.load(Ordering::Relaxed);
                assert_eq!(loads, 5);
                assert!(failures > loads, "{failures} failures of {loads} loads: nobody has waited");
                cache.insert(7, 1);
                assert_eq!(cache.try_get_or_compute(7, async || Err::<u32, u8>(1)).await, Ok(1));
            });
        };
    }

    #[test]
    fn the_order_makes_no_difference() {
        loads_and_failures_are_one!(AsyncCache::new(10).with_deduplication().with_circuit_breaker());
        loads_and_failures_are_one!(AsyncCache::new(10).with_circuit_breaker().with_deduplication());
    }

    /// A trial that is aborted is carried on by who waits for it, and counts.
    #[test]
    fn a_trial_belongs_to_all_who_wait() {
        tokio(async {
            let clock = ManualClock::new();
            let layer = CircuitBreakerLayer::new().failures(1).clock(clock.clone());
            let cache = Arc::new(AsyncCache::new(10).layer(layer).with_deduplication());
            assert!(cache.try_get_or_compute(7, async || Err::<u32, u8>(1)).await.is_err());
            clock.advance(Duration::from_secs(30));
            let ask = || {
                let cache = Arc::clone(&cache);
                tokio::spawn(async move {
                    let load = async || {
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        Ok::<u32, u8>(49)
                    };
                    cache.try_get_or_compute(7, load).await
                })
            };
            let leader = ask();
            while cache.computing() == 0 {
                tokio::task::yield_now().await;
            }
            let follower = ask();
            tokio::time::sleep(Duration::from_millis(10)).await;
            leader.abort();
            assert_eq!(follower.await.unwrap(), Ok(49));
        });
    }
}
