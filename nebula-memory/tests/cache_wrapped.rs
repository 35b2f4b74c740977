//! What stands around a policy changes nothing about who leaves as long as nothing has expired, is pinned, or cannot be paid for:
//! in large caches, too, where memory is asked for in advance.
#![cfg(all(not(loom), feature = "cache"))]

use std::hash::{BuildHasherDefault, DefaultHasher};
use std::time::Duration;

use nebula_memory::Budget;
use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Charged, Pinnable};

/// Policies that keep something of hashes see the same ones.
type Hasher = BuildHasherDefault<DefaultHasher>;

const SIZES: [usize; 2] = if cfg!(miri) { [3, 50] } else { [100, 4500] };
/// What a weight is multiplied by, so that there is always enough in a budget.
const ENOUGH: usize = 1 << 20;

/// What leaves, in order, if keys are asked for of which few are asked for often.
fn who_leaves<P: Policy>(policy: P, capacity: usize) -> Vec<u32> {
    let weigh = |key: &u32, (): &()| 1 + key % 3;
    let mut cache = Cache::builder()
        .capacity(2 * capacity)
        .policy(policy)
        .hasher(Hasher::default())
        .weigher(weigh as fn(&u32, &()) -> u32)
        .build();
    let mut gone = Vec::new();
    let mut state = 7_u64;
    for _ in 0..8 * capacity {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (one, other) = (state >> 40, state >> 16 & 0xFF_FFFF);
        let key = u32::try_from(one * other % (4 * capacity as u64) * (one % 3) / 2).expect("a small number");
        if key.is_multiple_of(31) {
            cache.remove(&(key / 31));
        }
        if cache.get(&key).is_none()
            && let Some((other, ())) = cache.push(key, ())
        {
            gone.push(other);
        }
    }
    assert!(gone.len() > capacity, "only {} have left", gone.len());
    gone
}

fn the_same_leave<P: Policy + Copy>(policy: P) {
    for capacity in SIZES {
        let bare = who_leaves(policy, capacity);
        let (clock, life) = (ManualClock::new(), Duration::from_secs(1));
        let ttl = Ttl::new(policy, life).with_clock(clock.clone());
        let tti = Tti::new(policy, life).with_clock(clock.clone());
        let each = PerEntryTtl::new(policy).or(life).with_clock(clock.clone());
        let budget = Budget::new(capacity * ENOUGH);
        assert!(who_leaves(ttl.clone(), capacity) == bare, "{ttl:?}");
        assert!(who_leaves(tti.clone(), capacity) == bare, "{tti:?}");
        assert!(who_leaves(each.clone(), capacity) == bare, "{each:?}");
        assert!(who_leaves(Pinnable::new(policy), capacity) == bare, "pinnable {policy:?}");
        assert!(who_leaves(Charged::new(policy, &budget), capacity) == bare, "charged {policy:?}");
        let all = Charged::new(Ttl::new(Pinnable::new(tti), life).with_clock(clock), &budget);
        assert!(who_leaves(all.clone(), capacity) == bare, "{all:?}");
    }
}

#[test]
fn the_oldest() {
    the_same_leave(Fifo);
    the_same_leave(Lru);
    the_same_leave(Sieve);
}

#[test]
fn those_with_the_fewest_uses() {
    the_same_leave(Lfu);
    the_same_leave(S3Fifo);
    the_same_leave(WTinyLfu::default());
}

#[test]
fn any() {
    the_same_leave(Random::new(3));
    the_same_leave(Adaptive);
    for policy in [AnyPolicy::from(Lru), AnyPolicy::from(S3Fifo)] {
        the_same_leave(policy);
    }
}
