//! The cache of two tiers.
#![cfg(all(not(loom), feature = "compression"))]

mod support;

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nebula_memory::cache::layers::{ComputeCache, Store};
use nebula_memory::cache::policy::{Fifo, Lru};
use nebula_memory::cache::{CacheError, Codec, CodecError, TieredCache};
use proptest::prelude::*;
use support::cases;

/// Numbers, and whatever shall happen while they are encoded and decoded.
#[derive(Clone, Default)]
struct Numbers(Arc<Hooks>);

type Hook = Mutex<Option<Box<dyn FnMut(u64) -> Result<(), CodecError> + Send>>>;

#[derive(Default)]
struct Hooks {
    encode: Hook,
    decode: Hook,
}

impl Numbers {
    fn on_encode(&self, hook: impl FnMut(u64) -> Result<(), CodecError> + Send + 'static) {
        *self.0.encode.lock().unwrap() = Some(Box::new(hook));
    }

    fn on_decode(&self, hook: impl FnMut(u64) -> Result<(), CodecError> + Send + 'static) {
        *self.0.decode.lock().unwrap() = Some(Box::new(hook));
    }

    /// Takes the hook while it is called: what it does may come here again, and is not hooked then.
    fn call(hook: &Hook, number: u64) -> Result<(), CodecError> {
        let taken = hook.lock().unwrap().take();
        let Some(mut call) = taken else { return Ok(()) };
        let outcome = call(number);
        *hook.lock().unwrap() = Some(call);
        outcome
    }
}

impl Codec<u64> for Numbers {
    fn encode(&self, value: &u64, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        bytes.extend(value.to_le_bytes());
        Self::call(&self.0.encode, *value)
    }

    fn decode(&self, bytes: &[u8]) -> Result<u64, CodecError> {
        let value = u64::from_le_bytes(bytes.try_into()?);
        Self::call(&self.0.decode, value)?;
        Ok(value)
    }
}

type Tiered = Arc<TieredCache<u64, u64, Numbers, Lru>>;

fn tiered(first: usize, second: usize) -> (Tiered, Numbers) {
    let numbers = Numbers::default();
    let cache = TieredCache::builder()
        .first(first)
        .second(second)
        .codec(numbers.clone())
        .policy(Lru)
        .shards(1)
        .build();
    (Arc::new(cache), numbers)
}

fn weight(of: u64) -> u32 {
    u32::try_from(of).unwrap()
}

/// What an entry takes in the second tier.
fn packed_size() -> usize {
    let (cache, _) = tiered(0, 1 << 20);
    cache.insert(0, 0);
    usize::try_from(cache.stats().second.size).unwrap()
}

#[test]
fn what_leaves_the_first_tier_goes_to_the_second_and_comes_back() {
    let (cache, _) = tiered(2, 1 << 20);
    for key in 0..5 {
        cache.insert(key, key * 10);
    }
    let stats = cache.stats();
    assert_eq!((cache.len(), stats.first.size, stats.packed, stats.first.evictions), (5, 2, 3, 3));
    assert_eq!(cache.get(&0), Some(0));
    assert_eq!(cache.get(&0), Some(0));
    assert_eq!(cache.get(&9), None);
    let stats = cache.stats();
    assert_eq!((stats.first.hits, stats.first.misses), (1, 2));
    assert_eq!((stats.second.hits, stats.second.misses), (1, 1));
    assert_eq!((stats.hits(), stats.misses()), (2, 1));
    assert_eq!((cache.len(), stats.first.size, stats.packed), (5, 2, 3), "3 went down for 0");
    cache.reset_stats();
    assert_eq!((cache.stats().hits(), cache.stats().packed), (0, 3));
}

#[test]
fn the_second_tier_is_bounded_in_bytes() {
    let one = packed_size();
    let (cache, _) = tiered(1, 3 * one + 1);
    for key in 0..10 {
        cache.insert(key, key);
        assert!(cache.stats().second.size <= 3 * one as u64 && cache.stats().first.size <= 1);
    }
    assert!((0..10).map(|key| cache.peek(&key)).eq((0..10).map(|key| (key >= 6).then_some(key))));
    assert_eq!(cache.stats().second.evictions, 6);
}

#[test]
fn a_second_tier_that_has_no_room_is_none() {
    let (cache, _) = tiered(1, 3);
    cache.insert(1, 1);
    cache.insert(2, 2);
    assert_eq!((cache.get(&1), cache.get(&2), cache.len()), (None, Some(2), 1));
}

#[test]
fn what_is_too_heavy_for_the_first_is_packed_at_once() {
    let cache: TieredCache<u8, String, _, _, _, _> = TieredCache::builder()
        .first(100)
        .second(1 << 20)
        .weigher(|_: &u8, text: &String| weight(text.len() as u64))
        .shards(1)
        .build();
    cache.insert(1, "x".repeat(1000));
    cache.insert(2, "y".repeat(60));
    cache.insert(3, "z".repeat(60));
    assert_eq!((cache.stats().packed, cache.stats().first.size), (2, 60));
    assert_eq!(cache.get(&1), Some("x".repeat(1000)));
    assert_eq!(cache.stats().packed, 2, "it stays where it is");
    assert_eq!(cache.get(&2), Some("y".repeat(60)));
    assert_eq!((cache.stats().packed, cache.stats().first.size, cache.len()), (2, 60, 3));
    // A value that becomes heavier has room made for it, one that becomes too heavy goes below.
    cache.insert(2, "y".repeat(90));
    assert_eq!((cache.stats().first.size, cache.len()), (90, 3));
    cache.insert(2, "y".repeat(900));
    assert_eq!((cache.stats().first.size, cache.len()), (0, 3));
    cache.insert(2, "y".repeat(9));
    assert_eq!((cache.stats().first.size, cache.len(), cache.get(&2)), (9, 3, Some("y".repeat(9))));
    cache.insert(2, "y".to_string());
    assert_eq!((cache.stats().first.size, cache.len()), (1, 3));
}

#[test]
fn a_removal_takes_from_either_tier() {
    let (cache, _) = tiered(1, 1 << 20);
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!(cache.remove(&1), Some(10), "packed");
    assert_eq!(cache.remove(&2), Some(20));
    assert!(cache.remove(&1).is_none() && cache.is_empty());
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert!(cache.invalidate(&1) && !cache.invalidate(&1) && cache.invalidate(&2));
    for key in 0..10 {
        cache.insert(key, key);
    }
    assert_eq!(cache.invalidate_if(|key| key % 2 == 0), 5);
    assert!((0..10).all(|key| cache.contains(&key) == (key % 2 == 1)));
    cache.clear();
    assert_eq!((cache.len(), cache.stats().first.size, cache.stats().second.size), (0, 0, 0));
}

#[test]
fn a_new_value_wins_over_a_packed_one() {
    let (cache, _) = tiered(1, 1 << 20);
    cache.insert(1, 10);
    cache.insert(2, 20);
    cache.insert(1, 11);
    assert_eq!((cache.len(), cache.get(&1)), (2, Some(11)));
    cache.insert(2, 21);
    assert_eq!((cache.peek(&1), cache.peek(&2)), (Some(11), Some(21)));
    assert_eq!(cache.stats().packed, 1);
}

#[test]
fn corrupt_bytes_are_a_miss_and_are_gone() {
    let (cache, numbers) = tiered(1, 1 << 20);
    numbers.on_decode(|number| if number == 10 { Err("not this one".into()) } else { Ok(()) });
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!(cache.get(&1), None);
    let stats = cache.stats();
    assert_eq!((stats.corrupt, stats.second.hits, stats.second.misses, cache.len()), (1, 0, 1, 1));
    assert_eq!((cache.get(&1), cache.stats().corrupt), (None, 1));
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!((cache.peek(&1), cache.len(), cache.stats().corrupt), (None, 1, 2));
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!((cache.remove(&1), cache.len(), cache.stats().corrupt), (None, 1, 3));
}

#[test]
fn what_cannot_be_packed_is_gone_and_counted() {
    let (cache, numbers) = tiered(1, 1 << 20);
    numbers.on_encode(|number| if number == 10 { Err("not this one".into()) } else { Ok(()) });
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!((cache.len(), cache.stats().unpackable, cache.get(&1)), (1, 1, None));
}

#[test]
fn a_codec_that_panics_costs_the_entry() {
    let (cache, numbers) = tiered(1, 1 << 20);
    numbers.on_encode(|number| if number == 10 { panic!("no") } else { Ok(()) });
    cache.insert(1, 10);
    assert!(catch_unwind(AssertUnwindSafe(|| cache.insert(2, 20))).is_err());
    assert_eq!((cache.len(), cache.get(&1), cache.get(&2), cache.stats().unpackable), (1, None, Some(20), 1));

    numbers.on_encode(|_| Ok(()));
    numbers.on_decode(|_| panic!("no"));
    cache.insert(3, 30);
    assert!(catch_unwind(AssertUnwindSafe(|| cache.get(&2))).is_err());
    assert_eq!((cache.len(), cache.contains(&2), cache.stats().corrupt), (1, false, 1));
}

#[test]
fn a_panic_gives_up_all_that_left_at_once() {
    let numbers = Numbers::default();
    let cache = TieredCache::builder()
        .first(4)
        .second(1 << 20)
        .codec(numbers.clone())
        .weigher(|_: &u64, value: &u64| weight(*value))
        .policy(Fifo)
        .shards(1)
        .build();
    (0..4_u64).for_each(|key| cache.insert(key, 1));
    let mut calls = 0;
    numbers.on_encode(move |_| {
        calls += 1;
        if calls == 2 { panic!("no") } else { Ok(()) }
    });
    assert!(catch_unwind(AssertUnwindSafe(|| cache.insert(9, 4))).is_err());
    let stats = cache.stats();
    assert_eq!((cache.len(), stats.packed, stats.unpackable, cache.peek(&9)), (2, 1, 3, Some(4)));
}

/// A key whose drop panics, once.
#[derive(PartialEq, Eq, Hash)]
struct Touchy(u64, bool);

impl Drop for Touchy {
    fn drop(&mut self) {
        assert!(!std::mem::take(&mut self.1) || std::thread::panicking(), "dropped");
    }
}

#[test]
fn a_drop_that_panics_leaves_nothing_on_its_way() {
    let numbers = Numbers::default();
    let builder = TieredCache::builder().first(4).codec(numbers).policy(Fifo).shards(1);
    let one = {
        let cache = builder.second(1000).weigher(|_: &Touchy, value: &u64| weight(*value)).build();
        cache.insert(Touchy(0, false), 4);
        cache.insert(Touchy(1, false), 4);
        usize::try_from(cache.stats().second.size).unwrap()
    };
    let builder = TieredCache::builder().first(4).codec(Numbers::default()).policy(Fifo).shards(1);
    let cache = builder.second(2 * one).weigher(|_: &Touchy, value: &u64| weight(*value)).build();
    // The first that goes down goes further as soon as three have come.
    (0..4).for_each(|key| cache.insert(Touchy(key, key == 0), 1));
    let outcome = catch_unwind(AssertUnwindSafe(|| cache.insert(Touchy(9, false), 4)));
    assert!(outcome.is_err());
    let stats = cache.stats();
    assert_eq!((stats.first.size, stats.packed, cache.len()), (4, 2, 3), "nothing is on its way any more");
    assert_eq!(cache.peek(&Touchy(3, false)), Some(1));

    // And of what is cleared, the rest goes as well.
    let cache: TieredCache<Touchy, String> = TieredCache::builder().first(8).second(1000).shards(4).build();
    (0..8).for_each(|key| cache.insert(Touchy(key, true), String::new()));
    assert!(catch_unwind(AssertUnwindSafe(|| cache.clear())).is_err());
    assert!(cache.is_empty());
}

thread_local! {
    static UNEQUAL: Cell<bool> = const { Cell::new(false) };
}

/// A key that cannot be compared at times; dropped in a panic it looks into the cache, if there is one to be looked into.
#[derive(Clone)]
struct Picky(u64, Option<Arc<PickyTiers>>);

type PickyTiers = TieredCache<Picky, u64, Numbers, Lru>;

impl Hash for Picky {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // All of them may be meant, so that each look-up compares.
        0_u64.hash(state);
    }
}

impl PartialEq for Picky {
    fn eq(&self, other: &Self) -> bool {
        assert!(!UNEQUAL.get(), "not now");
        self.0 == other.0
    }
}

impl Eq for Picky {}

impl Drop for Picky {
    fn drop(&mut self) {
        if let Some(cache) = self.1.take() {
            assert_eq!(cache.len(), 2);
        }
    }
}

#[test]
fn a_comparison_that_panics_changes_nothing() {
    let builder =
        TieredCache::builder().first(1).second(10_000).codec(Numbers::default()).policy(Lru).shards(1);
    let cache: Arc<PickyTiers> = Arc::new(builder.build());
    cache.insert(Picky(1, None), 10);
    cache.insert(Picky(2, None), 20);
    let calls: [fn(&Arc<PickyTiers>); 5] = [
        |cache| assert_eq!(cache.get(&Picky(1, None)), None),
        |cache| assert_eq!(cache.peek(&Picky(2, None)), None),
        |cache| assert_eq!(cache.remove(&Picky(2, None)), None),
        // What does not come in is dropped when nothing is locked any more.
        |cache| cache.insert(Picky(3, Some(Arc::clone(cache))), 30),
        |cache| assert_eq!(cache.insert_new(Picky(3, Some(Arc::clone(cache))), 30, || true), None),
    ];
    for call in calls {
        UNEQUAL.set(true);
        assert!(catch_unwind(AssertUnwindSafe(|| call(&cache))).is_err());
        UNEQUAL.set(false);
        assert_eq!((cache.len(), cache.stats().packed), (2, 1));
    }
    assert_eq!((cache.get(&Picky(1, None)), cache.get(&Picky(2, None))), (Some(10), Some(20)));
}

/// What happens to an entry while it is on its way, in both directions.
#[test]
fn a_removal_on_the_way_leaves_nothing() {
    for packing in [true, false] {
        let (cache, numbers) = tiered(1, 1 << 20);
        let removed = Arc::new(AtomicBool::new(false));
        let hook = {
            let (cache, removed) = (Arc::downgrade(&cache), Arc::clone(&removed));
            move |number| {
                let cache = cache.upgrade().unwrap();
                if number == 10 && !removed.swap(true, Ordering::Relaxed) {
                    assert!(cache.contains(&1), "it is found all the while");
                    assert_eq!(cache.peek(&1), Some(10));
                    assert_eq!(cache.remove(&1), Some(10));
                }
                Ok(())
            }
        };
        if packing {
            numbers.on_encode(hook);
        } else {
            numbers.on_decode(hook);
        }
        cache.insert(1, 10);
        cache.insert(2, 20);
        if !packing {
            assert_eq!(cache.get(&1), Some(10), "it was there when the call began");
        }
        assert!(removed.load(Ordering::Relaxed));
        assert_eq!((cache.get(&1), cache.get(&2), cache.len()), (None, Some(20), 1));
    }
}

#[test]
fn an_insertion_on_the_way_wins() {
    for packing in [true, false] {
        let (cache, numbers) = tiered(1, 1 << 20);
        let hook = {
            let cache = Arc::downgrade(&cache);
            move |number| {
                if number == 10 {
                    cache.upgrade().unwrap().insert(1, 11);
                }
                Ok(())
            }
        };
        if packing {
            numbers.on_encode(hook);
        } else {
            numbers.on_decode(hook);
        }
        cache.insert(1, 10);
        cache.insert(2, 20);
        if !packing {
            cache.get(&1);
        }
        assert_eq!((cache.get(&1), cache.get(&2), cache.len()), (Some(11), Some(20), 2), "{packing}");
    }
}

#[test]
fn two_that_bring_up_the_same_entry_bring_it_once() {
    let (cache, numbers) = tiered(1, 1 << 20);
    let inner = Arc::downgrade(&cache);
    numbers.on_decode(move |number| {
        if number == 10 {
            assert_eq!(inner.upgrade().unwrap().get(&1), Some(10));
        }
        Ok(())
    });
    cache.insert(1, 10);
    cache.insert(2, 20);
    assert_eq!((cache.get(&1), cache.len(), cache.stats().packed), (Some(10), 2, 1));
    assert_eq!(cache.stats().second.hits, 2);
}

#[test]
fn options_that_cannot_be() {
    let of = TieredCache::<u8, String>::builder;
    assert_eq!(of().first(1).try_build().unwrap_err(), CacheError::NoCapacity);
    assert_eq!(of().second(1).try_build().unwrap_err(), CacheError::NoCapacity);
    let much = usize::MAX;
    assert_eq!(
        of().first(much).second(much).try_build().unwrap_err(),
        CacheError::CapacityTooLarge { capacity: much }
    );
    assert!(format!("{:?}", of().first(3)).contains("first: Some(3)"));
    assert!(format!("{:?}", of().first(3).second(1).build()).contains("TieredCache"));
}

#[test]
fn shares_of_shards_add_up() {
    for shards in [1, 3, 7, 64] {
        let cache: TieredCache<u64, String> =
            TieredCache::builder().first(50).second(10_001).shards(shards).build();
        let stats = cache.stats();
        assert_eq!((stats.first.capacity, stats.second.capacity), (50, 10_001));
        (0..1_000).for_each(|key| cache.insert(key, key.to_string()));
        let stats = cache.stats();
        assert!(stats.first.size <= 50 && stats.second.size <= 10_001);
        assert!(stats.packed > 0 || shards == 64);
    }
}

#[test]
fn text_of_all_kinds() {
    let cache: TieredCache<u8, Arc<str>> = TieredCache::new(1, 10_000);
    cache.insert(1, "one".into());
    cache.insert(2, "two".into());
    assert_eq!(cache.get(&1).as_deref(), Some("one"));
    let cache: TieredCache<u8, Vec<u8>> = TieredCache::new(1, 10_000);
    assert_eq!(cache.get_or_insert_with(1, || vec![1; 500]), [1; 500]);
    assert_eq!(cache.get_or_insert_with(2, || vec![2; 500]), [2; 500]);
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), [1; 500]);
    assert!(cache.stats().second.size < 300, "compressed");
}

#[test]
fn layers_go_around_it() {
    let (tiers, numbers) = tiered(1, 1 << 20);
    let cache = ComputeCache::over(Arc::clone(&tiers)).with_deduplication();
    let load = |key: u64| cache.get_or_compute(key, || key * 10);
    assert_eq!([1, 2, 3].map(load), [10, 20, 30]);
    assert_eq!((tiers.len(), tiers.stats().packed), (3, 2));
    assert_eq!(cache.get_or_compute(1, || unreachable!("it is packed")), 10);

    // One step: what is there in either tier stays, what is no value does not count as there.
    assert_eq!(tiers.insert_new(1, 11, || unreachable!()), Some(10));
    assert_eq!(tiers.insert_new(2, 21, || unreachable!()), Some(20));
    assert_eq!(tiers.insert_new(4, 40, || false), None);
    assert_eq!(
        (tiers.contains(&4), tiers.insert_new(4, 40, || true), tiers.get(&4)),
        (false, None, Some(40))
    );
    numbers.on_decode(|number| if number == 20 { Err("no".into()) } else { Ok(()) });
    assert_eq!((tiers.insert_new(2, 21, || true), tiers.peek(&2)), (None, Some(21)));
    assert_eq!((Store::remove(&*tiers, &2), Store::len(&*tiers), Store::capacity(&*tiers)), (Some(21), 3, 1));
    Store::clear(&*tiers);
    assert!(Store::is_empty(&*tiers));
}

/// Counts its values, to see that none is lost or dropped twice.
struct Counted(u64, Arc<AtomicUsize>);

impl Counted {
    fn new(number: u64, alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self(number, Arc::clone(alive))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Counting(Arc<AtomicUsize>);

impl Codec<Counted> for Counting {
    fn encode(&self, value: &Counted, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        bytes.extend(value.0.to_le_bytes());
        Ok(())
    }

    fn decode(&self, bytes: &[u8]) -> Result<Counted, CodecError> {
        Ok(Counted::new(u64::from_le_bytes(bytes.try_into()?), &self.0))
    }
}

/// Values carry their key and a version that only grows; a reader that has seen a version never sees an older one, and after all
/// is removed nothing is there.
#[test]
fn threads_see_no_old_values_and_capacities_hold() {
    const KEYS: u64 = 12;
    let rounds = if cfg!(miri) { 40 } else { 4_000 };
    let at = |key| usize::try_from(key).unwrap();
    let alive = Arc::default();
    let one = packed_size();
    let cache =
        TieredCache::builder().first(3).second(4 * one).codec(Counting(Arc::clone(&alive))).shards(1).build();
    let written: Vec<_> = (0..KEYS).map(|_| AtomicU64::new(0)).collect();
    std::thread::scope(|scope| {
        for part in 0..2 {
            let (cache, written, alive) = (&cache, &written, &alive);
            scope.spawn(move || {
                for round in 1..=rounds {
                    // Each key has one writer.
                    let key = (round * 7 % (KEYS / 2)) * 2 + part;
                    if round % 5 == 0 {
                        cache.invalidate(&key);
                        assert!(cache.get_arc(&key).is_none(), "removed, and nobody else puts it in");
                    } else {
                        cache.insert(key, Counted::new(key << 32 | round, alive));
                        written[at(key)].store(round, Ordering::Release);
                    }
                    let other = round % KEYS;
                    let least = written[at(other)].load(Ordering::Acquire);
                    if let Some(value) = cache.get_arc(&other) {
                        assert_eq!(value.0 >> 32, other);
                        assert!((value.0 & 0xFFFF_FFFF) >= least, "a value that was replaced");
                    }
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..rounds {
                let stats = cache.stats();
                assert!(stats.first.size <= 3 && stats.second.size <= 4 * one as u64);
            }
        });
    });
    (0..KEYS).for_each(|key| drop(cache.remove_arc(&key)));
    assert!(cache.is_empty());
    assert_eq!(alive.load(Ordering::Relaxed), 0);
    assert_eq!((cache.stats().corrupt, cache.stats().unpackable), (0, 0));
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u64, u64),
    Get(u64),
    Peek(u64),
    Remove(u64),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..12_u64;
    prop_oneof![
        6 => (key.clone(), any::<u64>()).prop_map(|(key, value)| Step::Insert(key, value)),
        6 => key.clone().prop_map(Step::Get),
        2 => key.clone().prop_map(Step::Peek),
        2 => key.prop_map(Step::Remove),
        1 => Just(Step::Clear),
    ]
}

/// Both tiers as lists, the oldest first.
#[derive(Default)]
struct Model {
    first: Vec<(u64, u64)>,
    second: Vec<(u64, u64)>,
}

impl Model {
    fn take(list: &mut Vec<(u64, u64)>, key: u64) -> Option<u64> {
        let at = list.iter().position(|entry| entry.0 == key)?;
        Some(list.remove(at).1)
    }

    fn remove(&mut self, key: u64) -> Option<u64> {
        Self::take(&mut self.first, key).or_else(|| Self::take(&mut self.second, key))
    }

    fn insert(&mut self, key: u64, value: u64, first: usize, second: usize) {
        self.remove(key);
        self.first.push((key, value));
        while self.first.len() > first {
            self.second.push(self.first.remove(0));
        }
        while self.second.len() > second {
            self.second.remove(0);
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn it_does_what_two_lists_do(
        first in 0..5_usize,
        second in 0..5_usize,
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let one = packed_size();
        let (cache, _) = tiered(first, second * one);
        let mut model = Model::default();
        for step in steps {
            match step {
                Step::Insert(key, value) => {
                    cache.insert(key, value);
                    model.insert(key, value, first, second);
                }
                Step::Get(key) => {
                    let found = cache.get(&key);
                    if let Some(value) = model.first.iter().chain(&model.second).find(|entry| entry.0 == key) {
                        prop_assert_eq!(found, Some(value.1));
                        // Where the first tier has no room at all it stays where it is.
                        if first > 0 {
                            model.insert(key, value.1, first, second);
                        }
                    } else {
                        prop_assert_eq!(found, None);
                    }
                }
                Step::Peek(key) => {
                    let there = model.first.iter().chain(&model.second).find(|entry| entry.0 == key);
                    prop_assert_eq!(cache.peek(&key), there.map(|entry| entry.1));
                    prop_assert_eq!(cache.contains(&key), there.is_some());
                }
                Step::Remove(key) => prop_assert_eq!(cache.remove(&key), model.remove(key)),
                Step::Clear => {
                    cache.clear();
                    model = Model::default();
                }
            }
            let stats = cache.stats();
            prop_assert_eq!(stats.first.size, model.first.len() as u64);
            prop_assert_eq!(stats.packed, model.second.len() as u64);
            prop_assert_eq!(stats.second.size, (model.second.len() * one) as u64);
            prop_assert_eq!(cache.len(), model.first.len() + model.second.len());
        }
    }
}
