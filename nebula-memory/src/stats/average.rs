//! Averages in which what is long ago counts less.

use std::time::{Duration, Instant};

/// A moving average: a value counts half as much when it is a half-life older.
///
/// Exponentially weighted by time, not by how many values there are: values may come at any intervals.
///
/// ```
/// use std::time::{Duration, Instant};
/// use nebula_memory::stats::Ewma;
///
/// let start = Instant::now();
/// let mut load = Ewma::new(Duration::from_secs(10));
/// load.update(100.0, start);
/// load.update(0.0, start + Duration::from_secs(10));
/// assert_eq!(load.value(), Some(50.0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ewma {
    half_life: Duration,
    last: Option<(f64, Instant)>,
}

impl Ewma {
    /// No values yet. With a half-life of zero it is the last one.
    pub const fn new(half_life: Duration) -> Self {
        Self { half_life, last: None }
    }

    /// A value was measured at this time. One from before the last one counts as if it were measured with that; one that is
    /// no number is left out.
    pub fn update(&mut self, value: f64, at: Instant) {
        if value.is_nan() {
            return;
        }
        self.last = Some(match self.last {
            None => (value, at),
            Some((average, last)) => {
                let passed = at.saturating_duration_since(last);
                (value + (average - value) * weight(passed, self.half_life), last.max(at))
            }
        });
    }

    /// The average; none if there were no values.
    pub fn value(&self) -> Option<f64> {
        self.last.map(|(average, _)| average)
    }
}

/// What is left of a weight of one.
fn weight(passed: Duration, half_life: Duration) -> f64 {
    if half_life.is_zero() { 0.0 } else { (-passed.as_secs_f64() / half_life.as_secs_f64()).exp2() }
}

/// How often something happens: events a second, on average over the last minute, five and fifteen, as operating systems say of their
/// load.
///
/// Told from time to time how many events there have been until then, by whatever counts them.
///
/// ```
/// use std::time::{Duration, Instant};
/// use nebula_memory::stats::Meter;
///
/// let start = Instant::now();
/// let mut requests = Meter::new(start);
/// for second in 1..=600 {
///     requests.update(second * 20, start + Duration::from_secs(second));
/// }
/// let rates = requests.rates();
/// assert!((rates.one - 20.0).abs() < 0.1 && (rates.fifteen - 20.0).abs() < 0.1);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    start: (u64, Instant),
    last: (u64, Instant),
    /// Over one, five and fifteen minutes, as if there had been nothing before the start.
    averages: [f64; 3],
}

/// Events a second.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rates {
    /// Over the last minute.
    pub one: f64,
    /// Over the last five minutes.
    pub five: f64,
    /// Over the last fifteen minutes.
    pub fifteen: f64,
    /// Since the start.
    pub mean: f64,
}

const WINDOWS: [f64; 3] = [60.0, 300.0, 900.0];

impl Meter {
    /// No events yet.
    pub const fn new(start: Instant) -> Self {
        Self { start: (0, start), last: (0, start), averages: [0.0; 3] }
    }

    /// There have been `total` events until now. A total that is less than the last one is that of a counter that began anew.
    #[expect(clippy::cast_precision_loss, reason = "a rate is rounded")]
    pub fn update(&mut self, total: u64, now: Instant) {
        let passed = now.saturating_duration_since(self.last.1).as_secs_f64();
        if passed == 0.0 {
            return;
        }
        let events = total.checked_sub(self.last.0).unwrap_or(total);
        self.start.0 = self.start.0.saturating_add(events);
        self.last = (total, now);
        let rate = events as f64 / passed;
        for (average, window) in self.averages.iter_mut().zip(WINDOWS) {
            *average = rate + (*average - rate) * (-passed / window).exp();
        }
    }

    /// As of the last update.
    #[expect(clippy::cast_precision_loss, reason = "a rate is rounded")]
    pub fn rates(&self) -> Rates {
        let passed = self.last.1.saturating_duration_since(self.start.1).as_secs_f64();
        if passed == 0.0 {
            return Rates::default();
        }
        let [one, five, fifteen] = core::array::from_fn(|window| {
            // Of the weight of all time, that of the time before the start is left out.
            self.averages[window] / -(-passed / WINDOWS[window]).exp_m1()
        });
        Rates { one, five, fifteen, mean: self.start.0 as f64 / passed }
    }
}
