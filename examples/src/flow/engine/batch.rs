//! Records on their way through the nodes.

use nebula_memory::Pooled;

use super::Value;
use crate::flow::memory::{List, Memory};

/// A record: one value for each column.
pub(crate) type Row<'s, M> = <M as Memory>::List<'s, Value<'s, M>>;

/// Some records that travel together, and die together.
#[derive(Pooled)]
pub(crate) struct Batch<'b, M: Memory> {
    /// Counts the batches of a run.
    number: u64,
    pub(crate) rows: M::List<'b, Row<'b, M>>,
}

impl<'b, M: Memory> Batch<'b, M> {
    pub(crate) fn new(number: u64, rows: M::List<'b, Row<'b, M>>) -> Self {
        Self { number, rows }
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }
}

/// A copy of a record in another space.
pub(crate) fn copy_row<'t, M: Memory>(
    space: M::Space<'t>,
    row: &[Value<'_, M>],
    capacity: usize,
) -> Row<'t, M> {
    let mut copy: Row<'t, M> = M::list(space, capacity.max(row.len()));
    for value in row {
        copy.push(Value::keep(space, value.scalar()));
    }
    copy
}
