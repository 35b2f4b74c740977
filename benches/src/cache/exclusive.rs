//! A cache that one thread uses.

use super::contender::{Exclusive, exclusive};
use super::workload::{Requests, mix, shuffled, zipf};
use crate::barrier::used;
use crate::case::Case;

/// A size of the rows: of time, and of instructions.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) rows: [&'static str; 3],
    pub(super) capacity: usize,
    pub(super) requests: usize,
    pub(super) long: bool,
}

const SIZES: [Size; 2] = [
    Size {
        rows: ["cache/get-hit", "cache/insert-evict", "cache/mixed"],
        capacity: 100_000,
        requests: 500_000,
        long: true,
    },
    Size {
        rows: ["cache/get-hit-1k", "cache/insert-evict-1k", "cache/mixed-1k"],
        capacity: 1000,
        requests: 8000,
        long: false,
    },
];

fn case(size: Size, row: usize, name: (&'static str, bool), rounds: impl FnMut(u64) + 'static) -> Case {
    let case = Case::new(size.rows[row], name, size.requests as u64, rounds);
    if size.long { case.long() } else { case }
}

/// Keys that are there, in no order, in a cache that is four fifths full.
pub(super) fn get_hit<C: Exclusive>(size: Size) -> Case {
    let mut state = None;
    case(size, 0, (C::NAME, C::OURS), move |rounds| {
        let (cache, requests) = state.get_or_insert_with(|| {
            let keys = shuffled(size.capacity / 5 * 4, 3);
            let mut cache = C::new(size.capacity);
            for &key in &keys {
                cache.put(key, key);
            }
            (cache, Requests::new(keys))
        });
        for _ in 0..rounds {
            used(requests.count(size.requests, |key| cache.get(key).is_some()));
        }
    })
}

/// Keys that were never there, in a cache that is full.
pub(super) fn insert_evict<C: Exclusive>(size: Size) -> Case {
    let mut cache = None;
    let mut next = 0_u64;
    case(size, 1, (C::NAME, C::OURS), move |rounds| {
        let cache = cache.get_or_insert_with(|| {
            let mut cache = C::new(size.capacity);
            for _ in 0..2 * size.capacity {
                next += 1;
                cache.put(mix(next), next);
            }
            cache
        });
        for _ in 0..rounds * size.requests as u64 {
            next += 1;
            cache.put(mix(next), next);
        }
    })
}

/// Requests as real ones are distributed: what is not there is put in.
pub(super) fn mixed<C: Exclusive>(size: Size) -> Case {
    let mut state = None;
    case(size, 2, (C::NAME, C::OURS), move |rounds| {
        let (cache, requests) = state.get_or_insert_with(|| {
            let requests = zipf(10 * size.capacity, 4 * size.requests, 11);
            let mut cache = C::new(size.capacity);
            for &key in &requests {
                ask(&mut cache, key);
            }
            (cache, Requests::new(requests))
        });
        for _ in 0..rounds {
            used(requests.count(size.requests, |key| ask(cache, key)));
        }
    })
}

#[inline(always)]
fn ask<C: Exclusive>(cache: &mut C, key: u64) -> bool {
    let hit = cache.get(key).is_some();
    if !hit {
        cache.put(key, key);
    }
    hit
}

pub(super) fn add(cases: &mut Vec<Case>) {
    for size in SIZES {
        macro_rules! add {
            ($($cache:tt)*) => { cases.push(get_hit::<$($cache)*>(size)); };
        }
        exclusive!(add);
        macro_rules! add {
            ($($cache:tt)*) => { cases.push(insert_evict::<$($cache)*>(size)); };
        }
        exclusive!(add);
        macro_rules! add {
            ($($cache:tt)*) => { cases.push(mixed::<$($cache)*>(size)); };
        }
        exclusive!(add);
    }
}
