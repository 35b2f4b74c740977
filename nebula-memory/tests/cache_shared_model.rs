//! The calls of a shared cache in any order, with each policy, against a map: what is there is right, whoever leaves is told of once,
//! the figures are exact, and nothing is kept that nobody wants.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use nebula_memory::cache::policy::{
    Adaptive, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, UnitWeight, Weigher};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Call {
    Get(u8),
    Peek(u8),
    Insert(u8, u16),
    TryInsert(u8, u16),
    Replace(u8, u16),
    Remove(u8),
    Invalidate(u8),
    GetOrInsert(u8, Option<u16>),
    /// The value becomes this one, or goes; the second if there was none.
    Compute(u8, Option<u16>, Option<u16>),
    InvalidateIf(u8),
    InsertMany(Vec<(u8, u16)>),
    GetMany(Vec<u8>),
    Resize(u8),
    Reclaim,
    Clear,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let key = || 0_u8..40;
    let value = || 0_u16..600;
    let maybe = || prop::option::of(value());
    let call = prop_oneof![
        6 => key().prop_map(Call::Get),
        2 => key().prop_map(Call::Peek),
        12 => (key(), value()).prop_map(|(k, v)| Call::Insert(k, v)),
        2 => (key(), value()).prop_map(|(k, v)| Call::TryInsert(k, v)),
        2 => (key(), value()).prop_map(|(k, v)| Call::Replace(k, v)),
        2 => key().prop_map(Call::Remove),
        2 => key().prop_map(Call::Invalidate),
        3 => (key(), maybe()).prop_map(|(k, v)| Call::GetOrInsert(k, v)),
        3 => (key(), maybe(), maybe()).prop_map(|(k, then, other)| Call::Compute(k, then, other)),
        1 => (1_u8..6).prop_map(Call::InvalidateIf),
        1 => prop::collection::vec((key(), value()), 0..40).prop_map(Call::InsertMany),
        1 => prop::collection::vec(key(), 0..40).prop_map(Call::GetMany),
        1 => (0_u8..30).prop_map(Call::Resize),
        1 => Just(Call::Reclaim),
        1 => Just(Call::Clear),
    ];
    prop::collection::vec(call, 0..60)
}

/// A number, and one of the handles by which those are counted that are alive.
#[derive(Clone)]
struct Value {
    number: u16,
    _handle: Arc<()>,
}

type Left = Mutex<Vec<(u8, u16, Cause)>>;

/// What is there, if nothing had to leave but what the listener was told of.
#[derive(Default)]
struct Books {
    map: HashMap<u8, u16>,
    hits: u64,
    misses: u64,
    insertions: u64,
    evictions: u64,
}

impl Books {
    /// A look-up: what it has to find.
    fn look(&mut self, key: u8) -> Option<u16> {
        let found = self.map.get(&key).copied();
        *(if found.is_some() { &mut self.hits } else { &mut self.misses }) += 1;
        found
    }

    /// A value has been put in, and `came` if it was not refused: the one before.
    fn insert(&mut self, left: &Left, key: u8, value: u16, came: bool) -> Option<u16> {
        let old = self.map.remove(&key);
        self.settle(left, old.map(|old| (key, old, Cause::Replaced)));
        if came {
            self.insertions += 1;
            self.map.insert(key, value);
        }
        old
    }

    /// What was told of: this, and what had to go.
    fn settle(&mut self, left: &Left, expected: impl IntoIterator<Item = (u8, u16, Cause)>) {
        let mut left = std::mem::take(&mut *left.lock().unwrap());
        for entry in expected {
            let at = left.iter().position(|&other| other == entry);
            left.remove(at.unwrap_or_else(|| panic!("{entry:?} not told, but {left:?}")));
        }
        for (key, value, cause) in left {
            assert_eq!(cause, Cause::Capacity);
            self.evictions += 1;
            assert_eq!(self.map.remove(&key), Some(value), "{key} has left, but was not there");
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one arm for each call")]
fn run<W: Weigher<u8, Value> + Copy>(
    policy: impl Policy,
    weigher: W,
    capacity: usize,
    shards: usize,
    calls: &[Call],
) {
    let left = &Left::default();
    let cache = Cache::builder()
        .capacity(capacity)
        .policy(policy)
        .shards(shards)
        .weigher(weigher)
        .on_leave(|key: &u8, value: &Value, cause| left.lock().unwrap().push((*key, value.number, cause)))
        .counted()
        .build_shared();
    let alive = Arc::new(());
    let made = |number| Value { number, _handle: Arc::clone(&alive) };
    let weight = |key, value| u64::from(weigher.weigh(&key, &made(value)).max(1));
    let number = |value: Option<Value>| value.map(|value| value.number);
    let mut books = Books::default();
    for call in calls {
        match call.clone() {
            Call::Get(key) => {
                let expected = books.look(key);
                assert_eq!(number(cache.get(&key)), expected);
                assert_eq!(cache.read(&key, |value| value.number), books.look(key));
                let hash = cache.cache_hash(&key);
                assert_eq!(number(cache.get_by_hash(hash, |other| *other == key)), books.look(key));
            }
            Call::Peek(key) => {
                assert_eq!(number(cache.peek(&key)), books.map.get(&key).copied());
                assert_eq!(cache.contains(&key), books.map.contains_key(&key));
            }
            Call::Insert(key, value) => {
                cache.insert(key, made(value));
                books.insert(left, key, value, cache.contains(&key));
            }
            Call::TryInsert(key, value) => {
                let result = cache.try_insert(key, made(value));
                assert_eq!(result.is_ok(), cache.contains(&key));
                books.insert(left, key, value, result.is_ok());
                if let Err(refused) = result {
                    assert_eq!((refused.key, refused.value.number), (key, value));
                }
            }
            Call::Replace(key, value) => {
                let old = number(cache.replace(key, made(value)));
                assert_eq!(old, books.insert(left, key, value, cache.contains(&key)));
            }
            Call::Remove(key) => {
                let expected = books.map.remove(&key);
                assert_eq!(number(cache.remove(&key)), expected);
                books.settle(left, expected.map(|value| (key, value, Cause::Removed)));
            }
            Call::Invalidate(key) => {
                let expected = books.map.remove(&key);
                assert_eq!(cache.invalidate(&key), expected.is_some());
                books.settle(left, expected.map(|value| (key, value, Cause::Removed)));
            }
            Call::GetOrInsert(key, value) => {
                let there = books.look(key);
                let got = cache.try_get_or_insert_with(key, || value.map(made).ok_or(()));
                assert_eq!(got.map(|got| got.number), there.or(value).ok_or(()));
                if let (None, Some(value)) = (there, value) {
                    books.insert(left, key, value, cache.contains(&key));
                }
            }
            Call::Compute(key, then, other) => {
                let old = books.map.get(&key).copied();
                let new = if old.is_some() { then } else { other };
                let came = cache.compute(key, |there| {
                    assert_eq!(there.map(|there| there.number), old);
                    new.map(made)
                });
                assert_eq!(came, cache.contains(&key));
                if let Some(new) = new {
                    books.insert(left, key, new, came);
                } else {
                    assert!(!came);
                    books.map.remove(&key);
                    books.settle(left, old.map(|old| (key, old, Cause::Removed)));
                }
            }
            Call::InvalidateIf(by) => {
                let gone: Vec<_> = books.map.extract_if(|key, _| key % by == 0).collect();
                assert_eq!(cache.invalidate_if(|key, _| key % by == 0), gone.len());
                books.settle(left, gone.into_iter().map(|(key, value)| (key, value, Cause::Removed)));
            }
            Call::InsertMany(entries) => {
                cache.insert_many(entries.iter().map(|&(key, value)| (key, made(value))));
                let told = std::mem::take(&mut *left.lock().unwrap());
                books.evictions += told.iter().filter(|(.., cause)| cause.is_eviction()).count() as u64;
                books.map = cache.snapshot().into_iter().map(|(key, value)| (key, value.number)).collect();
                books.insertions = cache.stats().insertions;
                for (key, value) in &books.map {
                    let last = entries.iter().rev().find(|(other, _)| other == key);
                    assert!(last.is_none_or(|(_, last)| last == value), "{key} has an old value");
                }
            }
            Call::GetMany(keys) => {
                let expected: Vec<_> = keys.iter().map(|&key| books.look(key)).collect();
                let keys: Vec<_> = keys.iter().collect();
                let got: Vec<_> = cache.get_many(&keys).into_iter().map(number).collect();
                assert_eq!(got, expected);
            }
            Call::Resize(capacity) => {
                cache.resize(capacity.into());
                assert_eq!(cache.capacity(), usize::from(capacity));
                books.settle(left, []);
            }
            Call::Reclaim => {
                cache.reclaim();
                assert_eq!(Arc::strong_count(&alive) - 1, cache.len(), "what has left is dropped");
            }
            Call::Clear => {
                let all: Vec<_> = books.map.drain().map(|(k, v)| (k, v, Cause::Removed)).collect();
                cache.clear();
                books.settle(left, all);
            }
        }
        let weight: u64 = books.map.iter().map(|(&key, &value)| weight(key, value)).sum();
        assert_eq!(cache.weight() as u64, weight, "after {call:?}");
        assert!(cache.weight() <= cache.capacity());
        assert_eq!((cache.len(), cache.is_empty()), (books.map.len(), books.map.is_empty()));
        let there = cache.snapshot().into_iter().map(|(key, value)| (key, value.number));
        assert_eq!(there.collect::<HashMap<_, _>>(), books.map);
        let stats = cache.stats();
        assert_eq!((stats.hits, stats.misses), (books.hits, books.misses));
        assert_eq!(
            (stats.insertions, stats.evictions),
            (books.insertions, books.evictions),
            "after {call:?}"
        );
    }
    drop(cache);
    assert_eq!(Arc::strong_count(&alive), 1);
}

macro_rules! policies {
    ($($test:ident: $policy:expr,)*) => {
        proptest! {
            #![proptest_config(support::cases(if cfg!(miri) { 2 } else { 128 }))]
            $(
                #[test]
                fn $test(capacity in 0_usize..30, shards in 1_usize..4, calls in calls(), weighed: bool) {
                    if weighed {
                        run($policy, |_: &u8, value: &Value| u32::from(value.number % 17), capacity, shards, &calls);
                    } else {
                        run($policy, UnitWeight, capacity, shards, &calls);
                    }
                }
            )*
        }
    };
}

policies! {
    lru: Lru,
    fifo: Fifo,
    lfu: Lfu,
    random: Random::new(7),
    sieve: Sieve,
    s3_fifo: S3Fifo,
    elastic: Elastic,
    w_tiny_lfu: WTinyLfu::default(),
    adaptive: Adaptive,
}
