use super::Trace;
use crate::cache::policy::{AnyPolicy, Policy, Shadow};

/// What was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimResult {
    /// Requests of the trace.
    pub requests: u64,
    /// Those that found their entry.
    pub hits: u64,
    /// What all requests weigh.
    pub weight: u64,
    /// What the hits weigh.
    pub hit_weight: u64,
}

impl SimResult {
    /// Hits among requests, from 0 to 1; 0 if there were none.
    #[must_use]
    pub fn hit_ratio(&self) -> f64 {
        share(self.hits, self.requests)
    }

    /// The weight of the hits as a share of that of all requests, from 0 to 1: bytes that need not be fetched, if weights are bytes.
    #[must_use]
    pub fn weight_hit_ratio(&self) -> f64 {
        share(self.hit_weight, self.weight)
    }

    pub(super) fn count(&mut self, hit: bool, weight: u32) {
        self.requests += 1;
        self.weight += u64::from(weight);
        if hit {
            self.hits += 1;
            self.hit_weight += u64::from(weight);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no more than 53 bits")]
fn share(part: u64, all: u64) -> f64 {
    if all == 0 { 0.0 } else { part as f64 / all as f64 }
}

/// What a cache with this policy and capacity finds: each request is a look-up, and an insertion if nothing was found.
///
/// Entries weigh what the trace says; what is heavier than the capacity does not get in. Policies that let entries expire see all
/// requests at the time at which they are replayed.
///
/// # Panics
///
/// If the capacity is 0.
///
/// ```
/// use nebula_memory::cache::{policy::S3Fifo, sim::{self, Trace}};
///
/// let trace = Trace::weighted([("a", 40), ("b", 70), ("a", 40), ("b", 70)]);
/// assert_eq!(sim::replay(&trace, &S3Fifo, 110).hits, 2);
/// assert_eq!(sim::replay(&trace, &S3Fifo, 110).hit_weight, 110);
/// assert_eq!(sim::replay(&trace, &S3Fifo, 100).hits, 0);
/// ```
pub fn replay<P: Policy>(trace: &Trace, policy: &P, capacity: u64) -> SimResult {
    assert!(capacity > 0, "a cache of no entries finds nothing");
    let mut cache = Shadow::new(policy, capacity);
    let mut found = SimResult::default();
    for (key, weight) in trace.requests() {
        found.count(cache.access(scrambled(key), weight), weight);
    }
    found
}

/// Different for different keys, and like a hash in everything else.
fn scrambled(key: u32) -> u32 {
    let mixed = (key ^ 0x5F35_6495).wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
    mixed ^ mixed >> 13
}

/// Names of all policies, as [`replay_named`] knows them.
pub const POLICIES: &[&str] = AnyPolicy::NAMES;

/// The same with the policy of that name, of [`POLICIES`], or whatever else is an [`AnyPolicy`] as a text; `None` if it is none.
///
/// # Panics
///
/// If the capacity is 0.
#[must_use]
pub fn replay_named(trace: &Trace, name: &str, capacity: u64) -> Option<SimResult> {
    Some(replay_any(trace, &name.parse().ok()?, capacity))
}

/// The same with the policy that this is, as fast as with that itself.
///
/// # Panics
///
/// If the capacity is 0.
///
/// ```
/// use nebula_memory::cache::{policy::{AnyPolicy, Lru}, sim::{self, Trace}};
///
/// let trace = Trace::new((0..1000_u32).map(|turn| turn % 7));
/// let found = sim::replay_any(&trace, &AnyPolicy::from(Lru), 7);
/// assert_eq!(found, sim::replay(&trace, &Lru, 7));
/// ```
#[must_use]
pub fn replay_any(trace: &Trace, policy: &AnyPolicy, capacity: u64) -> SimResult {
    match policy {
        AnyPolicy::Adaptive(policy) => replay(trace, policy, capacity),
        AnyPolicy::Elastic(policy) => replay(trace, policy, capacity),
        AnyPolicy::Fifo(policy) => replay(trace, policy, capacity),
        AnyPolicy::Lfu(policy) => replay(trace, policy, capacity),
        AnyPolicy::Lru(policy) => replay(trace, policy, capacity),
        AnyPolicy::Random(policy) => replay(trace, policy, capacity),
        AnyPolicy::S3Fifo(policy) => replay(trace, policy, capacity),
        AnyPolicy::Sieve(policy) => replay(trace, policy, capacity),
        AnyPolicy::WTinyLfu(policy) => replay(trace, policy, capacity),
    }
}
