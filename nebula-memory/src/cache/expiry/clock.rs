use alloc_crate::sync::Arc;
use core::fmt::{self, Debug};
use core::time::Duration;

use crate::sync::{AtomicU64, Ordering};

/// Tells the time by which entries expire.
///
/// All clones of a clock tell the same time. One that goes back makes entries live longer, and breaks nothing. One that panics
/// makes the call end that asks it; a value that has just come in may have no time then.
///
/// It must not use the cache for which it tells the time: a shared one may have locked what it would wait for.
///
/// ```
/// use core::time::Duration;
/// use nebula_memory::cache::expiry::{Clock, Monotonic, Ttl};
/// use nebula_memory::cache::{Cache, policy::Lru};
///
/// /// A day goes by in a second.
/// #[derive(Clone, Debug)]
/// struct Fast;
///
/// impl Clock for Fast {
///     fn now(&self) -> Duration {
///         Monotonic.now().saturating_mul(86_400)
///     }
/// }
///
/// let policy = Ttl::new(Lru, Duration::from_secs(86_400)).with_clock(Fast);
/// let mut cache = Cache::builder().capacity(10).policy(policy).build();
/// cache.insert("today", 1);
/// assert!(cache.time_left("today").is_none_or(|left| left <= Duration::from_secs(86_400)));
/// ```
pub trait Clock: Clone + Debug + Send + Sync {
    /// How long it is since some moment that does not change; 584 years at most.
    fn now(&self) -> Duration;
}

/// The clock of the machine, which never goes back: [`std::time::Instant`](https://doc.rust-lang.org/std/time/struct.Instant.html).
///
/// It takes no room. Without the feature `std` it is not a [`Clock`], and another one has to be named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Monotonic;

#[cfg(feature = "std")]
impl Clock for Monotonic {
    #[inline]
    fn now(&self) -> Duration {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed()
    }
}

/// A clock that is set by hand, for tests and simulations. Clones are the same clock.
///
/// To read it takes less than to ask the machine: where times need not be exact, one that a timer sets every few milliseconds
/// makes look-ups cheaper.
///
/// ```
/// use core::time::Duration;
/// use nebula_memory::cache::expiry::{Clock, ManualClock};
///
/// let clock = ManualClock::new();
/// let same = clock.clone();
/// clock.advance(Duration::from_secs(5));
/// assert_eq!(same.now(), Duration::from_secs(5));
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// A clock that tells 0.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(0)))
    }

    /// Puts it forward.
    ///
    /// It stops at its end, after 584 years.
    pub fn advance(&self, by: Duration) {
        let by = nanos(by);
        let mut now = self.0.load(Ordering::Acquire);
        while let Err(other) =
            self.0.compare_exchange(now, now.saturating_add(by), Ordering::AcqRel, Ordering::Acquire)
        {
            now = other;
        }
    }

    /// Sets it, also back.
    pub fn set(&self, now: Duration) {
        self.0.store(nanos(now), Ordering::Release);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Acquire))
    }
}

impl Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManualClock").field(&self.now()).finish()
    }
}

/// Nanoseconds; the most there can be if there are more.
#[inline]
pub(super) fn nanos(time: Duration) -> u64 {
    time.as_secs().saturating_mul(1_000_000_000).saturating_add(u64::from(time.subsec_nanos()))
}
