//! Functions that compute a result once for all threads that ask for it.
#![cfg(all(not(loom), feature = "cache", feature = "std", feature = "macros"))]

use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::cached;

/// A counter of calls for each test: they run at the same time.
macro_rules! counter {
    ($name:ident) => {
        static $name: AtomicUsize = AtomicUsize::new(0);
    };
}

fn count(counter: &AtomicUsize) -> usize {
    counter.fetch_add(1, Ordering::Relaxed)
}

fn counted(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::Relaxed)
}

#[test]
fn one_thread_computes_for_all() {
    counter!(CALLS);
    counter!(WAITING);
    #[cached(single_flight, name = slow_ones)]
    fn slow(n: u32, text: &str) -> Result<String, String> {
        count(&CALLS);
        // All have asked by now, or will be answered by the cache.
        while counted(&WAITING) < 8 {
            std::thread::yield_now();
        }
        if n == 0 { Err(text.to_owned()) } else { Ok(format!("{text} {n}")) }
    }
    let ask = |n| {
        std::thread::scope(|threads| {
            let all: Vec<_> = (0..8)
                .map(|_| {
                    threads.spawn(move || {
                        count(&WAITING);
                        slow(n, "text")
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        })
    };
    assert_eq!(ask(7), vec![Ok("text 7".to_owned()); 8]);
    assert_eq!((counted(&CALLS), slow_ones().len()), (1, 1));
    WAITING.store(0, Ordering::Relaxed);
    // Who comes after the first error tries again.
    assert_eq!(ask(0), vec![Err("text".to_owned()); 8]);
    assert!((2..=9).contains(&counted(&CALLS)));
    assert_eq!(slow_ones().len(), 1);
}

#[test]
fn what_panics_in_flight_is_tried_again() {
    counter!(CALLS);
    #[cached(single_flight, keep = some)]
    fn half(n: u32) -> Option<u32> {
        assert!(count(&CALLS) > 0, "the first one");
        if n == 0 { None } else { Some(half(n - 1).unwrap_or(0) + 1) }
    }
    std::panic::catch_unwind(|| half(3)).unwrap_err();
    assert_eq!((half(3), half(3)), (Some(3), Some(3)));
    // 3, 2, 1 and what is not kept; and the one that has panicked.
    assert_eq!(counted(&CALLS), 5);
}

#[test]
fn a_flight_over_a_cache_of_the_users_own() {
    use nebula_memory::cache::SharedCache;
    use nebula_memory::cache::layers::{ComputeCache, DedupCache};
    use std::sync::LazyLock;
    type Flights = DedupCache<u64, u64, ComputeCache<u64, u64, SharedCache<u64, u64>>>;
    static FLIGHTS: LazyLock<Flights> = LazyLock::new(|| DedupCache::over(SharedCache::new(10)));
    #[cached(cache = FLIGHTS, single_flight)]
    fn square(n: u64) -> u64 {
        n * n
    }
    assert_eq!((square(7), square(7), FLIGHTS.get(&7)), (49, 49, Some(49)));
}
