//! Entries that are pinned stay, whoever comes; all else is as before.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl, Ttl};
use nebula_memory::cache::policy::{AnyPolicy, Fifo, Lru, Pins, Policy, S3Fifo, WTinyLfu};
use nebula_memory::cache::{Cache, Cause, DefaultHashBuilder, Pinnable};
use proptest::prelude::*;
use support::cases;

fn cache<P: Policy>(capacity: usize, policy: P) -> Cache<u32, u32, P> {
    Cache::builder().capacity(capacity).policy(policy).build()
}

#[test]
fn what_is_pinned_stays_until_it_is_not() {
    let mut cache = cache(3, Pinnable::new(Lru));
    cache.extend([(1, 1), (2, 2), (3, 3)]);
    assert!(cache.pin(&1) && cache.pin(&1) && !cache.pin(&9));
    assert!(cache.is_pinned(&1) && !cache.is_pinned(&2) && !cache.is_pinned(&9));
    cache.extend((10..100).map(|key| (key, key)));
    assert_eq!((cache.len(), cache.peek(&1)), (3, Some(&1)));

    assert!(cache.unpin(&1) && !cache.unpin(&1) && !cache.unpin(&9));
    assert!(!cache.is_pinned(&1));
    // As one that has just come in.
    cache.extend([(100, 100), (101, 101)]);
    assert!(cache.contains(&1));
    cache.insert(102, 102);
    assert!(!cache.contains(&1));
}

#[test]
fn where_all_is_pinned_nothing_comes_in() {
    let mut cache = cache(2, Pinnable::new(S3Fifo));
    cache.extend([(1, 1), (2, 2)]);
    assert!(cache.pin(&1) && cache.pin(&2));
    let refused = cache.try_insert(3, 3).unwrap_err();
    assert_eq!((refused.key, refused.value), (3, 3));
    assert_eq!(cache.insert(3, 3), None);
    assert_eq!(cache.push(3, 3), Some((3, 3)));
    assert!(!cache.contains(&3));
    // What is there can have another value, and stays pinned.
    assert_eq!(cache.insert(1, 11), Some(1));
    assert!(cache.is_pinned(&1));
    cache.resize(1);
    assert_eq!(cache.len(), 2, "pins are kept");
    assert!(cache.try_insert(3, 3).is_err());
    assert_eq!(cache.remove(&1), Some(11));
    assert!(cache.try_insert(3, 3).is_err(), "the other one fills it");
    assert_eq!(cache.remove(&2), Some(2));
    assert!(cache.try_insert(3, 3).is_ok());
    assert!(!cache.is_pinned(&3), "a new entry in an old place");
}

#[test]
fn a_heavier_value_is_pinned_as_well() {
    let policy = Pinnable::new(Lru);
    let mut cache =
        Cache::builder().capacity(10).policy(policy).weigher(|_: &u32, value: &u32| *value).build();
    cache.insert(1, 2);
    cache.pin(&1);
    assert_eq!(cache.insert(1, 5), Some(2));
    assert!(cache.is_pinned(&1));
    cache.insert(2, 5);
    assert!(cache.try_insert(3, 6).is_err());
    assert_eq!(cache.insert(1, 1), Some(5));
    assert!(cache.is_pinned(&1));
    assert!(cache.try_insert(3, 9).is_ok());
    assert!(cache.contains(&1) && !cache.contains(&2));
}

type Pinned = Cache<u32, u32, Pinnable<Fifo>>;

#[test]
fn users_can_remove_it_in_every_way() {
    let mut cache = cache(4, Pinnable::new(Fifo));
    let removals: [fn(&mut Pinned); 5] = [
        |cache| assert_eq!(cache.remove(&1), Some(1)),
        |cache| cache.retain(|key, _| *key != 1),
        |cache| assert_eq!(cache.invalidate_if(|key, _| *key == 1), 1),
        Cache::clear,
        |cache| drop(cache.drain()),
    ];
    for remove in removals {
        cache.insert(1, 1);
        assert!(cache.pin(&1));
        remove(&mut cache);
        assert!(!cache.contains(&1) && !cache.is_pinned(&1));
        cache.extend((2..20).map(|key| (key, key)));
        assert_eq!(cache.len(), 4);
    }
}

#[test]
fn time_goes_on_for_what_is_pinned() {
    let clock = ManualClock::new();
    let life = Duration::from_secs(10);
    let mut inside = cache(2, Pinnable::new(Ttl::new(Lru, life).with_clock(clock.clone())));
    let mut around = cache(2, Ttl::new(Pinnable::new(Lru), life).with_clock(clock.clone()));
    inside.insert(1, 1);
    around.insert(1, 1);
    assert!(inside.pin(&1) && around.pin(&1));
    clock.set(life);
    assert!(!inside.is_pinned(&1) && !around.is_pinned(&1), "what is over cannot be asked for");
    assert!(inside.peek(&1).is_none() && around.peek(&1).is_none());
    inside.insert(2, 2);
    around.insert(2, 2);
    assert_eq!((inside.len(), around.len()), (2, 1));
    assert!(!inside.unpin(&1));
    assert_eq!(inside.get(&1), None);
    assert_eq!(inside.len(), 1);
}

#[test]
fn a_pin_does_not_give_time() {
    let clock = ManualClock::new();
    let second = Duration::from_secs(1);
    let policy = Pinnable::new(PerEntryTtl::new(Lru).with_clock(clock.clone()));
    let mut cache = cache(10, policy);
    cache.insert_for(1, 1, second);
    cache.insert_for(2, 2, second);
    assert!(cache.pin(&1) && cache.pin(&2));
    assert_eq!(cache.insert_for(2, 3, second * 5), Some(2));
    clock.set(second / 2);
    assert!(cache.unpin(&1));
    clock.set(second);
    assert_eq!(cache.get(&1), None);
    assert!(cache.is_pinned(&2));
    assert!(cache.unpin(&2));
    clock.set(second * 5);
    cache.insert(3, 3);
    assert_eq!(cache.len(), 1, "it is in the wheel again");
}

#[derive(Clone, Debug)]
enum Step {
    Insert(u8, u8),
    Get(u8),
    Remove(u8),
    Pin(u8),
    Unpin(u8),
    Later,
    Resize(u8),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = || 0..16_u8;
    let step = prop_oneof![
        16 => (key(), 1..4_u8).prop_map(|(key, weight)| Step::Insert(key, weight)),
        8 => key().prop_map(Step::Get),
        2 => key().prop_map(Step::Remove),
        4 => key().prop_map(Step::Pin),
        4 => key().prop_map(Step::Unpin),
        2 => Just(Step::Later),
        1 => (1..20_u8).prop_map(Step::Resize),
        1 => Just(Step::Clear),
    ];
    proptest::collection::vec(step, 0..60)
}

/// What is there: what it weighs, and whether it is pinned.
type Model = HashMap<u8, (u8, bool)>;

fn follow<P: Policy<Ranking: Pins>>(
    policy: P,
    clock: &ManualClock,
    steps: &[Step],
) -> Result<(), TestCaseError> {
    let left = RefCell::new(Vec::new());
    let mut cache: Cache<u8, u8, P, DefaultHashBuilder, _, _> = Cache::builder()
        .capacity(8)
        .policy(policy)
        .weigher(|_: &u8, weight: &u8| u32::from(*weight))
        .listener(|key: &u8, _: &u8, cause: Cause| left.borrow_mut().push((*key, cause)))
        .build();
    let mut model = Model::new();
    for step in steps {
        let mut come = None;
        match *step {
            Step::Insert(key, weight) => {
                let there = model.get(&key).is_some_and(|(_, pinned)| *pinned) && cache.contains(&key);
                let pinned: usize = model
                    .iter()
                    .filter(|(other, (_, pinned))| **other != key && *pinned)
                    .map(|(_, (weight, _))| usize::from(*weight))
                    .sum();
                match cache.try_insert(key, weight) {
                    Ok(_) => come = Some((key, (weight, there))),
                    Err(_) => prop_assert!(pinned + usize::from(weight) > cache.capacity()),
                }
            }
            Step::Get(key) => {
                if let Some(weight) = cache.get(&key) {
                    prop_assert_eq!(Some(*weight), model.get(&key).map(|(weight, _)| *weight));
                }
            }
            Step::Remove(key) => {
                cache.remove(&key);
            }
            Step::Pin(key) => {
                if cache.pin(&key) {
                    model.entry(key).and_modify(|(_, pinned)| *pinned = true);
                }
            }
            Step::Unpin(key) => {
                if cache.unpin(&key) {
                    let pinned = model.get_mut(&key).map(|(_, pinned)| std::mem::take(pinned));
                    prop_assert_eq!(pinned, Some(true));
                }
            }
            Step::Later => clock.advance(Duration::from_secs(1)),
            Step::Resize(capacity) => cache.resize(usize::from(capacity)),
            Step::Clear => cache.clear(),
        }
        for (key, cause) in left.borrow_mut().drain(..) {
            let was = model.remove(&key);
            prop_assert!(was.is_some(), "told of once");
            prop_assert!(cause != Cause::Capacity || was.is_some_and(|(_, pinned)| !pinned), "it was pinned");
        }
        model.extend(come);
        prop_assert_eq!(cache.len(), model.len());
        let weight: usize = model.values().map(|(weight, _)| usize::from(*weight)).sum();
        let pinned: usize =
            model.values().filter(|(_, pinned)| *pinned).map(|(weight, _)| usize::from(*weight)).sum();
        prop_assert_eq!(cache.weight(), weight);
        prop_assert!(weight <= cache.capacity().max(pinned));
        for (key, value) in &cache {
            prop_assert_eq!(Some(&(*value, cache.is_pinned(key))), model.get(key));
        }
    }
    Ok(())
}

/// Who leaves first among what is not pinned.
fn orders() -> impl Strategy<Value = AnyPolicy> {
    prop_oneof![
        Just(AnyPolicy::from(Lru)),
        Just(Fifo.into()),
        Just(S3Fifo.into()),
        Just(WTinyLfu::default().into()),
    ]
}

proptest! {
    #![proptest_config(cases(256))]

    /// Pins are kept, and no policy is confused by them.
    #[test]
    fn pins_are_kept(steps in steps(), order in orders(), which in 0..3) {
        let clock = ManualClock::new();
        let life = Duration::from_secs(2);
        match which {
            0 => follow(Pinnable::new(order), &clock, &steps)?,
            1 => follow(Pinnable::new(Ttl::new(order, life).with_clock(clock.clone())), &clock, &steps)?,
            _ => follow(Ttl::new(Pinnable::new(order), life).with_clock(clock.clone()), &clock, &steps)?,
        }
    }
}
