//! The calls of a cache, one by one.
#![cfg(all(not(loom), feature = "cache"))]

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use nebula_memory::cache::policy::{Fifo, Lru};
use nebula_memory::cache::{Cache, CacheError, Cause};

#[test]
fn the_least_recently_used_leaves() {
    let mut cache = Cache::builder().capacity(3).policy(Lru).build();
    for n in 0..3 {
        assert_eq!(cache.insert(n, n * 10), None);
    }
    assert_eq!(cache.get(&0), Some(&0));
    assert_eq!(cache.push(3, 30), Some((1, 10)));
    assert_eq!(cache.peek(&2), Some(&20));
    assert_eq!(cache.push(4, 40), Some((2, 20)));
    assert_eq!((cache.len(), cache.weight(), cache.capacity()), (3, 3, 3));
}

#[test]
fn first_in_is_first_out() {
    let mut cache = Cache::builder().capacity(2).policy(Fifo).build();
    cache.extend([(1, 1), (2, 2)]);
    cache.get(&1);
    assert_eq!(cache.push(3, 3), Some((1, 1)));
}

#[test]
fn a_cache_of_nothing_refuses_all() {
    let mut cache = Cache::new(0);
    assert_eq!(cache.insert("a", 1), None);
    assert!(cache.try_insert("a", 1).is_err());
    assert_eq!(cache.push("a", 1), Some(("a", 1)));
    assert!(cache.is_empty());
    assert_eq!(cache.stats().insertions, 0);
}

#[test]
fn many_entries_come_and_go() {
    let mut cache = Cache::builder().capacity(5000).policy(Lru).build();
    for n in 0..20_000_u64 {
        cache.insert(n, n);
        assert!(cache.len() <= 5000);
    }
    assert!((15_000..20_000).all(|n| cache.get(&n) == Some(&n)));
    assert!((0..15_000).all(|n| cache.get(&n).is_none()));
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions), (5000, 15_000, 20_000, 15_000));
    cache.reset_stats();
    assert_eq!(cache.stats().hits, 0);
    assert_eq!(cache.iter().count(), 5000);
}

#[test]
fn a_builder_without_a_capacity_is_an_error() {
    assert_eq!(Cache::<u8, u8>::builder().try_build().unwrap_err(), CacheError::NoCapacity);
}

#[test]
fn the_listener_is_told_why() {
    let told = Rc::new(RefCell::new(vec![]));
    let ear = Rc::clone(&told);
    let mut cache = Cache::builder()
        .capacity(2)
        .policy(Lru)
        .listener(move |key: &i32, value: &i32, cause| ear.borrow_mut().push((*key, *value, cause)))
        .build();
    cache.insert(1, 10);
    cache.insert(1, 11);
    cache.insert(2, 20);
    cache.insert(3, 30);
    cache.remove(&2);
    cache.clear();
    let expected = [
        (1, 10, Cause::Replaced),
        (1, 11, Cause::Capacity),
        (2, 20, Cause::Removed),
        (3, 30, Cause::Removed),
    ];
    assert_eq!(*told.borrow(), expected);
}

#[test]
fn closures_need_not_say_all_types() {
    let lost = Cell::new(0);
    let mut cache = Cache::builder()
        .capacity(100)
        .weigh_by(|_, page: &Vec<u8>| u32::try_from(page.len()).unwrap_or(u32::MAX))
        .on_leave(|_, page, _| lost.set(lost.get() + page.len()))
        .build();
    cache.insert("a", vec![0; 60]);
    cache.insert("b", vec![0; 50]);
    assert_eq!((cache.weight(), lost.get()), (50, 60));
}

#[test]
fn a_cache_becomes_its_entries() {
    let told = RefCell::new(Vec::new());
    let mut cache = Cache::builder()
        .capacity(3)
        .policy(Lru)
        .on_leave(|key: &u32, _: &String, cause| told.borrow_mut().push((*key, cause)))
        .build();
    cache.extend((0..4).map(|n| (n, n.to_string())));
    told.borrow_mut().clear();
    let mut entries = cache.into_iter();
    assert_eq!((entries.len(), entries.size_hint()), (3, (3, Some(3))));
    let first = entries.next().unwrap();
    assert_eq!(first.0.to_string(), first.1);
    drop(entries);
    told.borrow_mut().sort_by_key(|(key, _)| *key);
    assert_eq!(*told.borrow(), [1, 2, 3].map(|key| (key, Cause::Removed)));
}

#[test]
fn several_values_are_changed_at_once() {
    let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    cache.extend((0..10).map(|n| (n, n * 10)));
    cache.remove(&4);
    let [nine, absent, zero, gone, five] = cache.get_disjoint_mut([&9, &70, &0, &4, &5]);
    assert_eq!((absent, gone), (None, None));
    let (nine, zero, five) = (nine.unwrap(), zero.unwrap(), five.unwrap());
    assert_eq!((*nine, *zero, *five), (90, 0, 50));
    (*nine, *zero, *five) = (1, 2, 3);
    assert_eq!((cache.peek(&9), cache.peek(&0), cache.peek(&5)), (Some(&1), Some(&2), Some(&3)));
    assert_eq!((cache.stats().hits, cache.stats().misses), (3, 2));
    // They are uses, in this order.
    assert!(cache.in_order().rev().take(3).map(|(key, _)| *key).eq([5, 0, 9]));
    assert!(cache.get_disjoint_mut::<i32, 0>([]).is_empty());
    assert_eq!(cache.get_disjoint_mut([&70, &70]), [None, None]);
}

#[test]
#[should_panic(expected = "two keys of the same entry")]
fn one_value_cannot_be_changed_twice_at_once() {
    let mut cache = Cache::new(10);
    cache.extend([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let _ = cache.get_disjoint_mut(["a", "b", "a"]);
}

#[test]
fn what_is_over_is_not_among_several() {
    use core::time::Duration;
    use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl};

    let clock = ManualClock::new();
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let mut cache = Cache::builder().capacity(10).policy(policy).build();
    cache.insert_for("short", 1, Duration::from_secs(1));
    cache.insert_for("long", 2, Duration::from_secs(9));
    clock.advance(Duration::from_secs(2));
    assert_eq!(cache.peek_mut("short"), None);
    assert_eq!(cache.len(), 2);
    *cache.peek_mut("long").unwrap() += 1;
    assert_eq!(cache.get_disjoint_mut(["short", "long"]), [None, Some(&mut 3)]);
    assert_eq!(cache.len(), 1);
}
