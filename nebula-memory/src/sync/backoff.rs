use super::primitives::{spin_loop, yield_now};

/// Waits a little longer each time: spins at first, then gives the time slice away.
///
/// For loops that retry after another thread won a race. The waiting doubles with every call, so that
/// threads that keep colliding spread out (Anderson, *The performance of spin lock alternatives*, 1990).
///
/// ```
/// use core::sync::atomic::{AtomicBool, Ordering};
/// use nebula_memory::sync::Backoff;
///
/// let ready = AtomicBool::new(true); // set by another thread
/// let mut backoff = Backoff::new();
/// while !ready.load(Ordering::Acquire) {
///     backoff.wait();
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    rounds: u32,
}

impl Backoff {
    /// From this round on the time slice is given away: 1 + 2 + … + 32 spins have not been enough.
    const YIELD_FROM: u32 = 6;

    /// A back-off that has not waited yet.
    pub const fn new() -> Self {
        Self { rounds: 0 }
    }

    /// Waits, longer than the last time.
    pub fn wait(&mut self) {
        if self.rounds < Self::YIELD_FROM {
            for _ in 0..1_u32 << self.rounds {
                spin_loop();
            }
            self.rounds += 1;
        } else {
            yield_now();
        }
    }

    /// Whether spinning has been tried and the time slice is given away by now: time to think of blocking.
    pub const fn is_yielding(&self) -> bool {
        self.rounds >= Self::YIELD_FROM
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::Backoff;

    #[test]
    fn yields_after_six_rounds_and_stays_there() {
        let mut backoff = Backoff::new();
        for _ in 0..6 {
            assert!(!backoff.is_yielding());
            backoff.wait();
        }
        assert!(backoff.is_yielding());
        backoff.wait();
        assert!(backoff.is_yielding());
    }
}
