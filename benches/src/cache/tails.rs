//! How long the longest operations take: each one is timed by itself.

use quanta::Clock;

use super::contender::{Concurrent, Exclusive, exclusive, shared};
use super::workload::zipf;
use crate::barrier::{opaque, used};

const CAPACITY: usize = 100_000;
const KEYS: usize = 1_000_000;
/// Requests that all contenders get before any is timed: the caches are full then, and have seen what is asked for often.
const WARM: usize = 1_000_000;
/// Requests of a turn.
const TURN: usize = 200_000;
/// Of these, so many are not timed: another contender had the processor before.
const COLD: usize = 50_000;

/// Parts of the operations, the longest of which is looked for.
pub const PROBABILITIES: [f64; 4] = [0.5, 0.99, 0.999, 0.9999];

/// How long the operations of a contender took.
pub struct Tails {
    /// Whose.
    pub contender: &'static str,
    /// Whether that is us.
    pub ours: bool,
    /// Nanoseconds: for each of the [`PROBABILITIES`] the time that this part of a turn's operations did not exceed. The median of
    /// the turns.
    pub quantiles: [u64; PROBABILITIES.len()],
    /// Nanoseconds: the longest operation of all turns.
    pub longest: u64,
}

/// Does requests, and writes down how long each took.
type Ask = dyn FnMut(&Clock, &[u64], &mut Vec<u64>);

/// A contender, and what was measured of it.
struct Measured {
    contender: (&'static str, bool),
    ask: Box<Ask>,
    /// The quantiles of each turn.
    turns: Vec<[u64; PROBABILITIES.len()]>,
    longest: u64,
}

impl Measured {
    fn new(
        contender: (&'static str, bool),
        ask: impl FnMut(&Clock, &[u64], &mut Vec<u64>) + 'static,
    ) -> Self {
        Self { contender, ask: Box::new(ask), turns: Vec::new(), longest: 0 }
    }

    /// A cache that one thread owns.
    fn exclusive<C: Exclusive>() -> Self {
        let mut cache = C::new(CAPACITY);
        Self::new((C::NAME, C::OURS), move |clock, requests, times| {
            time(clock, requests, times, |key| {
                let hit = cache.get(key).is_some();
                if !hit {
                    cache.put(key, key);
                }
                hit
            });
        })
    }

    /// A cache that many could use, used by one.
    fn shared<C: Concurrent>() -> Self {
        let cache = C::new(CAPACITY);
        Self::new((C::NAME, C::OURS), move |clock, requests, times| {
            time(clock, requests, times, |key| {
                let hit = cache.get(key).is_some();
                if !hit {
                    cache.put(key, key);
                }
                hit
            });
        })
    }

    /// What the clock costs, and whatever else the machine does.
    fn nothing() -> Self {
        Self::new(("nothing", false), |clock, requests, times| {
            time(clock, requests, times, |key| opaque(key) > 0);
        })
    }

    fn turn(&mut self, clock: &Clock, requests: &[u64], times: &mut Vec<u64>) {
        times.clear();
        (self.ask)(clock, requests, times);
        let warm = &mut times[COLD..];
        warm.sort_unstable();
        self.turns.push(PROBABILITIES.map(|part| quantile(warm, part)));
        self.longest = self.longest.max(quantile(warm, 1.0));
    }

    fn result(&self) -> Tails {
        let quantiles = std::array::from_fn(|part| {
            let mut turns: Vec<u64> = self.turns.iter().map(|turn| turn[part]).collect();
            turns.sort_unstable();
            quantile(&turns, 0.5)
        });
        let (contender, ours) = self.contender;
        Tails { contender, ours, quantiles, longest: self.longest }
    }
}

/// The counter of the clock, when all that came before it is done.
#[inline(always)]
fn now(clock: &Clock) -> u64 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE2 is part of x86_64, and a fence accesses nothing.
    unsafe {
        std::arch::x86_64::_mm_lfence();
    }
    clock.raw()
}

/// Does `one` for each request and writes down how long it took.
#[inline(always)]
fn time(clock: &Clock, requests: &[u64], times: &mut Vec<u64>, mut one: impl FnMut(u64) -> bool) {
    let mut hits = 0;
    for &key in requests {
        let start = now(clock);
        hits += u64::from(one(key));
        let end = now(clock);
        times.push(clock.delta_as_nanos(start, end));
    }
    used(hits);
}

/// The time that so large a part of them does not exceed.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among them")]
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn quantile(sorted: &[u64], part: f64) -> u64 {
    sorted[((sorted.len() - 1) as f64 * part) as usize]
}

/// Times each operation of the row `cache/mixed`, for all caches in turn, so often.
pub fn tails(turns: usize) -> Vec<Tails> {
    let requests = zipf(KEYS, WARM + 8 * TURN, 11);
    let (warm, requests) = requests.split_at(WARM);
    let clock = Clock::new();
    let mut times = Vec::with_capacity(WARM);
    let mut all = vec![Measured::nothing()];
    macro_rules! add {
        ($($cache:tt)*) => { all.push(Measured::exclusive::<$($cache)*>()); };
    }
    exclusive!(add);
    macro_rules! add {
        ($($cache:tt)*) => { all.push(Measured::shared::<$($cache)*>()); };
    }
    shared!(add);
    for one in &mut all {
        times.clear();
        (one.ask)(&clock, warm, &mut times);
    }
    for requests in requests.chunks(TURN).cycle().take(turns) {
        for one in &mut all {
            one.turn(&clock, requests, &mut times);
        }
    }
    all.iter().map(Measured::result).collect()
}
