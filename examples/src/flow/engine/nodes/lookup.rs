//! Adds columns of another file, found by a key.

use super::column;
use crate::flow::{
    engine::{Batch, Context, Row, Schema, Value, encode},
    error::{FlowError, Place},
    memory::{Blocks, List, Map, Memory},
    source::{CsvOptions, CsvReader, Speed, delimiter},
    workflow::{self, Unmatched},
};

/// The table, by key.
pub(crate) struct Lookup<'r, M: Memory> {
    column: usize,
    unmatched: Unmatched,
    /// From the bytes of a key to the number of its record in the table.
    positions: M::Map<'r>,
    /// The taken columns of all records, record after record.
    values: Blocks<'r, M, Value<'r, M>>,
    /// The key that is being looked up.
    key: Vec<u8>,
}

impl<'r, M: Memory> Lookup<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &workflow::Lookup,
        input: &Schema,
        context: &Context<'_>,
    ) -> Result<(Self, Schema), FlowError> {
        let types = plan.types();
        let options = CsvOptions {
            delimiter: delimiter(place, plan.delimiter)?,
            types: &types,
            skip_bad_rows: context.skip_bad_rows,
            speed: Speed::Table,
            progress: std::sync::Arc::default(),
        };
        let mut table = CsvReader::open(&context.data.join(&plan.file), &options)?;
        let own = column(place, &plan.column, input)?;
        let key_column = column(place, plan.key.as_ref().unwrap_or(&plan.column), table.schema())?;
        let (ours, theirs) = (input.kind(own), table.schema().kind(key_column));
        if ours != theirs && !(ours.is_number() && theirs.is_number()) {
            return Err(place.error(
                format!(
                    "type error: the column `{}` holds {}, the key column `{}` of {} holds {}",
                    plan.column,
                    ours.noun(),
                    table.schema().name(key_column),
                    table.path().display(),
                    theirs.noun()
                ),
                "choose two columns of one type, or declare the type with `types`",
            ));
        }
        let mut schema = input.clone();
        let mut taken = Vec::with_capacity(plan.take.len());
        for take in &plan.take {
            let at = column(place, &take.column, table.schema())?;
            let name = take.alias.as_ref().unwrap_or(&take.column);
            if schema.position(name).is_some() {
                return Err(place.error(
                    format!("there is already a column `{name}`"),
                    "give the new column another name with `as`",
                ));
            }
            schema.push(name, table.schema().kind(at));
            taken.push(at);
        }
        let expected = table.expected_records();
        let mut this = Self {
            column: own,
            unmatched: plan.unmatched,
            positions: M::map(space, expected),
            values: Blocks::new(space, taken.len(), expected),
            key: Vec::new(),
        };
        this.load(space, &mut table, key_column, &taken)?;
        context.count_skipped(table.skipped());
        Ok((this, schema))
    }

    fn load(
        &mut self,
        space: M::Space<'r>,
        table: &mut CsvReader,
        key_column: usize,
        taken: &[usize],
    ) -> Result<(), FlowError> {
        let mut position = 0;
        while table.next_record()? {
            self.key.clear();
            encode(&mut self.key, table.value(key_column));
            if self.positions.get(&self.key).is_some() {
                return Err(table.fault(
                    format!("the key `{}` is already on an earlier line", table.field(key_column)),
                    "each key of a lookup table may occur once",
                ));
            }
            self.positions.insert(&self.key, position);
            for &at in taken {
                self.values.push(Value::keep(space, table.value(at)));
            }
            position += 1;
        }
        Ok(())
    }

    pub(crate) fn apply<'b>(&mut self, batch: &mut Batch<'b, M>)
    where
        'r: 'b,
    {
        let Self { column, unmatched, positions, values, key } = self;
        let mut complete = |row: &mut Row<'b, M>| {
            key.clear();
            encode(key, row[*column].scalar());
            let position = positions.get(key);
            if let Some(position) = position {
                for value in values.record(position as usize) {
                    row.push(value.lend());
                }
            } else {
                for _ in 0..values.width() {
                    row.push(Value::Missing);
                }
            }
            position.is_some()
        };
        match unmatched {
            Unmatched::Drop => batch.rows.retain(complete),
            Unmatched::Keep => {
                for row in batch.rows.iter_mut() {
                    complete(row);
                }
            }
        }
    }
}
