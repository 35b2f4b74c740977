//! What a run cost.

use std::time::{Duration, Instant};

use super::counting::Begin;

/// How many moments are remembered.
const MOMENTS: usize = 128;

/// Watches a run. It does not allocate.
pub(crate) struct Meter {
    start: Instant,
    begin: Begin,
    records: u64,
    /// Records and allocations so far, at moments that are about equally far apart.
    moments: [(u64, u64); MOMENTS],
    len: usize,
    /// Every how many batches a moment is remembered; doubled when there is no more room.
    stride: u64,
    batches: u64,
    at_end_of_reading: (u64, u64),
}

/// What a run cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) time: Duration,
    pub(crate) records: u64,
    pub(crate) allocations: u64,
    pub(crate) peak: u64,
    /// Allocations while the second half of the records was read, and how many records that were.
    pub(crate) steady: (u64, u64),
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            begin: Begin::now(),
            start: Instant::now(),
            records: 0,
            moments: [(0, 0); MOMENTS],
            len: 0,
            stride: 1,
            batches: 0,
            at_end_of_reading: (0, 0),
        }
    }

    /// A batch of this many records is done.
    pub(crate) fn records(&mut self, records: u64) {
        self.records += records;
        self.batches += 1;
        if self.batches.is_multiple_of(self.stride) {
            if self.len == MOMENTS {
                for kept in 0..MOMENTS / 2 {
                    self.moments[kept] = self.moments[2 * kept + 1];
                }
                self.len = MOMENTS / 2;
                self.stride *= 2;
            }
            self.moments[self.len] = (self.records, self.begin.allocations());
            self.len += 1;
        }
    }

    /// All records of a source have been read.
    pub(crate) fn all_read(&mut self) {
        self.at_end_of_reading = (self.records, self.begin.allocations());
    }

    /// The run is over.
    pub(crate) fn stop(&self) -> Measured {
        let (end, end_allocations) = self.at_end_of_reading;
        let half = self.moments[..self.len].iter().find(|&&(records, _)| records * 2 >= end);
        // A count leaves out what other threads allocate to show what happens, but for what they do while it is
        // being taken: so it may be a little higher than a later one.
        let steady = half.map_or((0, 0), |&(records, allocations)| {
            (end_allocations.saturating_sub(allocations), end - records)
        });
        Measured {
            time: self.start.elapsed(),
            records: self.records,
            allocations: self.begin.allocations(),
            peak: self.begin.peak(),
            steady,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_others_disturb_are_no_defect() {
        let mut meter = Meter::start();
        meter.records(10);
        meter.all_read();
        assert_eq!(meter.stop().steady.1, 0);
        meter.moments[0] = (10, meter.at_end_of_reading.1 + 1);
        assert_eq!(meter.stop().steady, (0, 0));
    }
}
