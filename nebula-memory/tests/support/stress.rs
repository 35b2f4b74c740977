//! What threads need that do all there is to do, in any order.

use std::time::{Duration, Instant};

/// Numbers that look random, the same in each run (Marsaglia, *Xorshift RNGs*, 2003).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// When a test is over that goes on for a second, or for as many as `NEBULA_STRESS_SECONDS` says.
pub(crate) fn until() -> Instant {
    let asked = std::env::var("NEBULA_STRESS_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Instant::now() + Duration::from_secs(asked.unwrap_or(1))
}
