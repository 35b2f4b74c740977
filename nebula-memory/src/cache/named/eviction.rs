use core::time::Duration;

use crate::cache::expiry::Ttl;
use crate::cache::policy::{Adaptive, AnyPolicy, Fifo, Lfu, Lru, Policy, Random, sealed};

/// Who leaves a cache first, chosen at run time.
///
/// It is a [`Policy`] itself. One that is known when the program is written is better named as its type: that is faster, takes
/// less memory, and there are more of them.
///
/// ```
/// use core::time::Duration;
/// use nebula_memory::cache::{Cache, EvictionPolicy};
///
/// for policy in [
///     EvictionPolicy::LRU,
///     EvictionPolicy::LFU,
///     EvictionPolicy::FIFO,
///     EvictionPolicy::Random,
///     EvictionPolicy::TTL(Duration::from_secs(300)),
///     EvictionPolicy::Adaptive,
/// ] {
///     let mut cache = Cache::builder().capacity(100).policy(policy).build();
///     cache.extend((0..1000).map(|key| (key, key * key)));
///     assert_eq!(cache.len(), 100);
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvictionPolicy {
    /// What was not used for the longest time: [`Lru`].
    LRU,
    /// What was used least often: [`Lfu`].
    LFU,
    /// What came in first: [`Fifo`].
    FIFO,
    /// Any: [`Random`], the same each time.
    Random,
    /// What came in first, and whatever came in so long ago, even if there is room: [`Ttl`] with [`Fifo`].
    TTL(Duration),
    /// What should have left lately: [`Adaptive`].
    Adaptive,
}

impl EvictionPolicy {
    /// Who leaves when there is no room, and after what time everything does.
    fn parts(self) -> (AnyPolicy, Duration) {
        match self {
            Self::LRU => (Lru.into(), Duration::MAX),
            Self::LFU => (Lfu.into(), Duration::MAX),
            Self::FIFO => (Fifo.into(), Duration::MAX),
            Self::Random => (Random::default().into(), Duration::MAX),
            Self::TTL(life) => (Fifo.into(), life),
            Self::Adaptive => (Adaptive.into(), Duration::MAX),
        }
    }
}

impl From<EvictionPolicy> for Ttl<AnyPolicy> {
    /// The same as a policy with a clock of its own; what does not expire lives for ever.
    fn from(policy: EvictionPolicy) -> Self {
        let (policy, life) = policy.parts();
        Ttl::new(policy, life)
    }
}

impl sealed::Sealed for EvictionPolicy {}

impl Policy for EvictionPolicy {
    type Ranking = <Ttl<AnyPolicy> as Policy>::Ranking;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        Ttl::from(*self).ranking(capacity)
    }
}
