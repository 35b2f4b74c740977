//! Any order of calls, on every policy: what is found is what was put in last, and there is never too much of it.
#![no_main]

use std::collections::HashMap;

use libfuzzer_sys::fuzz_target;
use nebula_memory::cache::policy::{
    Adaptive, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, SharedCache, Weigher};

/// What an entry weighs is its value, so that one value after another is heavier or lighter.
fn weight(_: &u8, value: &String) -> u32 {
    u32::try_from(value.len()).expect("a short one")
}

fuzz_target!(|bytes: &[u8]| {
    let [policy, capacity, calls @ ..] = bytes else { return };
    let capacity = usize::from(*capacity);
    match policy % 9 {
        0 => both(Lru, capacity, calls),
        1 => both(Lfu, capacity, calls),
        2 => both(Fifo, capacity, calls),
        3 => both(Random::default(), capacity, calls),
        4 => both(Sieve, capacity, calls),
        5 => both(S3Fifo::default(), capacity, calls),
        6 => both(Elastic::default(), capacity, calls),
        7 => both(WTinyLfu::default(), capacity, calls),
        _ => both(Adaptive::default(), capacity, calls),
    }
});

fn both<P: Policy>(policy: P, capacity: usize, calls: &[u8])
where
    P::Ranking: Send,
{
    let builder = || Cache::builder().capacity(capacity).policy(policy.clone());
    one(builder().build(), calls);
    one(builder().weigher(weight).build(), calls);
    many(&builder().shards(1).build_shared(), calls);
    many(&builder().weigher(weight).build_shared(), calls);
}

fn one<P: Policy, W: Weigher<u8, String>>(
    mut cache: Cache<u8, String, P, impl std::hash::BuildHasher, W>,
    calls: &[u8],
) {
    let mut model = HashMap::new();
    for call in calls.chunks_exact(2) {
        let (key, value) = (call[1] % 32, "x".repeat(usize::from(call[1] / 8)));
        match call[0] % 8 {
            0..3 => assert!(cache.get(&key).is_none_or(|found| model.get(&key) == Some(found))),
            3 | 4 => {
                if cache.try_insert(key, value.clone()).is_ok() {
                    model.insert(key, value);
                } else {
                    model.remove(&key);
                }
            }
            5 => assert!(cache.remove(&key).is_none_or(|gone| model.remove(&key) == Some(gone))),
            6 => {
                let capacity = usize::from(call[1]);
                cache.resize(capacity);
                assert_eq!(cache.capacity(), capacity);
            }
            _ => cache.retain(|&other, _| other % 3 != key % 3),
        }
        assert!(cache.weight() <= cache.capacity(), "{cache:?}");
        assert!(cache.iter().all(|(key, value)| model.get(key) == Some(value)));
        assert_eq!(cache.iter().count(), cache.len());
    }
}

fn many<P: Policy, W: Weigher<u8, String>>(
    cache: &SharedCache<u8, String, P, impl std::hash::BuildHasher, W>,
    calls: &[u8],
) where
    P::Ranking: Send,
{
    let mut model = HashMap::new();
    for call in calls.chunks_exact(2) {
        let (key, value) = (call[1] % 32, "x".repeat(usize::from(call[1] / 8)));
        match call[0] % 8 {
            0..3 => assert!(cache.get(&key).is_none_or(|found| model.get(&key) == Some(&found))),
            3 | 4 => {
                cache.insert(key, value.clone());
                model.insert(key, value);
            }
            5 => assert!(cache.remove(&key).is_none_or(|gone| model.remove(&key) == Some(gone))),
            6 => cache.resize(usize::from(call[1])),
            _ => cache.retain(|&other, _| other % 3 != key % 3),
        }
        assert!(cache.weight() <= cache.capacity(), "{cache:?}");
        cache.for_each(|key, value| assert_eq!(model.get(key), Some(value)));
    }
}
