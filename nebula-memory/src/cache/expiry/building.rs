use core::time::Duration;

use super::{Monotonic, Tti, Ttl};
use crate::cache::CacheBuilder;

impl<K, V, P, S, W, L> CacheBuilder<K, V, P, S, W, L> {
    /// Entries expire so long after they came in, whatever the policy set so far says: [`Ttl`] around it.
    ///
    /// By the clock of the machine; for another one say `.policy(Ttl::new(..).with_clock(..))`.
    #[doc(alias = "time_to_live")]
    pub fn ttl(self, life: Duration) -> CacheBuilder<K, V, Ttl<P, Monotonic>, S, W, L> {
        self.map_policy(|policy| Ttl::new(policy, life))
    }

    /// Entries expire so long after they were last used: [`Tti`] around the policy set so far.
    #[doc(alias = "time_to_idle")]
    pub fn tti(self, life: Duration) -> CacheBuilder<K, V, Tti<P, Monotonic>, S, W, L> {
        self.map_policy(|policy| Tti::new(policy, life))
    }
}
