//! What a shard has behind its lock.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::ptr::NonNull;
use std::vec::Vec;

use super::cells::{CellId, NO_CELL};
use super::hazards::Hazards;
use super::table::Table;
use crate::cache::policy::{Id, NONE, Ranking};

/// What a shard has behind its lock: the entries, their order, and which cells can be used again.
///
/// An entry keeps its id as long as it is there, also when its value is replaced: then it has another cell.
///
/// Every cell that an entry has is there and filled, and stays so until the entry has another or none, which only who has
/// the lock does.
pub(super) struct Books<R: Ranking> {
    pub(super) ranking: R,
    pub(super) entries: Vec<Entry<R::Node>>,
    /// What the entries weigh, if they are weighed.
    pub(super) weights: Vec<u32>,
    /// The entry that is used next of those that are not; each has the next in `hash`.
    vacant: Id,
    /// Entries that are there.
    pub(super) len: usize,
    /// What they weigh together.
    pub(super) used: u64,
    pub(super) capacity: u64,
    /// The change of the capacity that this is from.
    pub(super) resized: u64,
    /// Goes up with each change of the table.
    pub(super) version: u64,
    /// Cells that nobody reads and no entry has. They may be filled with what has left.
    pub(super) free: Vec<CellId>,
    /// Cells that no entry has but somebody may read.
    pub(super) retired: Vec<CellId>,
    /// What the entries have weighed that are in `free` and `retired`, if they are weighed.
    pub(super) dead: u64,
    /// From this on cells have never been used.
    pub(super) fresh: CellId,
    /// Tables that somebody may still look into. Together they are no larger than the one in use.
    pub(super) tables: Vec<NonNull<Table>>,
    /// For so many entries there is room in them.
    pub(super) outgrown: usize,
    /// Whether all light fences have been waited for after the kernel has refused its help.
    pub(super) waited: bool,
    /// What was read when cells were last reclaimed: kept for its memory, so that the next time asks for none.
    pub(super) hazards: Hazards,
}

/// What stands beside the cell of an entry for who has the lock.
pub(super) struct Entry<N> {
    pub(super) node: N,
    pub(super) hash: u32,
    /// `NO_CELL` if the entry is not there.
    pub(super) cell: CellId,
}

// SAFETY: the tables are owned.
unsafe impl<R: Ranking + Send> Send for Books<R> {}

impl<R: Ranking> Books<R> {
    pub(super) fn new(ranking: R, capacity: u64) -> Self {
        Self {
            ranking,
            entries: Vec::new(),
            weights: Vec::new(),
            vacant: NONE,
            len: 0,
            used: 0,
            capacity,
            resized: 0,
            version: 0,
            free: Vec::new(),
            retired: Vec::new(),
            dead: 0,
            fresh: 1,
            tables: Vec::new(),
            outgrown: 0,
            waited: false,
            hazards: Hazards::default(),
        }
    }

    /// Whether this entry is there and has this cell.
    #[inline(always)]
    pub(super) fn has(&self, id: Id, cell: CellId) -> bool {
        self.entries.get(id as usize).is_some_and(|entry| entry.cell == cell && cell != NO_CELL)
    }

    /// An entry for a cell that is filled. It is counted, and not ranked yet.
    #[inline]
    pub(super) fn add(&mut self, id: Id, hash: u32, cell: CellId, weight: Option<u32>) {
        let entry = Entry { node: R::Node::default(), hash, cell };
        if id == self.vacant {
            self.vacant = self.entries[id as usize].hash;
            self.entries[id as usize] = entry;
        } else {
            if self.entries.len() == self.entries.capacity() {
                self.reserve();
            }
            self.entries.push(entry);
        }
        if let Some(weight) = weight {
            if self.weights.len() <= id as usize {
                self.weights.resize(id as usize + 1, 0);
            }
            self.weights[id as usize] = weight;
        }
        self.len += 1;
        self.used += u64::from(weight.unwrap_or(1));
        self.version += 1;
    }

    /// Twice as many entries, but no more than there can be.
    #[cold]
    #[inline(never)]
    fn reserve(&mut self) {
        let len = self.entries.len();
        let most = usize::try_from(self.capacity).unwrap_or(usize::MAX);
        self.entries.reserve_exact(most.saturating_sub(len).min(len.max(16)).max(1));
    }

    /// The id that an entry gets which is [added](Self::add) now.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer entries than cells")]
    pub(super) fn next_id(&self) -> Id {
        if self.vacant == NONE { self.entries.len() as Id } else { self.vacant }
    }

    /// Forgets an entry, which the ranking has forgotten: the half of its hash, and its cell. `None` if it is not there.
    #[inline]
    pub(super) fn release(&mut self, id: Id) -> Option<(u32, CellId)> {
        let weight = self.weight(id);
        let entry = self.entries.get_mut(id as usize)?;
        let (hash, cell) = (entry.hash, entry.cell);
        if cell == NO_CELL {
            return None;
        }
        entry.cell = NO_CELL;
        entry.hash = self.vacant;
        self.vacant = id;
        self.len -= 1;
        self.used -= weight;
        self.version += 1;
        Some((hash, cell))
    }

    /// What an entry weighs.
    #[inline(always)]
    pub(super) fn weight(&self, id: Id) -> u64 {
        self.weights.get(id as usize).map_or(1, |&weight| u64::from(weight))
    }

    /// Forgets all entries.
    pub(super) fn clear(&mut self) {
        self.ranking.clear();
        self.entries.clear();
        self.weights.clear();
        self.vacant = NONE;
        self.len = 0;
        self.used = 0;
        self.version += 1;
    }
}
