//! Caches that compute what they have not, and keep no record of what is being computed.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use nebula_memory::cache::CacheBuilder;
use nebula_memory::cache::layers::{ComputeCache, Store};
use nebula_memory::cache::policy::Lru;
use support::shelf::Shelf;

fn cache(capacity: usize) -> ComputeCache<u32, u32, Shelf<u32, u32>> {
    ComputeCache::over(Shelf::new(capacity))
}

#[test]
fn what_is_missing_is_computed_once() {
    let cache = cache(10);
    assert_eq!(cache.get_or_compute(7, || 49), 49);
    assert_eq!(cache.get_or_compute(7, || unreachable!("it is there")), 49);
    assert_eq!(cache.try_get_or_compute(7, || Err("no")), Ok(49));
    assert_eq!((cache.len(), cache.get(&7), cache.store().gets()), (1, Some(49), 4));
}

/// Whatever fails, nothing has to go for it and nothing is kept.
#[test]
fn c16_a_failed_computation_evicts_nothing() {
    struct Plain;

    let cache = cache(2);
    cache.insert(1, 1);
    cache.insert(2, 2);
    assert_eq!(cache.try_get_or_compute(3, || Err::<u32, _>("no")), Err("no"));
    let panicked = catch_unwind(AssertUnwindSafe(|| cache.get_or_compute(3, || panic!("no"))));
    assert!(panicked.is_err());
    assert_eq!((cache.peek(&1), cache.peek(&2), cache.peek(&3), cache.len()), (Some(1), Some(2), None, 2));
    // Errors need not be anything: not even `Clone`.
    assert!(cache.try_get_or_compute(3, || Err::<u32, _>(Plain)).is_err());
}

#[test]
fn nothing_is_locked_while_it_is_computed() {
    let cache = cache(10);
    let value = cache.get_or_compute(1, || {
        // Another key, the same key, from this thread and another.
        assert_eq!(cache.get_or_compute(2, || 20), 20);
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(cache.get_or_compute(3, || 30), 30));
        });
        cache.get_or_compute(1, || 10) + 1
    });
    // The first that was there stays, and is what all get.
    assert_eq!((value, cache.get(&1)), (10, Some(10)));
}

#[test]
fn what_is_inserted_meanwhile_stays() {
    let cache = cache(10);
    let value = cache.get_or_compute(1, || {
        cache.insert(1, 99);
        1
    });
    assert_eq!((value, cache.get(&1)), (99, Some(99)));
}

/// Of the least recently used, as anybody would tell it.
#[test]
fn c15_a_hit_is_a_use_and_evicts_nothing() {
    let store = CacheBuilder::new().capacity(2).policy(Lru).shards(1).build_shared();
    let cache = ComputeCache::over(store);
    assert_eq!((cache.get_or_compute(1, || 10), cache.get_or_compute(2, || 20)), (10, 20));
    assert_eq!(cache.get_or_compute(1, || unreachable!("it is there")), 10);
    assert_eq!((cache.peek(&2), cache.len()), (Some(20), 2));
    assert_eq!(cache.get_or_compute(3, || 30), 30);
    assert_eq!((cache.peek(&1), cache.peek(&2)), (Some(10), None));
}

#[test]
fn a_value_that_finds_no_room_is_returned_all_the_same() {
    let cache = cache(0);
    assert_eq!((cache.get_or_compute(1, || 10), cache.len(), cache.is_empty()), (10, 0, true));
}

#[test]
fn it_does_what_a_store_does() {
    let cache: ComputeCache<String, u32, _> = ComputeCache::over(Arc::new(Shelf::new(2)));
    let same = cache.clone();
    cache.insert("a".to_string(), 1);
    assert!(same.contains("a") && !same.contains("b"));
    assert_eq!(
        (same.get("a"), same.peek("a"), same.remove("a"), same.remove("a")),
        (Some(1), Some(1), Some(1), None)
    );
    cache.insert("b".to_string(), 2);
    assert_eq!((cache.len(), cache.capacity()), (1, 2));
    cache.clear();
    assert!(cache.is_empty() && cache.into_store().is_empty());
}

/// A store by a reference, and each layer as the store of another one.
#[test]
fn stores_can_be_shared() {
    let shelf = Shelf::new(10);
    let first = ComputeCache::over(&shelf);
    let second = ComputeCache::over(&first);
    assert_eq!(second.get_or_compute(1, || 10), 10);
    assert_eq!((shelf.peek(&1), Store::<u32, u32>::len(&&shelf)), (Some(10), 1));
    assert_eq!(second.insert_new(1, 11, || true), Some(10));
    assert_eq!((second.insert_new(2, 20, || false), second.insert_new(2, 21, || true)), (None, None));
    assert_eq!((second.get(&2), shelf.inserts()), (Some(21), 2));
}

#[cfg(feature = "async")]
mod tasks {
    use std::future::Future;
    use std::pin::pin;
    use std::rc::Rc;
    use std::task::{Context, Waker};

    use nebula_memory::cache::layers::{AsyncCache, AsyncComputeCache};

    use super::support::task::ready;
    use super::*;

    fn cache(capacity: usize) -> AsyncComputeCache<u32, u32, Shelf<u32, u32>> {
        AsyncCache::over(Shelf::new(capacity))
    }

    #[test]
    fn what_is_missing_is_computed_once() {
        let cache = cache(10);
        // Loads may borrow, and need not be sent.
        let seven = Rc::new(7);
        assert_eq!(ready(cache.get_or_compute(7, async || *seven * 7)), 49);
        assert_eq!(ready(cache.get_or_compute(7, async || unreachable!("it is there"))), 49);
        assert_eq!(ready(cache.try_get_or_compute(7, async || Err("no"))), Ok(49));
        assert_eq!(cache.get(&7), Some(49));
    }

    #[test]
    fn a_failed_computation_evicts_nothing() {
        let cache = cache(1);
        cache.insert(1, 1);
        assert_eq!(ready(cache.try_get_or_compute(3, async || Err::<u32, _>("no"))), Err("no"));
        let call = || ready(cache.get_or_compute(3, async || panic!("no")));
        assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
        assert_eq!((cache.peek(&1), cache.len()), (Some(1), 1));
    }

    #[test]
    fn a_future_that_is_dropped_leaves_nothing_behind() {
        let cache = cache(10);
        {
            let mut given_up = pin!(cache.get_or_compute(1, std::future::pending));
            assert!(given_up.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        assert_eq!((cache.len(), ready(cache.get_or_compute(1, async || 2))), (0, 2));
    }

    #[test]
    fn what_is_inserted_meanwhile_stays() {
        let cache = cache(10);
        let load = async || {
            cache.insert(1, 99);
            1
        };
        assert_eq!((ready(cache.get_or_compute(1, load)), cache.get(&1)), (99, Some(99)));
    }
}
