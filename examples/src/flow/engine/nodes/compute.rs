//! Adds columns, or replaces them.

use super::expression;
use crate::flow::{
    engine::{Batch, Kind, Schema, Value},
    error::{FlowError, Place},
    expr::Typed,
    memory::{List, Memory},
    workflow,
};

/// Where each value goes and how to get it.
pub(crate) struct Compute<'r, M: Memory> {
    columns: M::List<'r, (usize, Typed<'r, M>)>,
}

impl<'r, M: Memory> Compute<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &workflow::Compute,
        input: &Schema,
    ) -> Result<(Self, Schema), FlowError> {
        let mut schema = input.clone();
        let mut columns = M::list(space, plan.columns.len());
        for computed in &plan.columns {
            let parameter = format!("columns.{}", computed.name);
            let tree = expression(space, place, &parameter, &computed.expression, &schema)?;
            let kind = match tree {
                Typed::Truth(_) => Kind::Truth,
                Typed::Number(_) | Typed::Missing => Kind::Float,
                Typed::Text(_) => Kind::Text,
            };
            let at = schema.position(&computed.name).unwrap_or_else(|| {
                schema.push(&computed.name, kind);
                schema.len() - 1
            });
            schema.set_kind(at, kind);
            columns.push((at, tree));
        }
        Ok((Self { columns }, schema))
    }

    pub(crate) fn apply<'b>(&self, space: M::Space<'b>, batch: &mut Batch<'b, M>) {
        for row in batch.rows.iter_mut() {
            for (at, tree) in self.columns.iter() {
                let value = Value::keep(space, tree.eval(row));
                match row.get_mut(*at) {
                    Some(old) => *old = value,
                    None => row.push(value),
                }
            }
        }
    }
}
