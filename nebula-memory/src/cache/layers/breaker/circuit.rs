use core::time::Duration;

/// When a circuit opens, and how it closes again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rules {
    pub(super) window: Duration,
    pub(super) limit: Limit,
    pub(super) open_for: Duration,
    pub(super) trials: u32,
}

/// How much failing is too much, within the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Limit {
    /// So many failures.
    Failures(u32),
    /// This share of all loads, if there are so many.
    Rate { share: f64, loads: u32 },
}

/// What is known of one class of keys. Knows no clock and no lock.
#[derive(Clone, Debug)]
pub(super) struct Circuit {
    state: State,
    /// When somebody was told to load, or had loaded.
    pub(super) used: Duration,
}

#[derive(Clone, Debug)]
enum State {
    /// Since then; what began before is not told of any more.
    Closed {
        since: Duration,
        window: Window,
    },
    Open {
        until: Duration,
    },
    /// Some are let through. Those of which nothing is heard until then do not count: others are.
    HalfOpen {
        until: Duration,
        period: u64,
        begun: u32,
        succeeded: u32,
    },
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Closed,
    Open { retry_in: Duration },
    HalfOpen,
}

/// The right to load, which has to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Permit {
    /// The circuit was closed then.
    Usual { begun: Duration },
    /// The circuit was half open, for the time of this number.
    Trial { period: u64 },
}

/// How a load went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Succeeded,
    Failed,
    /// It has not come to an end.
    GivenUp,
}

impl Circuit {
    pub(super) fn new(now: Duration) -> Self {
        Self { state: State::Closed { since: Duration::ZERO, window: Window::default() }, used: now }
    }

    /// Whether there may be a load; if not, in how long there may be.
    pub(super) fn ask(&mut self, now: Duration, rules: &Rules, next: &mut u64) -> Result<Permit, Duration> {
        self.used = self.used.max(now);
        match &mut self.state {
            State::Closed { .. } => return Ok(Permit::Usual { begun: now }),
            State::HalfOpen { period, begun, .. } if *begun < rules.trials => {
                *begun += 1;
                return Ok(Permit::Trial { period: *period });
            }
            State::Open { until } | State::HalfOpen { until, .. } if now < *until => {
                return Err(wait(until, now, rules));
            }
            State::Open { .. } | State::HalfOpen { .. } => {}
        }
        *next += 1;
        let period = *next;
        let until = now.saturating_add(rules.open_for);
        self.state = State::HalfOpen { until, period, begun: 1, succeeded: 0 };
        Ok(Permit::Trial { period })
    }

    /// How a load went that was permitted.
    pub(super) fn tell(&mut self, now: Duration, rules: &Rules, permit: Permit, end: End) {
        self.used = self.used.max(now);
        match (&mut self.state, permit) {
            (State::Closed { since, window }, Permit::Usual { begun }) if begun >= *since => {
                window.note(now, rules, end);
                if window.is_too_much(rules) {
                    self.state = State::Open { until: now.saturating_add(rules.open_for) };
                }
            }
            (State::HalfOpen { period, begun, succeeded, .. }, Permit::Trial { period: of })
                if of == *period =>
            {
                match end {
                    End::Succeeded if *succeeded + 1 >= rules.trials => {
                        self.state = State::Closed { since: now, window: Window::default() };
                    }
                    End::Succeeded => *succeeded += 1,
                    End::Failed => {
                        self.state = State::Open { until: now.saturating_add(rules.open_for) };
                    }
                    // Somebody else may try.
                    End::GivenUp => *begun -= 1,
                }
            }
            // Of a time that is over.
            _ => {}
        }
    }

    pub(super) fn standing(&self, now: Duration, rules: &Rules) -> Standing {
        match &self.state {
            State::Closed { .. } => Standing::Closed,
            State::Open { until } if now < *until => {
                Standing::Open { retry_in: until.saturating_sub(now).min(rules.open_for) }
            }
            State::Open { .. } | State::HalfOpen { .. } => Standing::HalfOpen,
        }
    }

    /// Whether it is as if nothing was known of it.
    pub(super) fn is_at_rest(&self, now: Duration, rules: &Rules) -> bool {
        match &self.state {
            State::Closed { window, .. } => window.is_empty(now, rules),
            State::Open { .. } | State::HalfOpen { .. } => false,
        }
    }
}

/// How long to wait; never longer than it was open at first, also if the clock was put back.
fn wait(until: &mut Duration, now: Duration, rules: &Rules) -> Duration {
    *until = (*until).min(now.saturating_add(rules.open_for));
    until.saturating_sub(now)
}

/// The loads of the last while, in as many parts: what is older than the window goes a part at a time.
#[derive(Clone, Debug, Default)]
struct Window {
    parts: [Part; PARTS],
    /// The number of the newest part, from the beginning of time on.
    newest: u128,
}

#[derive(Clone, Copy, Debug, Default)]
struct Part {
    succeeded: u32,
    failed: u32,
}

pub(super) const PARTS: usize = 10;

impl Window {
    fn number(now: Duration, rules: &Rules) -> u128 {
        now.as_nanos() / (rules.window.as_nanos() / PARTS as u128).max(1)
    }

    fn part(&mut self, number: u128) -> &mut Part {
        &mut self.parts[(number % PARTS as u128) as usize]
    }

    fn note(&mut self, now: Duration, rules: &Rules, end: End) {
        let number = Self::number(now, rules);
        if number >= self.newest.saturating_add(PARTS as u128) {
            self.parts = [Part::default(); PARTS];
            self.newest = number;
        }
        // One that was put back still counts as now.
        while self.newest < number {
            self.newest += 1;
            *self.part(self.newest) = Part::default();
        }
        let part = self.part(self.newest);
        match end {
            End::Succeeded => part.succeeded = part.succeeded.saturating_add(1),
            End::Failed => part.failed = part.failed.saturating_add(1),
            End::GivenUp => {}
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "there are fewer loads than that")]
    fn is_too_much(&self, rules: &Rules) -> bool {
        let sum = |of: fn(&Part) -> u32| self.parts.iter().map(|part| u64::from(of(part))).sum::<u64>();
        let failed = sum(|part| part.failed);
        match rules.limit {
            Limit::Failures(limit) => failed >= u64::from(limit.max(1)),
            Limit::Rate { share, loads } => {
                let all = failed + sum(|part| part.succeeded);
                failed > 0 && all >= u64::from(loads) && failed as f64 >= share * all as f64
            }
        }
    }

    fn is_empty(&self, now: Duration, rules: &Rules) -> bool {
        Self::number(now, rules) >= self.newest.saturating_add(PARTS as u128)
            || self.parts.iter().all(|part| part.failed == 0 && part.succeeded == 0)
    }
}
