//! The workloads of one thread.

use super::contender::{CAPACITY, Contender, Value, Visitor, each};
use super::{objects, shared};
use crate::barrier::used;
use crate::case::Case;
use crate::text::Random;

/// Slots taken and given back per round, one after the other.
const PAIRS: u64 = 4096;
/// Values that are alive at once.
const LIVE: usize = CAPACITY / 2;

/// All cases with a pool, by row.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases::default();
    each(&mut cases);
    let mut cases = cases.0;
    shared::add(&mut cases);
    objects::add(&mut cases);
    let order = |case: &Case| ROWS.iter().position(|row| *row == case.row);
    cases.sort_by_key(order);
    cases
}

const ROWS: [&str; 10] = [
    "pool/slot",
    "pool/value",
    "pool/replace",
    "pool/fill",
    "pool/shared-1-thread",
    "pool/shared-2-threads",
    "pool/object-1-thread",
    "pool/object-2-threads",
    "pool/object-handed-over",
    "pool/object-many-live",
];

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    fn add<C: Contender>(&mut self, row: &'static str, operations: u64, rounds: impl FnMut(u64) + 'static) {
        self.0.push(Case::new(row, (C::NAME, C::OURS), operations, rounds));
    }
}

impl Visitor for Cases {
    fn visit<C: Contender>(&mut self) {
        let mut pool = C::new();
        self.add::<C>("pool/slot", PAIRS, move |rounds| slots(&mut pool, rounds));
        let mut pool = C::new();
        self.add::<C>("pool/value", PAIRS, move |rounds| values(&mut pool, rounds));
        let mut pool = C::new();
        let mut live = (0..LIVE as u64).map(|seed| Some(pool.put(|| Value::new(seed)))).collect::<Vec<_>>();
        let mut random = Random::new();
        self.add::<C>("pool/replace", PAIRS, move |rounds| {
            random = replace(&mut pool, &mut live, random, rounds);
        });
        let mut pool = C::new();
        let mut live = Vec::with_capacity(LIVE);
        self.add::<C>("pool/fill", LIVE as u64, move |rounds| {
            for _ in 0..rounds {
                fill(&mut pool, &mut live);
            }
        });
    }
}

#[inline(never)]
fn slots<C: Contender>(pool: &mut C, rounds: u64) {
    for _ in 0..rounds * PAIRS {
        let slot = pool.acquire();
        pool.release(slot);
    }
}

#[inline(never)]
fn values<C: Contender>(pool: &mut C, rounds: u64) {
    for seed in 0..rounds * PAIRS {
        let full = pool.put(|| Value::new(seed));
        used(pool.get(&full).0[0]);
        pool.remove(full);
    }
}

/// Any one of the live values makes room for a new one.
#[inline(never)]
fn replace<C: Contender>(
    pool: &mut C,
    live: &mut [Option<C::Full>],
    mut random: Random,
    rounds: u64,
) -> Random {
    for seed in 0..rounds * PAIRS {
        let place = &mut live[random.below(LIVE)];
        if let Some(full) = place.take() {
            used(pool.get(&full).0[0]);
            pool.remove(full);
        }
        *place = Some(pool.put(|| Value::new(seed)));
    }
    random
}

/// All are made, then all removed, the oldest first.
#[inline(never)]
fn fill<C: Contender>(pool: &mut C, live: &mut Vec<C::Full>) {
    for seed in 0..LIVE as u64 {
        live.push(pool.put(|| Value::new(seed)));
    }
    for full in live.drain(..) {
        used(pool.get(&full).0[0]);
        pool.remove(full);
    }
}
