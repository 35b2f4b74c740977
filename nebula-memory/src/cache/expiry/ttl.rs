use core::time::Duration;

use super::clock::{Clock, Monotonic, nanos};
use super::expiring::Expiring;
use super::rule::SinceWrite;
use crate::cache::policy::{Policy, sealed};

/// Entries expire so long after their value came in; until then `P` says who leaves.
///
/// Every value that replaces another begins anew. Takes 16 bytes an entry; each look-up reads the clock, and so do writes.
///
/// ```
/// # #[cfg(feature = "std")] {
/// use core::time::Duration;
/// use nebula_memory::cache::expiry::Ttl;
/// use nebula_memory::cache::policy::Lru;
///
/// // Sixty seconds, of which up to six are taken off at random: what came in together does not leave together.
/// let policy = Ttl::new(Lru, Duration::from_secs(60)).with_jitter(Duration::from_secs(6));
/// # let _ = policy;
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ttl<P, C = Monotonic> {
    policy: P,
    life: Duration,
    jitter: Duration,
    clock: C,
}

impl<P> Ttl<P> {
    /// Values live for `life`; one of 0 is never served.
    #[must_use]
    pub const fn new(policy: P, life: Duration) -> Self {
        Self { policy, life, jitter: Duration::ZERO, clock: Monotonic }
    }
}

impl<P, C> Ttl<P, C> {
    /// The time is that of another clock.
    #[must_use]
    pub fn with_clock<D: Clock>(self, clock: D) -> Ttl<P, D> {
        Ttl { policy: self.policy, life: self.life, jitter: self.jitter, clock }
    }

    /// Each value lives up to `jitter` less, at random; not more than it has.
    #[must_use]
    pub fn with_jitter(mut self, jitter: Duration) -> Self {
        self.jitter = jitter;
        self
    }
}

impl<P, C> sealed::Sealed for Ttl<P, C> {}

impl<P: Policy, C: Clock> Policy for Ttl<P, C> {
    type Ranking = Expiring<P::Ranking, SinceWrite, C>;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        let life = nanos(self.life);
        let rule = SinceWrite { life, jitter: nanos(self.jitter).min(life) };
        Expiring::new(self.policy.ranking(capacity), rule, self.clock.clone())
    }
}
