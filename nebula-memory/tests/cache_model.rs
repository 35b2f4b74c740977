//! The calls of a cache in any order, with each policy, against a map: what is there is right, and the books come out even.
#![cfg(all(not(loom), feature = "cache"))]

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, Entry};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Call {
    Get(u8),
    GetMut(u8, u16),
    Peek(u8),
    Insert(u8, u16),
    TryInsert(u8, u16),
    Push(u8, u16),
    Remove(u8),
    Entry(u8, u16),
    GetOrInsert(u8, u16),
    TryGetOrInsert(u8, Option<u16>),
    Retain(u8),
    Resize(u8),
    Many(Vec<(u8, u16)>),
    Clear,
    Drain,
    Copy,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let key = 0_u8..40;
    let value = 0_u16..600;
    let call = prop_oneof![
        6 => key.clone().prop_map(Call::Get),
        1 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::GetMut(k, v)),
        2 => key.clone().prop_map(Call::Peek),
        12 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::Insert(k, v)),
        2 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::TryInsert(k, v)),
        2 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::Push(k, v)),
        3 => key.clone().prop_map(Call::Remove),
        2 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::Entry(k, v)),
        2 => (key.clone(), value.clone()).prop_map(|(k, v)| Call::GetOrInsert(k, v)),
        2 => (key.clone(), prop::option::of(value.clone())).prop_map(|(k, v)| Call::TryGetOrInsert(k, v)),
        1 => (1_u8..6).prop_map(Call::Retain),
        1 => (0_u8..30).prop_map(Call::Resize),
        1 => prop::collection::vec((key, value), 0..40).prop_map(Call::Many),
        1 => Just(Call::Clear),
        1 => Just(Call::Drain),
        1 => Just(Call::Copy),
    ];
    prop::collection::vec(call, 0..60)
}

type Left = Rc<RefCell<Vec<(u8, u16, Cause)>>>;

/// What is there, if nothing had to leave but what the listener was told of.
struct Books {
    map: HashMap<u8, u16>,
    left: Left,
    insertions: u64,
    evictions: u64,
}

impl Books {
    /// An insertion has been called; `came` if it was not refused.
    fn insert(&mut self, key: u8, value: u16, came: bool) -> Option<u16> {
        let old = self.map.remove(&key);
        self.settle(old.map(|old| (key, old, Cause::Replaced)));
        if came {
            self.insertions += 1;
            self.map.insert(key, value);
        }
        old
    }

    /// What has left, besides what had to by what was called.
    fn settle(&mut self, expected: impl IntoIterator<Item = (u8, u16, Cause)>) {
        let mut left = self.left.take();
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
fn run<P: Policy<Ranking: Clone>>(policy: P, weigh: fn(&u8, &u16) -> u32, capacity: usize, calls: &[Call]) {
    let left = Left::default();
    let ear = Rc::clone(&left);
    let listener = Rc::new(move |key: &u8, value: &u16, cause| ear.borrow_mut().push((*key, *value, cause)));
    let heard = move |key: &u8, value: &u16, cause| listener(key, value, cause);
    let mut cache = Cache::builder().capacity(capacity).policy(policy).weigher(weigh).listener(heard).build();
    let mut books = Books { map: HashMap::new(), left, insertions: 0, evictions: 0 };
    let (mut hits, mut misses) = (0, 0);
    // What an entry weighed when it came in: changing it in place changes nothing.
    let mut weights: HashMap<u8, u64> = HashMap::new();
    for call in calls {
        let mut look_up = |found: bool| *(if found { &mut hits } else { &mut misses }) += 1;
        match call.clone() {
            Call::Get(key) => {
                let expected = books.map.get(&key);
                assert_eq!(cache.get(&key), expected);
                look_up(expected.is_some());
            }
            Call::GetMut(key, value) => {
                let found = cache.get_mut(&key);
                look_up(found.is_some());
                assert_eq!(found.as_deref(), books.map.get(&key));
                if let Some(place) = found {
                    *place = value;
                    books.map.insert(key, value);
                }
            }
            Call::Peek(key) => {
                assert_eq!(cache.peek(&key), books.map.get(&key));
                assert_eq!(cache.contains(&key), books.map.contains_key(&key));
            }
            Call::Insert(key, value) => {
                let old = cache.insert(key, value);
                let came = cache.contains(&key);
                assert_eq!(old, books.insert(key, value, came));
                assert_eq!(came, u64::from(weigh(&key, &value).max(1)) <= cache.capacity() as u64);
                weights.insert(key, u64::from(weigh(&key, &value).max(1)));
            }
            Call::TryInsert(key, value) => {
                let result = cache.try_insert(key, value);
                let old = books.insert(key, value, result.is_ok());
                match result {
                    Ok(replaced) => assert_eq!(replaced, old),
                    Err(refused) => assert_eq!((refused.key, refused.value), (key, value)),
                }
                weights.insert(key, u64::from(weigh(&key, &value).max(1)));
            }
            Call::Push(key, value) => {
                let gone = cache.push(key, value);
                let told = books.left.borrow().clone();
                let came = cache.contains(&key);
                let old = books.insert(key, value, came);
                let last = told.iter().rev().find(|(.., cause)| *cause == Cause::Capacity);
                let expected = match old {
                    _ if !came => Some((key, value)),
                    Some(old) => Some((key, old)),
                    None => last.map(|&(key, value, _)| (key, value)),
                };
                assert_eq!(gone, expected);
                weights.insert(key, u64::from(weigh(&key, &value).max(1)));
            }
            Call::Remove(key) => {
                let expected = books.map.remove(&key);
                assert_eq!(cache.remove_entry(&key), expected.map(|value| (key, value)));
                books.settle(expected.map(|value| (key, value, Cause::Removed)));
            }
            Call::Entry(key, value) => match cache.entry(key) {
                Entry::Occupied(there) => {
                    look_up(true);
                    assert_eq!(Some(there.get()), books.map.get(&key));
                    if value % 2 == 0 {
                        let (_, old) = there.remove();
                        assert_eq!(books.map.remove(&key), Some(old));
                        books.settle([(key, old, Cause::Removed)]);
                    } else {
                        let result = there.insert(value).is_ok();
                        books.insert(key, value, result);
                        weights.insert(key, u64::from(weigh(&key, &value).max(1)));
                    }
                }
                Entry::Vacant(free) => {
                    look_up(false);
                    let came = free.insert(value).is_ok_and(|place| *place == value);
                    assert_eq!(books.insert(key, value, came), None);
                    weights.insert(key, u64::from(weigh(&key, &value).max(1)));
                }
            },
            Call::GetOrInsert(key, value) => {
                let there = books.map.get(&key).copied();
                look_up(there.is_some());
                let got = cache.get_or_insert_with(key, || value).map_or_else(|no| no.value, |got| *got);
                assert_eq!(got, there.unwrap_or(value));
                if there.is_none() {
                    let came = cache.contains(&key);
                    books.insert(key, value, came);
                    weights.insert(key, u64::from(weigh(&key, &value).max(1)));
                }
            }
            Call::TryGetOrInsert(key, value) => {
                let there = books.map.get(&key).copied();
                look_up(there.is_some());
                let got = cache.try_get_or_insert_with(key, || value.ok_or(()));
                let got = got.map(|got| got.map_or_else(|no| no.value, |got| *got));
                assert_eq!(got, there.or(value).ok_or(()));
                if let (None, Some(value)) = (there, value) {
                    let came = cache.contains(&key);
                    books.insert(key, value, came);
                    weights.insert(key, u64::from(weigh(&key, &value).max(1)));
                }
                books.settle([]);
            }
            Call::Retain(by) => {
                let gone: Vec<_> = books.map.iter().filter(|(key, _)| **key % by == 0).collect();
                let gone: Vec<_> = gone.into_iter().map(|(k, v)| (*k, *v, Cause::Removed)).collect();
                assert_eq!(cache.invalidate_if(|key, _| key % by == 0), gone.len());
                books.map.retain(|key, _| key % by != 0);
                books.settle(gone);
            }
            Call::Resize(capacity) => {
                cache.resize(capacity.into());
                assert_eq!(cache.capacity(), usize::from(capacity));
                books.settle([]);
            }
            Call::Many(entries) => {
                let mut twin = cache.clone();
                for &(key, value) in &entries {
                    twin.insert(key, value);
                    books.insertions += u64::from(twin.contains(&key));
                    weights.insert(key, u64::from(weigh(&key, &value).max(1)));
                }
                let told = books.left.take();
                books.evictions += told.iter().filter(|(.., cause)| cause.is_eviction()).count() as u64;
                cache.insert_many(entries);
                assert_eq!(books.left.take(), told);
                assert_eq!(cache.stats(), twin.stats());
                books.map = twin.iter().map(|(k, v)| (*k, *v)).collect();
            }
            Call::Clear => {
                let all: Vec<_> = books.map.drain().map(|(k, v)| (k, v, Cause::Removed)).collect();
                cache.clear();
                books.settle(all);
            }
            Call::Drain => {
                let mut all: Vec<(u8, u16)> = books.map.drain().collect();
                let mut drained: Vec<_> = cache.drain().collect();
                all.sort_unstable();
                drained.sort_unstable();
                assert_eq!(drained, all);
                books.settle(all.into_iter().map(|(k, v)| (k, v, Cause::Removed)));
            }
            Call::Copy => {
                let copy = cache.clone();
                assert_eq!(copy.stats(), cache.stats());
                cache = copy;
            }
        }
        let weight: u64 = books.map.keys().map(|key| weights[key]).sum();
        assert_eq!(cache.weight() as u64, weight, "after {call:?}");
        assert!(cache.weight() <= cache.capacity());
        assert_eq!((cache.len(), cache.is_empty()), (books.map.len(), books.map.is_empty()));
        assert_eq!(cache.iter().map(|(k, v)| (*k, *v)).collect::<HashMap<_, _>>(), books.map);
        assert_eq!(cache.iter_mut().map(|(k, v)| (*k, *v)).collect::<HashMap<_, _>>(), books.map);
        let stats = cache.stats();
        assert_eq!((stats.hits, stats.misses), (hits, misses));
        assert_eq!((stats.insertions, stats.evictions), (books.insertions, books.evictions));
        assert_eq!((stats.size, stats.capacity), (weight, cache.capacity() as u64));
    }
}

const ONE: fn(&u8, &u16) -> u32 = |_, _| 1;
const VALUE: fn(&u8, &u16) -> u32 = |_, value| u32::from(*value % 17);

macro_rules! policies {
    ($($test:ident: $policy:expr,)*) => {
        proptest! {
            #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 128 }, failure_persistence: None, ..ProptestConfig::default() })]
            $(
                #[test]
                fn $test(capacity in 0_usize..30, calls in calls(), weighed: bool) {
                    run($policy, if weighed { VALUE } else { ONE }, capacity, &calls);
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
    any: AnyPolicy::from(Lfu),
}
