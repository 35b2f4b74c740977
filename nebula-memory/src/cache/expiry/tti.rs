use core::time::Duration;

use super::clock::{Clock, Monotonic, nanos};
use super::expiring::Expiring;
use super::rule::SinceUse;
use crate::cache::policy::{Policy, sealed};

/// Entries expire so long after they were last used: read, or written. Until then `P` says who leaves.
///
/// A read puts the deadline off without a lock. Looking without using (`peek`, `contains`) does not. Takes 16 bytes an entry;
/// each look-up reads the clock, and so do writes.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use core::time::Duration;
/// use nebula_memory::cache::expiry::{Tti, Ttl};
/// use nebula_memory::cache::policy::Lru;
///
/// // Gone after an hour, or a minute without a use.
/// let policy = Ttl::new(Tti::new(Lru, Duration::from_secs(60)), Duration::from_secs(3600));
/// # let _ = policy;
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tti<P, C = Monotonic> {
    policy: P,
    life: Duration,
    clock: C,
}

impl<P> Tti<P> {
    /// Entries live for `life` after each use; with one of 0 nothing is ever served.
    #[must_use]
    pub const fn new(policy: P, life: Duration) -> Self {
        Self { policy, life, clock: Monotonic }
    }
}

impl<P, C> Tti<P, C> {
    /// The time is that of another clock.
    #[must_use]
    pub fn with_clock<D: Clock>(self, clock: D) -> Tti<P, D> {
        Tti { policy: self.policy, life: self.life, clock }
    }
}

impl<P, C> sealed::Sealed for Tti<P, C> {}

impl<P: Policy, C: Clock> Policy for Tti<P, C> {
    type Ranking = Expiring<P::Ranking, SinceUse, C>;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        let rule = SinceUse { life: nanos(self.life) };
        Expiring::new(self.policy.ranking(capacity), rule, self.clock.clone())
    }
}
