//! Calls of several threads on one shared cache take effect one after the other.
//!
//! Each thread notes when its calls began and ended. What they have returned has to be what a map would have returned if they had
//! been made one after the other, in some order in which a call that ended before another began comes first (Herlihy, Wing:
//! *Linearizability: A Correctness Condition for Concurrent Objects*, 1990). That order is searched for (Wing, Gong: *Testing and
//! Verifying Concurrent Objects*, 1993; with Lowe's memory of states that have led nowhere).
//!
//! Where there is no room for all keys, each may go at any time: then whoever misses it has told when it went, and it must not be seen
//! again before somebody puts it in.
#![cfg(all(not(loom), not(miri), feature = "cache", feature = "std"))]

mod support;

use std::cell::Cell;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use nebula_memory::cache::policy::{Adaptive, Elastic, Fifo, Lru, Policy, S3Fifo, WTinyLfu};
use nebula_memory::cache::{Cache, SharedCache};
use support::stress::Random;

/// Keys, few enough to be met again and again.
const KEYS: usize = 3;
/// Room for all keys and a few more, so that nothing leaves that was not removed.
const AMPLE: usize = 8;
/// Some always have to leave.
const SCARCE: usize = 2;

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

    /// The same where entries may have gone by themselves.
    fn apply_in(self, capacity: usize, mut state: State) -> Option<State> {
        let as_it_was = self.apply(state);
        if as_it_was.is_some() || capacity >= KEYS {
            return as_it_was;
        }
        // What has gone shows in a call for it, and in no other.
        match self {
            Self::Clear => return None,
            Self::Get(key, _)
            | Self::Contains(key, _)
            | Self::Insert(key, _)
            | Self::Replace(key, ..)
            | Self::Remove(key, _)
            | Self::OrInsert(key, ..)
            | Self::Compute(key, _) => state[key] = None,
        }
        self.apply(state)
    }
}

#[derive(Clone, Copy, Debug)]
struct Event {
    began: u64,
    ended: u64,
    call: Call,
}

/// Whether there is an order. Histories are of one thread each.
fn is_linear(capacity: usize, threads: &[Vec<Event>]) -> bool {
    fn search(
        capacity: usize,
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
                && let Some(state) = event.call.apply_in(capacity, state)
            {
                done[thread] += 1;
                if search(capacity, threads, done, state, tried) {
                    return true;
                }
                done[thread] -= 1;
            }
        }
        false
    }
    search(capacity, threads, &mut vec![0; threads.len()], [None; KEYS], &mut HashSet::new())
}

#[test]
fn the_search_finds_what_is_wrong() {
    let event = |began, ended, call| Event { began, ended, call };
    let write = event(0, 3, Call::Insert(0, 1));
    // Old after new.
    let stale = [event(1, 2, Call::Get(0, Some(1))), event(4, 5, Call::Get(0, None))];
    assert!(!is_linear(AMPLE, &[vec![write], stale.to_vec()]));
    let fine = [event(1, 2, Call::Get(0, None)), event(4, 5, Call::Get(0, Some(1)))];
    assert!(is_linear(AMPLE, &[vec![write], fine.to_vec()]));
    // Nobody has written that.
    assert!(!is_linear(AMPLE, &[vec![write], vec![event(4, 5, Call::Get(0, Some(2)))]]));
    // Two that both were first.
    let first = |value| event(0, 9, Call::Replace(0, value, None));
    assert!(!is_linear(AMPLE, &[vec![first(1)], vec![first(2)]]));
    // What has gone for want of room comes back by itself.
    let gone = event(4, 5, Call::Get(0, None));
    assert!(!is_linear(AMPLE, &[vec![write, gone]]) && is_linear(SCARCE, &[vec![write, gone]]));
    assert!(!is_linear(SCARCE, &[vec![write, gone, event(6, 7, Call::Get(0, Some(1)))]]));
    assert!(!is_linear(
        SCARCE,
        &[vec![write, event(4, 5, Call::Contains(0, false))], vec![event(6, 7, Call::Remove(0, Some(1)))]]
    ));
    // Two that both took it out.
    let taken = event(4, 9, Call::Remove(0, Some(1)));
    assert!(!is_linear(SCARCE, &[vec![write, taken], vec![taken]]));
    assert!(is_linear(SCARCE, &[vec![write, taken], vec![event(4, 9, Call::Remove(0, None))]]));
}

thread_local!(static PAUSES: Cell<u64> = const { Cell::new(1) });

/// Mostly lets another thread go on: so calls overlap, however few processors there are.
fn pause() {
    let mut random = Random(PAUSES.get());
    if random.next(4) != 0 {
        thread::yield_now();
    }
    PAUSES.set(random.0);
}

/// A key, and a value, in the midst of whose calls other threads go on.
#[derive(Eq)]
struct Key(usize);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        pause();
        self.0 == other.0
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        pause();
        self.0.hash(state);
    }
}

struct Value(u32);

impl Clone for Value {
    fn clone(&self) -> Self {
        pause();
        Self(self.0)
    }
}

type Shared<P> = SharedCache<Key, Value, P>;

fn call<P: Policy>(cache: &Shared<P>, random: &mut Random, value: u32) -> Call {
    let key = usize::try_from(random.next(KEYS as u64)).unwrap();
    let number = |value: Option<Value>| value.map(|value| value.0);
    match random.next(16) {
        0..4 => Call::Get(key, number(cache.get(&Key(key)))),
        4 => Call::Get(key, cache.read(&Key(key), |value| value.0)),
        5 => Call::Contains(key, cache.contains(&Key(key))),
        6..9 => {
            cache.insert(Key(key), Value(value));
            Call::Insert(key, value)
        }
        9 | 10 => Call::Replace(key, value, number(cache.replace(Key(key), Value(value)))),
        11 | 12 => Call::Remove(key, number(cache.remove(&Key(key)))),
        13 => Call::OrInsert(key, value, cache.get_or_insert_with(Key(key), || Value(value)).0),
        14 => {
            let mut old = None;
            cache.compute(Key(key), |value| {
                old = value.map(|value| value.0);
                Some(Value(old.map_or(1, |old| old ^ 1 << 31)))
            });
            Call::Compute(key, old)
        }
        _ if random.next(4) == 0 => {
            cache.clear();
            Call::Clear
        }
        _ => Call::Get(key, number(cache.peek(&Key(key)))),
    }
}

/// What threads do at once, each so many calls.
fn histories<P: Policy<Ranking: Send> + Sync>(
    cache: &Shared<P>,
    count: u64,
    clock: &AtomicU64,
    seed: u64,
) -> Vec<Vec<Event>> {
    let waiting = AtomicUsize::new(usize::try_from(count).unwrap());
    thread::scope(|threads| {
        let run = |number: u64| {
            let waiting = &waiting;
            move || {
                let mut random = Random((seed * count + number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                PAUSES.set(random.next(u64::MAX) | 1);
                // Not in the kernel: all shall begin at the same time.
                waiting.fetch_sub(1, Ordering::SeqCst);
                while waiting.load(Ordering::SeqCst) != 0 {
                    thread::yield_now();
                }
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

/// How many calls were made while another thread was in the midst of one.
fn overlapping(histories: &[Vec<Event>]) -> usize {
    let meet = |one: &Event, other: &Event| one.began < other.ended && other.began < one.ended;
    let mut count = 0;
    for (number, thread) in histories.iter().enumerate() {
        let others = || histories.iter().enumerate().filter(|&(other, _)| other != number);
        count += thread
            .iter()
            .filter(|one| others().any(|(_, thread)| thread.iter().any(|it| meet(one, it))))
            .count();
    }
    count
}

fn all_histories_are_linear<P: Policy<Ranking: Send> + Sync + Copy>(policy: P, capacity: usize) {
    let clock = AtomicU64::new(0);
    let rounds = if cfg!(debug_assertions) { 400 } else { 2000 };
    let (mut calls, mut together) = (0, 0);
    for round in 0..rounds {
        // Cells are used again at once.
        let cache = Cache::builder().capacity(capacity).policy(policy).shards(1).build_shared();
        let histories = histories(&cache, 2 + round % 2, &clock, round);
        assert!(is_linear(capacity, &histories), "{histories:#?}");
        calls += histories.iter().map(Vec::len).sum::<usize>();
        together += overlapping(&histories);
    }
    // Else this says nothing.
    assert!(together > calls / 4, "{together} of {calls} calls had others beside them");
}

#[test]
fn calls_take_effect_one_after_the_other() {
    all_histories_are_linear(S3Fifo, AMPLE);
    all_histories_are_linear(Lru, AMPLE);
}

#[test]
fn what_has_left_stays_away() {
    all_histories_are_linear(Fifo, SCARCE);
    all_histories_are_linear(Lru, SCARCE);
    all_histories_are_linear(S3Fifo, SCARCE);
    all_histories_are_linear(Elastic, SCARCE);
    all_histories_are_linear(WTinyLfu::with_window(50), SCARCE);
    all_histories_are_linear(Adaptive, SCARCE);
}
