//! Calls of several threads on one shared cache take effect one after the other.
//!
//! Each thread notes when its calls began and ended. What they have returned has to be what a map would have returned if they had
//! been made one after the other, in some order in which a call that ended before another began comes first (Herlihy, Wing:
//! *Linearizability: A Correctness Condition for Concurrent Objects*, 1990). That order is searched for (Wing, Gong: *Testing and
//! Verifying Concurrent Objects*, 1993; with Lowe's memory of states that have led nowhere).
#![cfg(all(not(loom), not(miri), feature = "cache", feature = "std"))]

mod support;

use std::collections::HashSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use nebula_memory::cache::policy::{Lru, Policy, S3Fifo};
use nebula_memory::cache::{Cache, SharedCache};
use support::stress::Random;

/// Keys, few enough for all to be in the cache: so nothing leaves that was not removed.
const KEYS: usize = 3;

/// A call, and what it has returned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Call {
    Get(usize, Option<u32>),
    Contains(usize, bool),
    Insert(usize, u32),
    Replace(usize, u32, Option<u32>),
    Remove(usize, Option<u32>),
    OrInsert(usize, u32, u32),
    /// The value before it was changed by one bit.
    Compute(usize, Option<u32>),
    Clear,
}

type State = [Option<u32>; KEYS];

impl Call {
    /// Whether it can have returned that, and the state after it.
    fn apply(self, mut state: State) -> Option<State> {
        let fits = match self {
            Self::Get(key, value) => state[key] == value,
            Self::Contains(key, there) => state[key].is_some() == there,
            Self::Insert(key, value) => {
                state[key] = Some(value);
                true
            }
            Self::Replace(key, value, old) => state[key].replace(value) == old,
            Self::Remove(key, old) => state[key].take() == old,
            Self::OrInsert(key, value, now) => *state[key].get_or_insert(value) == now,
            Self::Compute(key, old) => {
                let fits = state[key] == old;
                state[key] = Some(old.map_or(1, |old| old ^ 1 << 31));
                fits
            }
            // The one shard at once.
            Self::Clear => {
                state = [None; KEYS];
                true
            }
        };
        fits.then_some(state)
    }
}

#[derive(Clone, Copy, Debug)]
struct Event {
    began: u64,
    ended: u64,
    call: Call,
}

/// Whether there is an order. Histories are of one thread each, of fewer than 32 calls.
fn is_linear(threads: &[Vec<Event>]) -> bool {
    fn search(
        threads: &[Vec<Event>],
        done: &mut Vec<usize>,
        state: State,
        tried: &mut HashSet<(Vec<usize>, State)>,
    ) -> bool {
        let next = |done: &[usize]| -> Vec<Option<Event>> {
            threads.iter().zip(done).map(|(events, &done)| events.get(done).copied()).collect()
        };
        let candidates = next(done);
        let Some(first_end) = candidates.iter().flatten().map(|event| event.ended).min() else { return true };
        if !tried.insert((done.clone(), state)) {
            return false;
        }
        for (thread, event) in candidates.iter().enumerate() {
            if let Some(event) = event
                && event.began <= first_end
                && let Some(state) = event.call.apply(state)
            {
                done[thread] += 1;
                if search(threads, done, state, tried) {
                    return true;
                }
                done[thread] -= 1;
            }
        }
        false
    }
    search(threads, &mut vec![0; threads.len()], [None; KEYS], &mut HashSet::new())
}

#[test]
fn the_search_finds_what_is_wrong() {
    let event = |began, ended, call| Event { began, ended, call };
    let write = event(0, 3, Call::Insert(0, 1));
    // Old after new.
    let stale = [event(1, 2, Call::Get(0, Some(1))), event(4, 5, Call::Get(0, None))];
    assert!(!is_linear(&[vec![write], stale.to_vec()]));
    let fine = [event(1, 2, Call::Get(0, None)), event(4, 5, Call::Get(0, Some(1)))];
    assert!(is_linear(&[vec![write], fine.to_vec()]));
    // Nobody has written that.
    assert!(!is_linear(&[vec![write], vec![event(4, 5, Call::Get(0, Some(2)))]]));
    // Two that both were first.
    let first = |value| event(0, 9, Call::Replace(0, value, None));
    assert!(!is_linear(&[vec![first(1)], vec![first(2)]]));
}

fn call<P: Policy>(cache: &SharedCache<usize, u32, P>, random: &mut Random, value: u32) -> Call {
    let key = usize::try_from(random.next(KEYS as u64)).unwrap();
    match random.next(16) {
        0..5 => Call::Get(key, cache.get(&key)),
        5 => Call::Contains(key, cache.contains(&key)),
        6..9 => {
            cache.insert(key, value);
            Call::Insert(key, value)
        }
        9 | 10 => Call::Replace(key, value, cache.replace(key, value)),
        11 | 12 => Call::Remove(key, cache.remove(&key)),
        13 => Call::OrInsert(key, value, cache.get_or_insert_with(key, || value)),
        14 => {
            let mut old = None;
            cache.compute(key, |value| {
                old = value.copied();
                Some(old.map_or(1, |old| old ^ 1 << 31))
            });
            Call::Compute(key, old)
        }
        _ if random.next(4) == 0 => {
            cache.clear();
            Call::Clear
        }
        _ => Call::Get(key, cache.get(&key)),
    }
}

fn histories<P: Policy<Ranking: Send> + Sync>(
    cache: &SharedCache<usize, u32, P>,
    count: u64,
    clock: &AtomicU64,
    seed: u64,
) -> Vec<Vec<Event>> {
    let start = Barrier::new(usize::try_from(count).unwrap());
    thread::scope(|threads| {
        let run = |number: u64| {
            let start = &start;
            move || {
                let mut random = Random((seed * count + number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                start.wait();
                (0..12)
                    .map(|turn| {
                        let value = u32::try_from(number * 100 + turn + 2).unwrap();
                        let began = clock.fetch_add(1, Ordering::SeqCst);
                        let call = call(cache, &mut random, value);
                        Event { began, ended: clock.fetch_add(1, Ordering::SeqCst), call }
                    })
                    .collect::<Vec<_>>()
            }
        };
        let threads: Vec<_> = (0..count).map(|number| threads.spawn(run(number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn all_histories_are_linear<P: Policy<Ranking: Send> + Sync + Copy>(policy: P) {
    let clock = AtomicU64::new(0);
    let rounds = if cfg!(debug_assertions) { 600 } else { 3000 };
    for round in 0..rounds {
        // Room for a few more, and cells that are used again at once.
        let cache = Cache::builder().capacity(8).policy(policy).shards(1).build_shared();
        let histories = histories(&cache, 2 + round % 2, &clock, round);
        assert!(is_linear(&histories), "{histories:#?}");
    }
}

#[test]
fn calls_take_effect_one_after_the_other() {
    all_histories_are_linear(S3Fifo);
    all_histories_are_linear(Lru);
}
