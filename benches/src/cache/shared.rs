//! A cache that many threads use.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::contender::{Concurrent, shared};
use super::workload::zipf;
use crate::barrier::used;
use crate::case::Case;
use crate::threads::together;

const CAPACITY: usize = 100_000;
const KEYS: usize = 1_000_000;
/// Requests of a thread in a round.
const REQUESTS: usize = 250_000;
/// Rounds until the requests come again.
const PARTS: usize = 8;

/// A cache that has seen the requests, and the requests of each of two threads.
struct State<C> {
    cache: C,
    requests: [Vec<u64>; 2],
    /// Which part of them comes next.
    part: AtomicUsize,
}

impl<C: Concurrent> State<C> {
    fn new() -> Self {
        let requests = [100, 101].map(|seed| zipf(KEYS, PARTS * REQUESTS, seed));
        let cache = C::new(CAPACITY);
        requests.iter().flatten().for_each(|&key| _ = ask(&cache, key));
        Self { cache, requests, part: AtomicUsize::new(0) }
    }

    fn round(&self, thread: usize, mut one: impl FnMut(&C, u64) -> bool) {
        let from = self.part.load(Ordering::Relaxed) % PARTS * REQUESTS;
        let requests = &self.requests[thread][from..from + REQUESTS];
        used(requests.iter().filter(|&&key| one(&self.cache, key)).count() as u64);
    }
}

#[inline(always)]
fn ask<C: Concurrent>(cache: &C, key: u64) -> bool {
    let hit = cache.get(key).is_some();
    if !hit {
        cache.put(key, key);
    }
    hit
}

#[inline(always)]
fn read<C: Concurrent>(cache: &C, key: u64) -> bool {
    cache.get(key).is_some()
}

fn alone<C: Concurrent>(row: &'static str, one: impl Fn(&C, u64) -> bool + 'static) -> Case {
    let mut state = None;
    Case::new(row, (C::NAME, C::OURS), REQUESTS as u64, move |rounds| {
        let state = state.get_or_insert_with(State::<C>::new);
        for _ in 0..rounds {
            state.round(0, &one);
            state.part.fetch_add(1, Ordering::Relaxed);
        }
    })
    .long()
}

fn two<C: Concurrent>(row: &'static str, one: impl Fn(&C, u64) -> bool + Sync + 'static) -> Case {
    let mut state = None;
    Case::by_threads(row, (C::NAME, C::OURS), 2, REQUESTS as u64, move |rounds| {
        let state = state.get_or_insert_with(|| Arc::new(State::<C>::new()));
        let next = AtomicUsize::new(0);
        let mut shared = Arc::clone(state);
        together(
            2,
            rounds,
            &mut shared,
            |state| state.round(next.fetch_add(1, Ordering::Relaxed) % 2, &one),
            |state| _ = state.part.fetch_add(1, Ordering::Relaxed),
        )
    })
    .long()
}

pub(super) fn add(cases: &mut Vec<Case>) {
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(alone("cache/shared-get", read::<$($cache)*>)); };
    }
    shared!(add);
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(two("cache/shared-get-2-threads", read::<$($cache)*>)); };
    }
    shared!(add);
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(alone("cache/shared-mixed", ask::<$($cache)*>)); };
    }
    shared!(add);
    macro_rules! add {
        ($($cache:tt)*) => { cases.push(two("cache/shared-mixed-2-threads", ask::<$($cache)*>)); };
    }
    shared!(add);
}
