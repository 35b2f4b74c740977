use core::time::Duration;

use super::clock::{Clock, Monotonic, nanos};
use super::expiring::Expiring;
use super::note::NEVER;
use super::rule::Own;
use crate::cache::policy::{Policy, sealed};

/// Each entry has a time of its own, told when it comes in; until then `P` says who leaves.
///
/// What comes in without one has [that of the others](Self::or), or lives until it has to go. A value that replaces another has
/// its own time too, not what the other had left. Takes 16 bytes an entry; look-ups read the clock unless the entry lives for
/// ever, and writes do unless all do.
///
/// ```
/// use core::time::Duration;
/// use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl};
/// use nebula_memory::cache::{SharedCache, policy::S3Fifo};
///
/// let clock = ManualClock::new();
/// let policy = PerEntryTtl::new(S3Fifo::default()).or(Duration::from_secs(60)).with_clock(clock.clone());
/// let tokens = SharedCache::builder().capacity(100).policy(policy).build_shared();
/// tokens.insert_for("guest", 1, Duration::from_secs(10));
/// tokens.insert("ada", 2);
/// clock.advance(Duration::from_secs(10));
/// assert_eq!((tokens.get("guest"), tokens.get("ada")), (None, Some(2)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PerEntryTtl<P, C = Monotonic> {
    policy: P,
    others: Option<Duration>,
    clock: C,
}

impl<P> PerEntryTtl<P> {
    /// Entries live as long as is said for each.
    #[must_use]
    pub const fn new(policy: P) -> Self {
        Self { policy, others: None, clock: Monotonic }
    }
}

impl<P, C> PerEntryTtl<P, C> {
    /// Those of which nothing is said live for `life`.
    #[must_use]
    pub fn or(mut self, life: Duration) -> Self {
        self.others = Some(life);
        self
    }

    /// The time is that of another clock.
    #[must_use]
    pub fn with_clock<D: Clock>(self, clock: D) -> PerEntryTtl<P, D> {
        PerEntryTtl { policy: self.policy, others: self.others, clock }
    }
}

impl<P, C> sealed::Sealed for PerEntryTtl<P, C> {}

impl<P: Policy, C: Clock> Policy for PerEntryTtl<P, C> {
    type Ranking = Expiring<P::Ranking, Own, C>;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        let rule = Own { life: self.others.map_or(NEVER, nanos) };
        Expiring::new(self.policy.ranking(capacity), rule, self.clock.clone())
    }
}
