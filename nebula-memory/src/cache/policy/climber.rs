/// Looks whether the last step of the window was a good one: goes on if so, back if not, by a little less each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Climber {
    hits: u64,
    requests: u64,
    /// The hit ratio of the sample before.
    before: f64,
    /// What the window is to get; less than 0 if it is to lose it.
    step: f64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "steps are rough"
)]
impl Climber {
    /// The first step, as a share of the capacity.
    const FIRST: f64 = 0.0625;
    /// A change of the hit ratio by this means that something else is wanted now: it begins from new.
    const NEW: f64 = 0.05;
    const LESS: f64 = 0.98;

    pub(crate) fn new(capacity: u64) -> Self {
        Self { hits: 0, requests: 0, before: 0.0, step: capacity as f64 * Self::FIRST }
    }

    /// A request more; how many there were since the last step.
    #[inline(always)]
    pub(crate) fn see(&mut self, hit: bool) -> u64 {
        self.requests += 1;
        self.hits += u64::from(hit);
        self.requests
    }

    /// One for a cache of another capacity, that goes on from here.
    pub(crate) fn to_scale(self, capacity: u64, other: u64) -> Self {
        let step = self.step / capacity.max(1) as f64 * other as f64;
        Self { hits: 0, requests: 0, step, ..self }
    }

    /// The share of the window from now on.
    pub(crate) fn step(&mut self, share: u64, capacity: u64) -> u64 {
        let ratio = self.hits as f64 / self.requests as f64;
        let change = ratio - self.before;
        let amount = if change >= 0.0 { self.step } else { -self.step };
        self.step = if change.abs() >= Self::NEW {
            capacity as f64 * Self::FIRST * amount.signum()
        } else {
            amount * Self::LESS
        };
        (self.before, self.hits, self.requests) = (ratio, 0, 0);
        let most = (capacity as f64 * 0.8).max(1.0);
        (share as f64 + amount + 0.5).clamp(1.0, most) as u64
    }
}

/// As large a part of one capacity as a share is of another.
pub(crate) fn scale(share: u64, capacity: u64, other: u64) -> u64 {
    let scaled = u128::from(share) * u128::from(other) / u128::from(capacity.max(1));
    u64::try_from(scaled).unwrap_or(u64::MAX)
}
