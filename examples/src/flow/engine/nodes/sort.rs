//! Orders the records.

use std::cmp::Ordering;

use super::column;
use crate::flow::{
    engine::{Batch, Row, Scalar, Schema, copy_row},
    error::{FlowError, Place},
    memory::{Blocks, List, Memory},
    workflow::{self, Order},
};

/// The records so far.
pub(crate) struct Sort<'r, M: Memory> {
    space: M::Space<'r>,
    by: M::List<'r, (usize, Order)>,
    rows: Blocks<'r, M, Row<'r, M>>,
    order: M::List<'r, usize>,
}

impl<'r, M: Memory> Sort<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &workflow::Sort,
        input: &Schema,
    ) -> Result<Self, FlowError> {
        let mut by = M::list(space, plan.by.len());
        for key in &plan.by {
            by.push((column(place, &key.column, input)?, key.order));
        }
        Ok(Self { space, by, rows: Blocks::new(space, 1, 0), order: M::list(space, 0) })
    }

    pub(crate) fn absorb(&mut self, batch: &Batch<'_, M>) {
        for row in batch.rows.iter() {
            self.rows.push(copy_row(self.space, row, 0));
        }
    }

    /// Sorts; records that are equal in all keys keep their order.
    pub(super) fn close(&mut self) -> usize {
        let Self { by, rows, .. } = self;
        let mut order = M::list(self.space, rows.len());
        for at in 0..rows.len() {
            order.push(at);
        }
        order.sort_unstable_by(|&a, &b| {
            let (left, right) = (&rows.record(a)[0], &rows.record(b)[0]);
            by.iter()
                .map(|&(column, order)| compare(left[column].scalar(), right[column].scalar(), order))
                .find(|ordering| ordering.is_ne())
                .unwrap_or_else(|| a.cmp(&b))
        });
        self.order = order;
        self.rows.len()
    }

    pub(super) fn emit<'b>(&mut self, space: M::Space<'b>, at: usize, capacity: usize) -> Row<'b, M>
    where
        'r: 'b,
    {
        let stored = &mut self.rows.record_mut(self.order[at])[0];
        let mut row: Row<'b, M> = M::list(space, capacity.max(stored.len()));
        for value in stored.iter_mut() {
            row.push(value.take());
        }
        row
    }
}

/// Missing values come last in either order.
fn compare(a: Scalar<'_>, b: Scalar<'_>, order: Order) -> Ordering {
    match (a, b) {
        (Scalar::Missing, Scalar::Missing) => Ordering::Equal,
        (Scalar::Missing, _) => Ordering::Greater,
        (_, Scalar::Missing) => Ordering::Less,
        _ if order == Order::Descending => b.compare(a),
        _ => a.compare(b),
    }
}
