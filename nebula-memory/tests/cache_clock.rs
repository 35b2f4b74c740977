//! Asking what time it is takes longer than all the rest of a call: how often caches do, and that a time is not too old.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{Lru, Policy};
use nebula_memory::cache::{Cache, Cause};

const LIFE: Duration = Duration::from_secs(10);

/// A clock that counts how often it is asked.
#[derive(Clone, Debug, Default)]
struct Counting(Arc<AtomicUsize>);

impl Clock for Counting {
    fn now(&self) -> Duration {
        self.0.fetch_add(1, Ordering::Relaxed);
        Duration::from_secs(1)
    }
}

impl Counting {
    /// How often it is asked in a call.
    fn during<T>(&self, call: impl FnOnce() -> T) -> usize {
        let before = self.0.load(Ordering::Relaxed);
        call();
        self.0.load(Ordering::Relaxed) - before
    }
}

fn once_a_call<P: Policy + Send + Sync>(policy: impl Fn(Counting) -> P) {
    let clock = Counting::default();
    let mut cache = Cache::builder().capacity(10).policy(policy(clock.clone())).build();
    for key in 0..20 {
        cache.insert(key, ());
    }
    for key in 20..30 {
        assert_eq!(clock.during(|| cache.insert(key, ())), 1, "an insertion for which one leaves");
        assert_eq!(clock.during(|| assert!(cache.get(&key).is_some())), 1, "a hit");
        assert_eq!(clock.during(|| assert!(cache.get(&0).is_none())), 0, "a miss");
    }

    let clock = Counting::default();
    let cache = Cache::builder().capacity(10).policy(policy(clock.clone())).shards(1).build_shared();
    for key in 0..20 {
        cache.insert(key, ());
    }
    for key in 20..30 {
        assert_eq!(clock.during(|| cache.insert(key, ())), 1, "an insertion for which one leaves, shared");
        assert_eq!(clock.during(|| assert!(cache.get(&key).is_some())), 1, "a hit, shared");
        assert_eq!(clock.during(|| assert!(cache.get(&0).is_none())), 0, "a miss, shared");
    }
}

#[test]
fn time_is_asked_for_once_a_call() {
    once_a_call(|clock| Ttl::new(Lru, LIFE).with_clock(clock));
    once_a_call(|clock| Tti::new(Lru, LIFE).with_clock(clock));
    once_a_call(|clock| PerEntryTtl::new(Lru).or(LIFE).with_clock(clock));
}

/// A value that takes long to drop.
struct Slow(ManualClock);

impl Drop for Slow {
    fn drop(&mut self) {
        self.0.advance(LIFE / 2);
    }
}

/// What comes in after others have left lives from then on, however long that took.
#[test]
fn the_time_of_a_value_does_not_begin_before_it_is_there() {
    let clock = ManualClock::new();
    let slow = clock.clone();
    let mut cache = Cache::builder()
        .capacity(1)
        .policy(Ttl::new(Lru, LIFE).with_clock(clock.clone()))
        .on_leave(move |_, (), cause| {
            assert_eq!(cause, Cause::Capacity);
            slow.advance(LIFE / 2);
        })
        .build();
    for key in 0..5 {
        cache.insert(key, ());
        assert_eq!(cache.time_left(&key), Some(LIFE));
    }

    let mut cache =
        Cache::builder().capacity(1).policy(Ttl::new(Lru, LIFE).with_clock(clock.clone())).build();
    for key in 0..5 {
        cache.insert(key, Rc::new(Slow(clock.clone())));
        assert_eq!(cache.time_left(&key), Some(LIFE));
    }
}

/// A value in the place of another, and one for which no time was known, begin when they come in.
#[test]
fn no_time_is_kept_for_later() {
    let clock = ManualClock::new();
    let mut cache =
        Cache::builder().capacity(2).policy(Ttl::new(Lru, LIFE).with_clock(clock.clone())).build();
    cache.insert(1, ());
    clock.advance(LIFE / 5);
    cache.insert(2, ());
    clock.advance(LIFE / 5);
    assert_eq!((cache.time_left(&1), cache.time_left(&2)), (Some(LIFE / 5 * 3), Some(LIFE / 5 * 4)));
    cache.insert(1, ());
    assert_eq!(cache.time_left(&1), Some(LIFE));
    cache.clear();
    clock.advance(LIFE);
    cache.insert(3, ());
    assert_eq!(cache.time_left(&3), Some(LIFE));
}

/// A rule around another: where enough is over by the outer one, the inner one is not asked, and has no time but an old one.
#[test]
fn no_time_inside_is_kept_for_later() {
    fn begins_now<P: Policy + Send + Sync>(policy: impl Fn(ManualClock) -> P) {
        let clock = ManualClock::new();
        clock.advance(LIFE);
        let mut cache = Cache::builder().capacity(10).policy(policy(clock.clone())).build();
        let shared = Cache::builder().capacity(10).policy(policy(clock.clone())).shards(1).build_shared();
        for key in 0..5 {
            cache.insert(key, ());
            shared.insert(key, ());
        }
        clock.advance(LIFE * 3);
        cache.insert(9, ());
        shared.insert(9, ());
        assert_eq!((cache.time_left(&9), shared.time_left(&9)), (Some(LIFE), Some(LIFE)));
    }
    begins_now(|clock| Ttl::new(Ttl::new(Lru, LIFE * 2).with_clock(clock.clone()), LIFE).with_clock(clock));
    begins_now(|clock| Tti::new(Ttl::new(Lru, LIFE * 2).with_clock(clock.clone()), LIFE).with_clock(clock));
}
