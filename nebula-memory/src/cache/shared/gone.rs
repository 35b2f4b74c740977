use std::vec::Vec;

use super::cells::{CellId, NO_CELL};
use crate::cache::listener::Cause;

/// As many as leave at once, mostly.
const FEW: usize = 4;

/// Entries that have left in one call.
pub(super) struct Gone {
    /// Those of which somebody is to be told, if anybody is: until then nobody else has their cells.
    told: Option<Told>,
    /// Those that nobody wanted to.
    pub(super) evictions: u64,
    /// A cell that is about to be filled.
    pub(super) spare: CellId,
}

struct Told {
    few: [(CellId, Cause); FEW],
    count: usize,
    more: Vec<(CellId, Cause)>,
}

impl Gone {
    #[inline(always)]
    pub(super) fn new(listened: bool) -> Self {
        let told = || Told { few: [(NO_CELL, Cause::Removed); FEW], count: 0, more: Vec::new() };
        Self { told: listened.then(told), evictions: 0, spare: NO_CELL }
    }

    /// Adds one; `false` if nobody is told.
    #[inline(always)]
    pub(super) fn push(&mut self, cell: CellId, cause: Cause) -> bool {
        self.evictions += u64::from(cause.is_eviction());
        let Some(told) = &mut self.told else { return false };
        match told.few.get_mut(told.count) {
            Some(place) => *place = (cell, cause),
            None => told.more.push((cell, cause)),
        }
        told.count += 1;
        true
    }

    /// The last has left because its time was over, not for `cause`.
    pub(super) fn was_over(&mut self, cause: Cause) {
        self.evictions += u64::from(!cause.is_eviction());
        let Some(told) = &mut self.told else { return };
        let last = if told.count > FEW { told.more.last_mut() } else { told.few[..told.count].last_mut() };
        if let Some((_, cause)) = last {
            *cause = Cause::Expired;
        }
    }

    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.told.as_ref().is_none_or(|told| told.count == 0)
    }

    /// In the order in which they left.
    pub(super) fn iter(&self) -> impl Iterator<Item = (CellId, Cause)> {
        self.told.iter().flat_map(|told| told.few[..told.count.min(FEW)].iter().chain(&told.more).copied())
    }
}
