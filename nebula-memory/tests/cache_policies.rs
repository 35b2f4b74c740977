//! Policies keep what their papers say, hit for hit: against the same, written down without any thought of speed.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::collections::{HashMap, HashSet, VecDeque};

use nebula_memory::cache::Cache;
use nebula_memory::cache::policy::{AnyPolicy, Fifo, Lfu, Lru, Policy, Random, Sieve};
use proptest::prelude::*;

/// Whether a key was there; if it was not, it is now.
trait Model {
    fn access(&mut self, key: u64) -> bool;
}

/// By age, or by the last use if `moves`.
struct Queue {
    keys: VecDeque<u64>,
    capacity: usize,
    moves: bool,
}

impl Model for Queue {
    fn access(&mut self, key: u64) -> bool {
        if let Some(at) = self.keys.iter().position(|&other| other == key) {
            if self.moves {
                self.keys.remove(at);
                self.keys.push_back(key);
            }
            return true;
        }
        if self.keys.len() == self.capacity {
            self.keys.pop_front();
        }
        self.keys.push_back(key);
        false
    }
}

/// By how often, then by the last use.
struct Frequency {
    keys: HashMap<u64, (u64, u64)>,
    capacity: usize,
    now: u64,
}

impl Model for Frequency {
    fn access(&mut self, key: u64) -> bool {
        self.now += 1;
        let now = self.now;
        if let Some((uses, last)) = self.keys.get_mut(&key) {
            (*uses, *last) = (*uses + 1, now);
            return true;
        }
        if self.keys.len() == self.capacity {
            let (&least, _) = self.keys.iter().min_by_key(|(_, order)| **order).unwrap();
            self.keys.remove(&least);
        }
        self.keys.insert(key, (1, now));
        false
    }
}

/// A queue, its oldest first, and the key at which the hand stands.
struct Hand {
    keys: Vec<(u64, bool)>,
    stands: Option<u64>,
    capacity: usize,
}

impl Model for Hand {
    fn access(&mut self, key: u64) -> bool {
        if let Some((_, used)) = self.keys.iter_mut().find(|(other, _)| *other == key) {
            *used = true;
            return true;
        }
        if self.keys.len() == self.capacity {
            let mut at =
                self.stands.map_or(0, |hand| self.keys.iter().position(|&(k, _)| k == hand).unwrap());
            while self.keys[at].1 {
                self.keys[at].1 = false;
                at = (at + 1) % self.keys.len();
            }
            self.stands = self.keys.get(at + 1).map(|&(key, _)| key);
            self.keys.remove(at);
        }
        self.keys.push((key, false));
        false
    }
}

fn models(capacity: usize) -> [Box<dyn Model>; 4] {
    let queue = |moves| Queue { keys: VecDeque::new(), capacity, moves };
    [
        Box::new(queue(true)),
        Box::new(queue(false)),
        Box::new(Frequency { keys: HashMap::new(), capacity, now: 0 }),
        Box::new(Hand { keys: vec![], stands: None, capacity }),
    ]
}

fn access<P: Policy>(cache: &mut Cache<u64, u64, P>, key: u64) -> bool {
    let hit = cache.get(&key).copied();
    if hit.is_none() {
        assert_eq!(cache.insert(key, !key), None);
    }
    assert!(hit.is_none_or(|value| value == !key));
    assert!(cache.len() <= cache.capacity());
    hit.is_some()
}

/// Replays the keys with each policy, and with each as one that is chosen at run time.
fn replay(capacity: usize, keys: &[u64]) {
    let [mut lru, mut fifo, mut lfu, mut sieve] = models(capacity);
    let build = || Cache::builder().capacity(capacity);
    let mut caches = (
        build().policy(Lru).build(),
        build().policy(Fifo).build(),
        build().policy(Lfu).build(),
        build().policy(Sieve).build(),
    );
    let mut chosen = [AnyPolicy::from(Lru), Fifo.into(), Lfu.into(), Sieve.into()]
        .map(|policy| build().policy(policy).build());
    for (turn, &key) in keys.iter().enumerate() {
        let hits = [lru.access(key), fifo.access(key), lfu.access(key), sieve.access(key)];
        let ours = [
            access(&mut caches.0, key),
            access(&mut caches.1, key),
            access(&mut caches.2, key),
            access(&mut caches.3, key),
        ];
        assert_eq!(ours, hits, "turn {turn}, capacity {capacity}");
        let same: Vec<bool> = chosen.iter_mut().map(|cache| access(cache, key)).collect();
        assert_eq!(same, hits, "turn {turn}, capacity {capacity}, chosen");
    }
}

struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 16) % bound
    }
}

/// Popular keys with a long tail, loops, scans, and a crowd that changes.
fn stream(seed: u64, len: u64, keys: u64) -> Vec<u64> {
    let mut numbers = Numbers(seed);
    (0..len)
        .map(|turn| match turn / 300 % 4 {
            0 => numbers.below(keys).min(numbers.below(keys)).min(numbers.below(keys)),
            1 => turn % (keys / 2).max(1),
            2 => 1_000_000 + turn,
            _ => turn / 100 % keys + numbers.below(7),
        })
        .collect()
}

#[test]
fn hit_for_hit_over_generated_streams() {
    for capacity in [1, 2, 3, 5, 8, 13, 40] {
        let len = if cfg!(miri) { 300 } else { 6000 };
        replay(capacity, &stream(7 + capacity as u64, len, 60));
    }
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn hit_for_hit(capacity in 1_usize..12, keys in prop::collection::vec(0_u64..24, 0..120)) {
        replay(capacity, &keys);
    }
}

#[test]
fn the_same_seed_makes_the_same_choices() {
    let left = |seed| {
        let mut cache = Cache::builder().capacity(50).policy(Random::new(seed)).build();
        cache.extend((0..500_u64).map(|n| (n, n)));
        let left: HashSet<u64> = cache.keys().copied().collect();
        assert_eq!(left.len(), 50);
        left
    };
    assert_eq!(left(3), left(3));
    assert_ne!(left(3), left(4));
    // The newest is always there: room is made before it comes in.
    assert!(left(5).contains(&499));
}

#[test]
fn each_entry_has_its_chance_to_leave() {
    let mut stayed = [0_u32; 10];
    for seed in 0..2000 {
        let mut cache = Cache::builder().capacity(10).policy(Random::new(seed)).build();
        cache.extend((0..11_usize).map(|n| (n, ())));
        for (n, times) in stayed.iter_mut().enumerate() {
            *times += u32::from(cache.contains(&n));
        }
    }
    assert!(stayed.iter().all(|&times| (1700..1900).contains(&times)), "{stayed:?}");
}

/// One that is full and has nothing that could leave takes nothing in, and has lost nothing.
#[test]
fn a_cache_of_no_entries_refuses_all() {
    for policy in AnyPolicy::all() {
        let mut cache = Cache::builder().capacity(0).policy(policy).build();
        for key in 0..50 {
            assert_eq!(cache.push(key, key), Some((key, key)), "{policy}");
            assert!(cache.get_or_insert_with(key, || key).is_err());
        }
        cache.resize(1);
        assert_eq!(cache.push(7, 7), None);
        assert_eq!(cache.push(8, 8), Some((7, 7)), "{policy}");
        cache.resize(0);
        assert_eq!((cache.push(9, 9), cache.len()), (Some((9, 9)), 0));
    }
}
