//! Caches without a heap: the same entries leave as from the others.
#![cfg(all(not(loom), feature = "cache"))]

use nebula_memory::cache::policy::{Fifo, Lru, Sieve};
use nebula_memory::cache::{Cache, FixedCache, InPlace};
use proptest::prelude::*;

fn run<const N: usize, P: InPlace + Copy>(policy: P, calls: &[(u8, u8)]) {
    let mut fixed: FixedCache<String, u8, N, P> = FixedCache::with_policy(policy);
    let mut cache = Cache::builder().capacity(N).policy(policy).build();
    for &(call, number) in calls {
        let key = (number % 12).to_string();
        match call % 8 {
            0..=2 => assert_eq!(fixed.get(&*key), cache.get(&*key)),
            3 => assert_eq!(fixed.push(key.clone(), number), cache.push(key, number)),
            4 => assert_eq!(fixed.remove(&*key), cache.remove(&*key)),
            5 if number > 250 => {
                fixed.clear();
                cache.clear();
            }
            _ => assert_eq!(fixed.insert(key.clone(), number), cache.insert(key, number)),
        }
        assert_eq!((fixed.len(), fixed.is_empty()), (cache.len(), cache.is_empty()));
        assert_eq!(fixed.iter().count(), cache.len());
        assert!(cache.iter().all(|(key, value)| fixed.peek(&**key) == Some(value)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 128 }, ..ProptestConfig::default() })]
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
