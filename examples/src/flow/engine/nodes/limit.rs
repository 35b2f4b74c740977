//! Lets the first records through.

use crate::flow::{
    engine::Batch,
    memory::{List, Memory},
    workflow,
};

/// How many more may pass.
pub(crate) struct Limit {
    left: u64,
}

impl Limit {
    pub(super) fn new(plan: &workflow::Limit) -> Self {
        Self { left: plan.count }
    }

    /// Whether later records may still pass.
    pub(crate) fn is_open(&self) -> bool {
        self.left > 0
    }

    pub(crate) fn apply<M: Memory>(&mut self, batch: &mut Batch<'_, M>) {
        let len = batch.rows.len();
        let passing = usize::try_from(self.left).map_or(len, |left| left.min(len));
        batch.rows.truncate(passing);
        self.left -= passing as u64;
    }
}
