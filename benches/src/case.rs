//! A row of the tables, and its rounds.

use std::time::Duration;

use crate::clock::Clock;

/// A workload with a contender.
pub struct Case {
    /// What is done, such as `arena/u64`.
    pub row: &'static str,
    /// Who does it.
    pub contender: &'static str,
    /// Whether that is us.
    pub ours: bool,
    /// How many operations one round is.
    pub operations: u64,
    /// How many threads do them, each all of them.
    pub threads: usize,
    /// Whether a round is too long for a tool that is fifty times as slow.
    pub long: bool,
    rounds: Box<dyn FnMut(u64) -> Option<Duration>>,
}

impl Case {
    /// A workload in `row`: `rounds` does as many rounds as it is told, of `operations` operations each.
    pub fn new(
        row: &'static str,
        contender: (&'static str, bool),
        operations: u64,
        mut rounds: impl FnMut(u64) + 'static,
    ) -> Self {
        let (contender, ours) = contender;
        let rounds = Box::new(move |count| {
            rounds(count);
            None
        });
        Self { row, contender, ours, operations, threads: 1, long: false, rounds }
    }

    /// A workload of many threads, each of which does all rounds. `rounds` tells how long a thread took, so that making the
    /// threads is not measured.
    pub fn by_threads(
        row: &'static str,
        contender: (&'static str, bool),
        threads: usize,
        operations: u64,
        mut rounds: impl FnMut(u64) -> Duration + 'static,
    ) -> Self {
        let (contender, ours) = contender;
        let rounds = Box::new(move |count| Some(rounds(count)));
        Self { row, contender, ours, operations, threads, long: false, rounds }
    }

    /// The same, said to be long.
    #[must_use]
    pub fn long(self) -> Self {
        Self { long: true, ..self }
    }

    /// Does so many rounds and tells how long that took.
    pub fn run(&mut self, rounds: u64) -> Duration {
        let start = Clock::start();
        let told = (self.rounds)(rounds);
        told.unwrap_or_else(|| start.elapsed())
    }

    /// Does so many rounds and tells the nanoseconds per operation.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    pub fn time(&mut self, rounds: u64) -> f64 {
        self.run(rounds).as_nanos() as f64 / (rounds * self.operations) as f64
    }
}

/// The rows of `cases`, in order, each with its range.
pub fn rows(cases: &mut [Case]) -> impl Iterator<Item = &mut [Case]> {
    cases.chunk_by_mut(|one, other| one.row == other.row)
}
