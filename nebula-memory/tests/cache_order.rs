//! Who leaves next, and all in order, of caches that know it.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::cache::policy::{Fifo, Lfu, Lru, Ordered, Policy};
use nebula_memory::cache::{Cache, LfuCache, LruCache};
use proptest::prelude::*;
use support::cases;

#[derive(Clone, Copy, Debug)]
enum Step {
    Get(u32),
    Insert(u32, u32),
    Remove(u32),
    Demote(u32),
    PopNext,
    PopLast,
    Resize(usize),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        10 => (0_u32..16).prop_map(Step::Get),
        10 => (0_u32..16, 1_u32..4).prop_map(|(key, weight)| Step::Insert(key, weight)),
        3 => (0_u32..16).prop_map(Step::Remove),
        3 => (0_u32..16).prop_map(Step::Demote),
        1 => Just(Step::PopNext),
        1 => Just(Step::PopLast),
        1 => (0_usize..16).prop_map(Step::Resize),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 0..80)
}

/// What is said of the order is that in which a copy empties itself, and nothing is used by saying it.
fn the_order_is_kept<P: Policy<Ranking: Ordered + Clone>>(policy: P, steps: &[Step]) {
    let mut cache =
        Cache::builder().capacity(10).policy(policy).weigh_by(|_: &u32, weight: &u32| *weight).build();
    for &step in steps {
        match step {
            Step::Get(key) => drop(cache.get(&key)),
            Step::Insert(key, weight) => drop(cache.insert(key, weight)),
            Step::Remove(key) => drop(cache.remove(&key)),
            Step::Demote(key) => {
                let there = cache.contains(&key);
                assert_eq!(cache.demote(&key), there);
                assert!(!there || cache.peek_next().is_some_and(|(next, _)| *next == key));
            }
            Step::PopNext => {
                let next = cache.peek_next().map(|(key, weight)| (*key, *weight));
                assert_eq!(cache.pop(), next);
            }
            Step::PopLast => {
                let last = cache.peek_last().map(|(key, weight)| (*key, *weight));
                assert_eq!(cache.pop_last(), last);
            }
            Step::Resize(capacity) => cache.resize(capacity),
            Step::Clear => cache.clear(),
        }
        let order: Vec<_> = cache.in_order().map(|(key, weight)| (*key, *weight)).collect();
        assert_eq!((cache.in_order().len(), order.len()), (cache.len(), cache.len()));
        let back: Vec<_> = cache.in_order().rev().map(|(key, weight)| (*key, *weight)).collect();
        assert!(back.iter().rev().eq(&order));
        let mut copy = cache.clone();
        assert!(std::iter::from_fn(|| copy.pop()).eq(order.iter().copied()), "{order:?}");
        assert!(cache.peek_next().map(|(key, _)| *key) == order.first().map(|(key, _)| *key));
        assert!(cache.peek_last().map(|(key, _)| *key) == order.last().map(|(key, _)| *key));
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn entries_leave_in_the_order_that_was_said(steps in steps()) {
        the_order_is_kept(Lru, &steps);
        the_order_is_kept(Fifo, &steps);
        the_order_is_kept(Lfu, &steps);
    }

    #[test]
    fn an_order_is_gone_through_from_both_ends(keys in prop::collection::vec(0_u32..20, 0..40), front in any::<u64>()) {
        let mut cache = LruCache::new(12);
        for key in keys {
            cache.put(key, ());
        }
        let order: Vec<u32> = cache.in_order().map(|(key, ())| *key).collect();
        let mut both = cache.in_order();
        let (mut first, mut last) = (Vec::new(), Vec::new());
        for turn in 0..order.len() {
            let (next, to) =
                if front >> (turn % 64) & 1 == 1 { (both.next(), &mut first) } else { (both.next_back(), &mut last) };
            to.push(*next.unwrap().0);
            prop_assert_eq!(both.len(), order.len() - turn - 1);
        }
        prop_assert!(both.next().is_none() && both.next_back().is_none() && both.clone().next().is_none());
        prop_assert!(first.into_iter().chain(last.into_iter().rev()).eq(order));
    }
}

/// A budget that pays takes nothing from what is known of the order, and nothing that is said of it costs anything.
#[test]
fn what_is_paid_for_is_in_order_too() {
    let budget = nebula_memory::Budget::new(4);
    let mut cache =
        Cache::builder().capacity(100).policy(Lru).weigh_by(|_: &u32, (): &()| 1).budget(&budget).build();
    cache.extend((0..6).map(|key| (key, ())));
    assert!(cache.demote(&4) && cache.get(&3).is_some());
    assert!(cache.in_order().map(|(key, ())| *key).eq([4, 2, 5, 3]));
    assert_eq!((cache.peek_next(), cache.peek_last(), budget.used()), (Some((&4, &())), Some((&3, &())), 4));
    assert_eq!((cache.pop(), cache.pop_last()), (Some((4, ())), Some((3, ()))));
    assert_eq!((cache.len(), budget.used()), (2, 2));
}

#[test]
fn the_ends_have_the_names_of_the_field() {
    let mut lru = LruCache::new(3);
    assert_eq!((lru.peek_lru(), lru.peek_mru()), (None, None));
    assert_eq!((lru.pop_lru(), lru.pop_mru()), (None, None));
    lru.extend([("a", 1), ("b", 2), ("c", 3)]);
    assert_eq!(format!("{:?}", lru.in_order()), r#"[("a", 1), ("b", 2), ("c", 3)]"#);
    assert!(lru.promote("a") && !lru.promote("x") && !lru.demote("x"));
    assert_eq!((lru.peek_lru(), lru.peek_mru()), (Some((&"b", &2)), Some((&"a", &1))));
    assert!(lru.demote("a"));
    *lru.peek_mut("a").unwrap() += 10;
    assert_eq!(lru.peek_mut("x"), None);
    assert_eq!(lru.pop_lru(), Some(("a", 11)));
    assert_eq!(lru.get_key_value("b"), Some((&"b", &2)));
    assert_eq!(
        (lru.pop_mru(), lru.remove_entry("c"), lru.remove_entry("c")),
        (Some(("b", 2)), Some(("c", 3)), None)
    );
    assert_eq!(lru.stats().evictions, 0);

    let mut lfu = LfuCache::new(3);
    lfu.extend([("a", 1), ("b", 2)]);
    lfu.get("a");
    assert!(lfu.in_order().map(|(key, _)| *key).eq(["b", "a"]));
    assert_eq!(lfu.peek_lfu(), Some((&"b", &2)));
    assert_eq!(lfu.pop_lfu(), Some(("b", 2)));
}

/// Nothing that a user's comparison does puts the order at odds with the entries.
#[test]
fn a_comparison_that_panics_leaves_the_order_as_it_was() {
    #[derive(PartialEq, Eq)]
    struct Never;
    impl std::hash::Hash for Never {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            7_u32.hash(state);
        }
    }
    impl equivalent::Equivalent<u32> for Never {
        fn equivalent(&self, _: &u32) -> bool {
            panic!("no comparison");
        }
    }
    let mut cache = LruCache::new(3);
    cache.extend([(7_u32, 1), (8, 2)]);
    assert!(catch_unwind(AssertUnwindSafe(|| cache.demote(&Never))).is_err());
    assert!(cache.in_order().eq([(&7, &1), (&8, &2)]));
}
