//! A row of the tables, and its rounds.

use std::time::Instant;

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
    rounds: Box<dyn FnMut(u64)>,
}

impl Case {
    /// A workload in `row`: `rounds` does as many rounds as it is told, of `operations` operations each.
    pub fn new(
        row: &'static str,
        contender: (&'static str, bool),
        operations: u64,
        rounds: impl FnMut(u64) + 'static,
    ) -> Self {
        let (contender, ours) = contender;
        Self { row, contender, ours, operations, threads: 1, rounds: Box::new(rounds) }
    }

    /// The same, said to be done by more than one thread.
    #[must_use]
    pub fn by_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    /// Does so many rounds.
    pub fn run(&mut self, rounds: u64) {
        (self.rounds)(rounds);
    }

    /// Does so many rounds and tells the nanoseconds per operation.
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    pub fn time(&mut self, rounds: u64) -> f64 {
        let start = Instant::now();
        self.run(rounds);
        start.elapsed().as_nanos() as f64 / (rounds * self.operations) as f64
    }
}

/// The rows of `cases`, in order, each with its range.
pub fn rows(cases: &mut [Case]) -> impl Iterator<Item = &mut [Case]> {
    cases.chunk_by_mut(|one, other| one.row == other.row)
}
