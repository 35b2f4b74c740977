//! Collects the records of a result.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::column;
use crate::flow::{
    engine::{Batch, Rendered, Row, Scalar, Schema, Value},
    error::{FlowError, Place},
    memory::{Blocks, List, Memory},
    report::{self, View},
    workflow::{self, Format},
};

/// The records so far, with the columns that are wanted.
pub(crate) struct Output<'r, M: Memory> {
    space: M::Space<'r>,
    plan: &'r workflow::Output,
    columns: M::List<'r, usize>,
    rows: Blocks<'r, M, Row<'r, M>>,
}

impl<'r, M: Memory> Output<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &'r workflow::Output,
        input: &Schema,
    ) -> Result<(Self, Schema), FlowError> {
        let mut schema = Schema::default();
        let mut columns = M::list(space, input.len());
        if plan.columns.is_empty() {
            schema = input.clone();
            for at in 0..input.len() {
                columns.push(at);
            }
        }
        for name in &plan.columns {
            let at = column(place, name, input)?;
            schema.push(name, input.kind(at));
            columns.push(at);
        }
        Ok((Self { space, plan, columns, rows: Blocks::new(space, 1, 0) }, schema))
    }

    pub(crate) fn absorb(&mut self, batch: &Batch<'_, M>) {
        for row in batch.rows.iter() {
            let mut kept: Row<'r, M> = M::list(self.space, self.columns.len());
            for &at in self.columns.iter() {
                kept.push(Value::keep(self.space, row[at].scalar()));
            }
            self.rows.push(kept);
        }
    }

    /// The result as text, and a number that says whether two results are equal to the last bit.
    pub(crate) fn render(&self, node: &str, schema: &Schema) -> Rendered {
        let view = View {
            schema,
            len: self.rows.len(),
            cell: &|row, column| self.rows.record(row)[0][column].scalar(),
        };
        let mut digest = DefaultHasher::new();
        for row in 0..view.len {
            for column in 0..schema.len() {
                match (view.cell)(row, column) {
                    Scalar::Missing => 0_u8.hash(&mut digest),
                    Scalar::Int(value) => (1_u8, value).hash(&mut digest),
                    Scalar::Float(value) => (2_u8, value.to_bits()).hash(&mut digest),
                    Scalar::Truth(value) => (3_u8, value).hash(&mut digest),
                    Scalar::Text(value) => (4_u8, value).hash(&mut digest),
                }
            }
        }
        let text = match self.plan.format {
            Format::Table => report::table(&view, self.plan.decimals),
            Format::Csv => report::csv(&view),
            Format::Json => report::json(&view),
        };
        Rendered {
            node: node.to_owned(),
            text,
            is_table: self.plan.format == Format::Table,
            file: self.plan.file.clone(),
            rows: view.len,
            digest: digest.finish(),
        }
    }
}
