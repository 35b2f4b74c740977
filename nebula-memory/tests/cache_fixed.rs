//! Caches without a heap: the same entries leave as from the others.
#![cfg(all(not(loom), feature = "cache"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::cache::policy::{Fifo, Lru, Sieve};
use nebula_memory::cache::{Cache, FixedCache, InPlace};
use proptest::prelude::*;

fn run<const N: usize, P: InPlace<Ranking: Clone> + Copy>(policy: P, calls: &[(u8, u8)]) {
    let mut fixed: FixedCache<String, u8, N, P> = FixedCache::with_policy(policy);
    let mut cache = Cache::builder().capacity(N).policy(policy).build();
    for &(call, number) in calls {
        let key = (number % 12).to_string();
        match call % 11 {
            0..=2 => assert_eq!(fixed.get(&*key), cache.get(&*key)),
            3 => assert_eq!(fixed.push(key.clone(), number), cache.push(key, number)),
            4 => assert_eq!(fixed.remove(&*key), cache.remove(&*key)),
            5 if number > 250 => {
                fixed.clear();
                cache.clear();
            }
            8 => assert_eq!(fixed.pop(), cache.pop()),
            9 => {
                fixed.retain(|_, value| *value != number);
                cache.retain(|_, value| *value != number);
            }
            10 => {
                for (_, value) in &mut fixed {
                    *value ^= 1;
                }
                for value in fixed.peek_mut(&*key).into_iter().chain(cache.peek_mut(&*key)) {
                    *value ^= 2;
                }
                for (_, value) in &mut cache {
                    *value ^= 1;
                }
            }
            _ => assert_eq!(fixed.insert(key.clone(), number), cache.insert(key, number)),
        }
        assert_eq!((fixed.len(), fixed.is_empty()), (cache.len(), cache.is_empty()));
        assert_eq!(fixed.iter().count(), cache.len());
        assert!(cache.iter().all(|(key, value)| fixed.peek(&**key) == Some(value)));
    }
    let mut copy = fixed.clone();
    assert!((&copy).into_iter().eq(&fixed));
    assert!(std::iter::from_fn(|| copy.pop()).eq(std::iter::from_fn(|| cache.pop())));
    let (left, mut entries) = (fixed.len(), fixed.into_iter().collect::<Vec<_>>());
    entries.dedup();
    assert_eq!((left, copy.len()), (entries.len(), 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 128 }, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn as_the_others(calls in prop::collection::vec((any::<u8>(), any::<u8>()), 0..80)) {
        run::<1, _>(Lru, &calls);
        run::<5, _>(Lru, &calls);
        run::<8, _>(Fifo, &calls);
        run::<6, _>(Sieve, &calls);
    }
}

#[test]
fn a_drop_that_panics_leaves_the_cache_in_order() {
    struct Panics(bool);
    impl Drop for Panics {
        fn drop(&mut self) {
            assert!(!self.0);
        }
    }
    let mut cache: FixedCache<u32, Panics, 3> = FixedCache::new();
    for number in 0..3 {
        cache.insert(number, Panics(number == 1));
    }
    cache.get(&0);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.insert(7, Panics(false))));
    assert!(result.is_err());
    assert!(cache.contains(&0) && !cache.contains(&1) && cache.contains(&2) && cache.contains(&7));
    assert_eq!(cache.len(), 3);
}

/// Its entries are more than the stack of the thread has room for.
#[test]
fn a_large_one_is_cleared_where_it_is() {
    const LARGE: usize = if cfg!(miri) { 32 } else { 1024 };

    struct Page([u8; 4096], Arc<AtomicUsize>);

    impl Drop for Page {
        fn drop(&mut self) {
            assert_eq!(self.0[4095], 7);
            self.1.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn on_a_stack<T: Send + 'static>(size: usize, run: impl FnOnce() -> T + Send + 'static) -> T {
        let thread = std::thread::Builder::new().stack_size(size).spawn(run).expect("there are threads");
        thread.join().expect("it ends well")
    }

    let dropped = Arc::new(AtomicUsize::new(0));
    let mut cache: Box<FixedCache<usize, Page, LARGE>> = on_a_stack(64 << 20, || Box::new(FixedCache::new()));
    let drops = Arc::clone(&dropped);
    let cache = on_a_stack(256 << 10, move || {
        for number in 0..LARGE {
            cache.insert(number, Page([7; 4096], Arc::clone(&drops)));
        }
        assert_eq!(cache.len(), LARGE);
        cache.clear();
        assert!(cache.is_empty() && cache.iter().next().is_none());
        cache.insert(1, Page([7; 4096], drops));
        cache
    });
    assert_eq!(dropped.load(Ordering::Relaxed), LARGE);
    assert_eq!(cache.len(), 1);
}

#[test]
fn what_is_cleared_has_gone_even_if_a_drop_panics() {
    struct Panics(bool, Arc<AtomicUsize>);
    impl Drop for Panics {
        fn drop(&mut self) {
            self.1.fetch_add(1, Ordering::Relaxed);
            assert!(!self.0);
        }
    }
    for fatal in 0..5 {
        let dropped = Arc::new(AtomicUsize::new(0));
        let mut cache: FixedCache<u32, Panics, 5> = FixedCache::new();
        for number in 0..5 {
            cache.insert(number, Panics(number == fatal, Arc::clone(&dropped)));
        }
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.clear()));
        assert!(result.is_err());
        assert!(cache.is_empty() && cache.iter().next().is_none());
        assert_eq!(dropped.load(Ordering::Relaxed), 5);
        cache.insert(7, Panics(false, dropped));
        assert!(cache.contains(&7));
    }
}

#[test]
fn it_is_made_of_entries_and_made_entries_of() {
    let mut cache: FixedCache<u8, u8, 4> = (0..10).map(|n| (n, n * n)).collect();
    assert_eq!(cache.peek_next(), Some((&6, &36)));
    cache.get(&6);
    cache.extend([(7, 0)]);
    assert_eq!((cache.peek_next(), format!("{:?}", cache.iter().count())), (Some((&8, &64)), "4".to_owned()));
    for (_, value) in &mut cache {
        *value += 1;
    }
    assert!(std::iter::from_fn(|| cache.pop()).eq([(8, 65), (9, 82), (6, 37), (7, 1)]));
    assert_eq!(cache.peek_next(), None);
    assert_eq!(cache.pop(), None);
    assert!(FixedCache::<u8, u8, 2, Fifo>::from_iter([]).is_empty());
}

/// What a user's code does in the midst of it leaves the cache in order.
#[test]
fn who_says_what_to_keep_may_panic() {
    let mut cache: FixedCache<u8, u8, 4> = (0..4).map(|n| (n, n)).collect();
    let seen = AtomicUsize::new(0);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        cache.retain(|_, _| {
            assert!(seen.fetch_add(1, Ordering::Relaxed) < 2, "enough");
            false
        });
    }));
    assert!(panicked.is_err());
    assert_eq!((cache.len(), cache.iter().count()), (2, 2));
    cache.extend((10..14).map(|n| (n, n)));
    assert!((10..14).all(|n| cache.contains(&n)) && cache.len() == 4);
}
