//! Caches that pay for their entries by a budget, with others that charge it too.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nebula_memory::allocator::{Allocator, Budgeted, SystemAllocator};
use nebula_memory::cache::expiry::{ManualClock, Ttl};
use nebula_memory::cache::policy::{Lru, Policy, S3Fifo};
use nebula_memory::cache::{Cache, CacheBuilder, Charged, DefaultHashBuilder, Pinnable};
use nebula_memory::{Budget, BudgetUsage, Reservation};
use proptest::prelude::*;
use support::cases;

/// Values are what they weigh.
type Builder<P> = CacheBuilder<u32, u32, P, DefaultHashBuilder, fn(&u32, &u32) -> u32>;

fn builder<P: Policy>(policy: P) -> Builder<P> {
    Cache::builder().capacity(1000).policy(policy).weigher(|_: &u32, bytes: &u32| *bytes)
}

#[test]
fn what_leaves_is_given_back() {
    let budget = Budget::new(100);
    let mut cache = builder(Lru).budget(&budget).build();
    cache.extend([(1, 30), (2, 30), (3, 30)]);
    assert_eq!(budget.used(), 90);
    // A lighter value, a heavier one, one that makes another leave.
    cache.insert(1, 20);
    assert_eq!(budget.used(), 80);
    cache.insert(1, 35);
    assert_eq!(budget.used(), 95);
    cache.insert(4, 20);
    assert_eq!((budget.used(), cache.contains(&2)), (85, false));
    cache.remove(&1);
    assert_eq!(budget.used(), 50);
    cache.retain(|key, _| *key != 3);
    assert_eq!(budget.used(), 20);
    cache.clear();
    assert_eq!(budget.used(), 0);
    cache.extend([(1, 30), (2, 30)]);
    drop(cache.drain());
    assert_eq!(budget.used(), 0);
    cache.extend([(1, 30), (2, 30)]);
    cache.resize(40);
    assert_eq!(budget.used(), 30);
    drop(cache);
    assert_eq!((budget.used(), budget.peak()), (0, 95));
}

#[test]
fn the_capacity_holds_besides() {
    let budget = Budget::new(10_000);
    let mut cache = builder(S3Fifo).budget(&budget).build();
    for key in 0..1000 {
        cache.insert(key, key % 100);
        assert_eq!(budget.used(), cache.weight());
        assert!(cache.weight() <= 1000);
    }
}

#[test]
fn many_share_one() {
    let budget = Rc::new(Budget::new(100));
    let memory = Budgeted::new(SystemAllocator, Rc::clone(&budget));
    let mut one = builder(Lru).budget(Rc::clone(&budget)).build();
    let mut two = builder(S3Fifo).budget(Rc::clone(&budget)).build();
    one.extend([(1, 40), (2, 20)]);
    two.insert(1, 30);
    let layout = std::alloc::Layout::from_size_align(30, 1).unwrap();
    assert!(memory.allocate(layout).is_err());
    one.remove(&2);
    let block = memory.allocate(layout).unwrap();
    assert_eq!(budget.used(), 100);

    // Its own entries leave, not those of others.
    two.insert(2, 30);
    assert_eq!((two.contains(&1), one.contains(&1), budget.used()), (false, true, 100));
    // None of its own could make enough room: none leaves.
    let refused = two.try_insert(3, 31).unwrap_err();
    assert_eq!(refused.value, 31);
    assert!(two.contains(&2));
    // SAFETY: allocated above with this layout.
    unsafe { memory.deallocate(block.cast(), layout) };
    assert!(two.try_insert(3, 31).is_ok());
    assert_eq!((two.contains(&2), one.contains(&1), budget.used()), (false, true, 71));
    drop((one, two));
    assert_eq!(budget.used(), 0);
}

#[test]
fn what_can_never_be_paid_makes_nothing_leave() {
    let all = Budget::new(100).with_allocation_limit(50);
    let part = all.child(60);
    let mut cache = builder(Lru).budget(&part).build();
    cache.extend([(1, 30), (2, 30)]);
    assert!(cache.try_insert(3, 51).is_err(), "one block is too large");
    assert!(cache.try_insert(3, 61).is_err(), "larger than all there is");
    assert!(cache.try_insert(3, 2000).is_err(), "larger than the cache");
    assert_eq!((cache.len(), part.used(), all.used()), (2, 60, 60));
    // What is there already is out of date, and goes.
    assert!(cache.try_insert(2, 51).is_err());
    assert_eq!((cache.len(), part.used(), all.used()), (1, 30, 30));
}

#[test]
fn what_is_over_and_what_is_pinned() {
    let clock = ManualClock::new();
    let budget = Budget::new(100);
    let policy = Ttl::new(Pinnable::new(Lru), Duration::from_secs(1)).with_clock(clock.clone());
    let mut cache = builder(policy).budget(&budget).build();
    cache.extend([(1, 40), (2, 40)]);
    cache.pin(&1);
    cache.pin(&2);
    assert!(cache.try_insert(3, 40).is_err());
    assert_eq!(budget.used(), 80);
    clock.set(Duration::from_secs(1));
    assert!(cache.try_insert(3, 40).is_ok());
    assert_eq!((cache.len(), budget.used()), (1, 40));

    // A time around what is paid gives back as well.
    let policy = Charged::new(Lru, &budget);
    let mut cache = builder(Ttl::new(policy, Duration::from_secs(1)).with_clock(clock.clone())).build();
    cache.insert(1, 40);
    clock.advance(Duration::from_secs(1));
    assert_eq!(cache.get(&1), None);
    assert_eq!(budget.used(), 40);
}

#[test]
fn a_call_at_the_soft_limit_that_panics_leaves_no_charge() {
    let angry = Cell::new(true);
    let notify = |_: BudgetUsage| assert!(!angry.get(), "too much");
    let budget = Budget::new(100).with_soft_limit(50, &notify);
    let mut cache = builder(Lru).budget(&budget).build();
    cache.insert(1, 50);
    let panicked = catch_unwind(AssertUnwindSafe(|| cache.insert(2, 1)));
    assert!(panicked.is_err());
    assert_eq!((cache.len(), budget.used()), (1, 50));
    angry.set(false);
    cache.insert(2, 1);
    assert_eq!((cache.len(), budget.used()), (2, 51));
}

#[test]
fn a_listener_that_panics_leaves_no_charge() {
    let budget = Arc::new(Budget::new_shared(100));
    let mut cache = builder(Lru)
        .budget(Arc::clone(&budget))
        .listener(|_: &u32, _: &u32, _| panic!("it has left"))
        .build();
    cache.extend([(1, 60), (2, 40)]);
    for _ in 0..3 {
        let panicked = catch_unwind(AssertUnwindSafe(|| cache.insert(3, 50)));
        if panicked.is_ok() {
            break;
        }
        assert_eq!(budget.used(), cache.weight());
    }
    assert_eq!(cache.peek(&3), Some(&50));
    assert_eq!(budget.used(), 90);
}

#[derive(Clone, Debug)]
enum Step {
    Insert(bool, u32, u32),
    Remove(bool, u32),
    Get(bool, u32),
    Reserve(usize),
    Resize(bool, usize),
    Clear(bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = any::<bool>;
    let key = || 0..12_u32;
    let step = prop_oneof![
        8 => (which(), key(), 0..40_u32).prop_map(|(which, key, weight)| Step::Insert(which, key, weight)),
        2 => (which(), key()).prop_map(|(which, key)| Step::Remove(which, key)),
        3 => (which(), key()).prop_map(|(which, key)| Step::Get(which, key)),
        2 => (0..60_usize).prop_map(Step::Reserve),
        1 => (which(), 0..120_usize).prop_map(|(which, capacity)| Step::Resize(which, capacity)),
        1 => which().prop_map(Step::Clear),
    ];
    proptest::collection::vec(step, 0..60)
}

proptest! {
    #![proptest_config(cases(256))]

    /// What is charged is what is there, whatever happens; who is refused could not have paid.
    #[test]
    fn books_come_out_even(steps in steps()) {
        let budget = Budget::new(100);
        {
            let mut caches = [builder(Lru).budget(&budget).build(), builder(Lru).budget(&budget).build()];
            let mut reserved = None;
            for step in steps {
                match step {
                    Step::Insert(which, key, bytes) => {
                        let cache = &mut caches[usize::from(which)];
                        let room = budget.available() + cache.weight();
                        let fits = bytes.max(1) as usize <= room.min(cache.capacity());
                        prop_assert_eq!(cache.try_insert(key, bytes).is_ok(), fits);
                        prop_assert_eq!(cache.contains(&key), fits);
                    }
                    Step::Remove(which, key) => { caches[usize::from(which)].remove(&key); }
                    Step::Get(which, key) => { caches[usize::from(which)].get(&key); }
                    Step::Reserve(bytes) => {
                        drop(reserved.take());
                        reserved = budget.reserve(bytes).ok();
                    }
                    Step::Resize(which, capacity) => caches[usize::from(which)].resize(capacity),
                    Step::Clear(which) => caches[usize::from(which)].clear(),
                }
                let held = reserved.as_ref().map_or(0, Reservation::bytes);
                prop_assert_eq!(budget.used(), caches[0].weight() + caches[1].weight() + held);
            }
        }
        prop_assert_eq!(budget.used(), 0);
    }
}
