use std::vec::Vec;

use super::cells::{CellId, NO_CELL};
use crate::cache::listener::Cause;

/// As many as leave at once, mostly.
const FEW: usize = 4;

/// Cells of entries that have left, and of which somebody is to be told: until then nobody else has them.
pub(super) struct Gone {
    /// Whether anybody is told.
    listened: bool,
    few: [(CellId, Cause); FEW],
    count: usize,
    more: Vec<(CellId, Cause)>,
    /// Of all that have left, those that nobody wanted to.
    pub(super) evictions: u64,
}

impl Gone {
    #[inline(always)]
    pub(super) fn new(listened: bool) -> Self {
        Self { listened, few: [(NO_CELL, Cause::Removed); FEW], count: 0, more: Vec::new(), evictions: 0 }
    }

    /// Adds one; `false` if nobody is told.
    #[inline(always)]
    pub(super) fn push(&mut self, cell: CellId, cause: Cause) -> bool {
        self.evictions += u64::from(cause.is_eviction());
        if self.listened {
            match self.few.get_mut(self.count) {
                Some(place) => *place = (cell, cause),
                None => self.more.push((cell, cause)),
            }
            self.count += 1;
        }
        self.listened
    }

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// In the order in which they left.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CellId, Cause)> {
        self.few[..self.count.min(FEW)].iter().chain(&self.more).copied()
    }
}
