//! Keys that are made owned only if there is no value.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::borrow::Borrow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use nebula_memory::cache::layers::{BreakerError, CircuitBreakerLayer, ComputeCache, DedupCache};
use nebula_memory::cache::{Cache, SharedCache};

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Owned(u32);

/// Counts how often it is made owned. The hash is that of the owned one; 13 cannot be made.
#[derive(PartialEq, Eq, Hash)]
#[repr(transparent)]
struct Lent(u32);

thread_local!(static MADE: AtomicUsize = const { AtomicUsize::new(0) });

fn made() -> usize {
    MADE.with(|made| made.swap(0, Relaxed))
}

impl Borrow<Lent> for Owned {
    fn borrow(&self) -> &Lent {
        // As many as the tests use.
        const ALL: [Lent; 14] = {
            let mut all = [const { Lent(0) }; 14];
            let mut n = 0;
            while n < 14 {
                all[n as usize] = Lent(n);
                n += 1;
            }
            all
        };
        static LENT: [Lent; 14] = ALL;
        &LENT[self.0 as usize]
    }
}

impl ToOwned for Lent {
    type Owned = Owned;

    fn to_owned(&self) -> Owned {
        MADE.with(|made| made.fetch_add(1, Relaxed));
        assert_ne!(self.0, 13, "cannot be made");
        Owned(self.0)
    }
}

#[test]
fn a_hit_makes_no_key() {
    let mut cache: Cache<Owned, u32> = Cache::new(10);
    assert_eq!(cache.get_or_insert_with_by_ref(&Lent(1), || 10), Ok(&mut 10));
    assert_eq!(made(), 1);
    *cache.get_or_insert_with_by_ref(&Lent(1), || unreachable!()).unwrap() += 1;
    assert_eq!(cache.try_get_or_insert_with_by_ref(&Lent(1), || Err("no")), Ok(Ok(&mut 11)));
    assert_eq!((made(), cache.stats().hits, cache.stats().misses, cache.len()), (0, 2, 1, 1));

    let shared: SharedCache<Owned, u32> = SharedCache::new(10);
    assert_eq!(shared.get_or_insert_with_by_ref(&Lent(1), || 10), 10);
    assert_eq!(made(), 1);
    assert_eq!(shared.get_or_insert_with_by_ref(&Lent(1), || unreachable!()), 10);
    assert_eq!(shared.try_get_or_insert_with_by_ref(&Lent(1), || Err("no")), Ok(10));
    assert_eq!((made(), shared.len()), (0, 1));
}

#[test]
fn what_fails_makes_no_key_and_changes_nothing() {
    let mut cache: Cache<Owned, u32> = Cache::new(1);
    cache.insert(Owned(1), 10);
    assert_eq!(cache.try_get_or_insert_with_by_ref(&Lent(2), || Err("no")), Err("no"));
    let shared: SharedCache<Owned, u32> = SharedCache::new(1);
    shared.insert(Owned(1), 10);
    assert_eq!(shared.try_get_or_insert_with_by_ref(&Lent(2), || Err("no")), Err("no"));
    assert_eq!(made(), 0);

    let unmade = catch_unwind(AssertUnwindSafe(|| cache.get_or_insert_with_by_ref(&Lent(13), || 1).is_ok()));
    assert!(unmade.is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| shared.get_or_insert_with_by_ref(&Lent(13), || 1))).is_err());
    assert_eq!((cache.peek(&Lent(1)), shared.peek(&Lent(1))), (Some(&10), Some(10)));
    assert_eq!((cache.len(), shared.len()), (1, 1));
}

#[test]
fn what_finds_no_room_comes_back() {
    let mut cache: Cache<String, Vec<u8>> = Cache::new(0);
    let refused = cache.get_or_insert_with_by_ref("a", || vec![1]).unwrap_err();
    assert_eq!((refused.key, refused.value), ("a".to_string(), vec![1]));
    let shared: SharedCache<String, Vec<u8>> = SharedCache::new(0);
    assert_eq!(shared.get_or_insert_with_by_ref("a", || vec![1]), [1]);
    assert!(shared.is_empty());
}

#[test]
fn whoever_is_first_wins() {
    let cache: SharedCache<String, u32> = SharedCache::new(10);
    let found = cache.get_or_insert_with_by_ref("a", || {
        cache.insert("a".to_string(), 1);
        2
    });
    assert_eq!((found, cache.len()), (1, 1));
}

#[test]
fn keys_may_be_something_else_than_what_is_owned() {
    let mut cache: Cache<Arc<str>, u32> = Cache::new(10);
    assert_eq!(cache.get_or_insert_with_by_ref("a", || 1), Ok(&mut 1));
    let shared: SharedCache<Box<[u8]>, u32> = SharedCache::new(10);
    assert_eq!(shared.get_or_insert_with_by_ref(&[1, 2][..], || 1), 1);
    assert_eq!((cache.get("a"), shared.get(&[1, 2][..])), (Some(&1), Some(1)));
}

#[test]
fn layers_make_no_key_of_a_hit() {
    let store = Arc::new(SharedCache::<Owned, u32>::builder().capacity(10).counted().build_shared());
    let once = DedupCache::over(Arc::clone(&store));
    assert_eq!(once.get_or_compute_by_ref(&Lent(1), || 10), 10);
    assert_eq!((once.get_or_compute_by_ref(&Lent(1), || unreachable!()), made()), (10, 1));
    let failed: Result<u32, &str> = once.try_get_or_compute_by_ref(&Lent(2), || Err("no"));
    assert_eq!((failed, once.computing()), (Err("no"), 0));
    // Looked for once each.
    assert_eq!((store.stats().hits, store.stats().misses), (1, 2));

    let plain: ComputeCache<Owned, u32> = ComputeCache::new(10);
    assert_eq!(plain.get_or_compute_by_ref(&Lent(1), || 1), 1);
    assert_eq!(plain.try_get_or_compute_by_ref(&Lent(1), || Err(())), Ok(1));

    made();
    let breaker = plain.with_deduplication().layer(CircuitBreakerLayer::new().failures(1));
    assert_eq!(breaker.try_get_or_compute_by_ref(&Lent(1), || Err(())), Ok(1));
    assert_eq!(breaker.try_get_or_compute_by_ref(&Lent(2), || Err(())), Err(BreakerError::Load(())));
    assert!(
        breaker.try_get_or_compute_by_ref(&Lent(2), || Ok::<_, ()>(1)).is_err_and(|error| error.is_open())
    );
    assert_eq!(made(), 2);
}

#[test]
fn threads_that_ask_by_what_is_lent_share_one_load() {
    let cache: DedupCache<String, usize> = DedupCache::new(10);
    let (loads, together) = (AtomicUsize::new(0), std::sync::Barrier::new(4));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                together.wait();
                let found = cache.get_or_compute_by_ref("key", || {
                    std::thread::yield_now();
                    loads.fetch_add(1, Relaxed)
                });
                assert_eq!(found, 0);
            });
        }
    });
    assert_eq!(loads.load(Relaxed), 1);
}

#[test]
#[cfg(feature = "async")]
fn tasks_too() {
    use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};

    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let cache: AsyncDedupCache<Owned, u32> = AsyncDedupCache::new(10);
        let load = async || {
            tokio::task::yield_now().await;
            10
        };
        let (one, two) = tokio::join!(
            is_send(cache.get_or_compute_by_ref(&Lent(1), load)),
            cache.get_or_compute_by_ref(&Lent(1), load),
        );
        assert_eq!((one, two, made()), (10, 10, 2));
        assert_eq!(cache.try_get_or_compute_by_ref(&Lent(1), async || Err(())).await, Ok(10));
        assert_eq!(made(), 0);

        let plain: AsyncCache<Owned, u32> = AsyncCache::new(10);
        assert_eq!(is_send(plain.get_or_compute_by_ref(&Lent(1), async || 1)).await, 1);
        let breaker = plain.with_circuit_breaker();
        made();
        let found = is_send(breaker.try_get_or_compute_by_ref(&Lent(1), async || Err(()))).await;
        assert_eq!((found, made()), (Ok(1), 0));
        let failed = breaker.try_get_or_compute_by_ref(&Lent(2), async || Err(())).await;
        assert_eq!(failed, Err(BreakerError::Load(())));
    });
}
