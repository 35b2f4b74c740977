//! One record for each group of records.

use super::{
    aggregate::{Accumulator, median},
    column,
};
use crate::flow::{
    engine::{Batch, Kind, Row, Schema, Value, encode},
    error::{FlowError, Place},
    memory::{Blocks, List, Map, Memory, Numbers},
    workflow::{self, Function},
};

/// The groups so far, in the order in which they appeared.
pub(crate) struct Group<'r, M: Memory> {
    space: M::Space<'r>,
    by: M::List<'r, usize>,
    aggregates: M::List<'r, (Function, Option<usize>)>,
    /// From the bytes of a key to the number of its group.
    positions: M::Map<'r>,
    /// For each group its key, and its figures.
    keys: Blocks<'r, M, Value<'r, M>>,
    figures: Blocks<'r, M, Accumulator<'r, M>>,
    /// The numbers of each median: the position of its figure, its column, and the numbers of all groups.
    medians: M::List<'r, (usize, usize, M::Numbers<'r>)>,
    len: usize,
    /// The key that is being looked up.
    key: Vec<u8>,
}

impl<'r, M: Memory> Group<'r, M> {
    pub(super) fn new(
        space: M::Space<'r>,
        place: &Place,
        plan: &workflow::Group,
        input: &Schema,
        expected: usize,
    ) -> Result<(Self, Schema), FlowError> {
        let mut schema = Schema::default();
        let mut by = M::list(space, plan.by.len());
        for name in &plan.by {
            let at = column(place, name, input)?;
            by.push(at);
            schema.push(name, input.kind(at));
        }
        let mut aggregates = M::list(space, plan.aggregates.len());
        let mut medians = M::list(space, 0);
        for aggregate in &plan.aggregates {
            let at = aggregate.column.as_ref().map(|name| column(place, name, input)).transpose()?;
            let kind = result_kind(place, aggregate, at.map(|at| input.kind(at)))?;
            if schema.position(&aggregate.name).is_some() {
                return Err(place.error(
                    format!("two columns would be called `{}`", aggregate.name),
                    "give each aggregate a name of its own",
                ));
            }
            schema.push(&aggregate.name, kind);
            if let (Function::Median, Some(at)) = (aggregate.function, at) {
                medians.push((aggregates.len(), at, M::numbers(space, expected)));
            }
            aggregates.push((aggregate.function, at));
        }
        let this = Self {
            space,
            positions: M::map(space, 0),
            keys: Blocks::new(space, by.len(), 0),
            figures: Blocks::new(space, aggregates.len(), 0),
            by,
            aggregates,
            medians,
            len: 0,
            key: Vec::new(),
        };
        Ok((this, schema))
    }

    pub(crate) fn absorb(&mut self, batch: &Batch<'_, M>) {
        for row in batch.rows.iter() {
            self.key.clear();
            for &at in self.by.iter() {
                encode(&mut self.key, row[at].scalar());
            }
            let group = match self.positions.get(&self.key) {
                Some(position) => position as usize,
                None => self.found(row),
            };
            let figures = self.figures.record_mut(group);
            for (figure, &(_, at)) in figures.iter_mut().zip(self.aggregates.iter()) {
                match at {
                    Some(at) => figure.add(self.space, row[at].scalar()),
                    None => figure.add_record(),
                }
            }
            for (_, at, numbers) in self.medians.iter_mut() {
                if let Some(number) = row[*at].scalar().number() {
                    numbers.add(group, number.float());
                }
            }
        }
    }

    /// Begins the group of `row`, whose key has just been encoded.
    #[cold]
    fn found(&mut self, row: &[Value<'_, M>]) -> usize {
        let position = u32::try_from(self.len).unwrap_or(u32::MAX);
        self.positions.insert(&self.key, position);
        for &at in self.by.iter() {
            self.keys.push(Value::keep(self.space, row[at].scalar()));
        }
        self.begin()
    }

    fn begin(&mut self) -> usize {
        for &(function, _) in self.aggregates.iter() {
            self.figures.push(Accumulator::new(function));
        }
        self.len += 1;
        self.len - 1
    }

    /// Without columns to group by there is one group, even of no records.
    pub(super) fn close(&mut self) -> usize {
        if self.len == 0 && self.by.is_empty() {
            self.begin();
        }
        self.len
    }

    pub(super) fn emit<'b>(&mut self, space: M::Space<'b>, at: usize, capacity: usize) -> Row<'b, M>
    where
        'r: 'b,
    {
        let (keys, figures) = (self.by.len(), self.aggregates.len());
        let mut row: Row<'b, M> = M::list(space, capacity.max(keys + figures));
        if keys > 0 {
            for key in self.keys.record_mut(at) {
                row.push(key.take());
            }
        }
        if figures > 0 {
            for figure in self.figures.record_mut(at) {
                row.push(figure.finish());
            }
        }
        for (figure, _, numbers) in self.medians.iter_mut() {
            row[keys + *figure] = median(numbers.of(at)).map_or(Value::Missing, Value::Float);
        }
        row
    }
}

/// The kind of a figure, if it can be had of such a column.
fn result_kind(
    place: &Place,
    aggregate: &workflow::Aggregate,
    column: Option<Kind>,
) -> Result<Kind, FlowError> {
    let name = &aggregate.name;
    match (aggregate.function, column) {
        (Function::Count, _) => Ok(Kind::Int),
        (_, None) => Err(place
            .error(format!("the aggregate `{name}` says no column"), "only `count` may do without `column`")),
        (Function::Min | Function::Max, Some(kind)) => Ok(kind),
        (Function::Sum, Some(kind)) if kind.is_number() => Ok(kind),
        (Function::Mean | Function::Median, Some(kind)) if kind.is_number() => Ok(Kind::Float),
        (_, Some(kind)) => Err(place.error(
            format!(
                "type error: the aggregate `{name}` needs numbers, and the column `{}` holds {}",
                aggregate.column.as_deref().unwrap_or_default(),
                kind.noun()
            ),
            "of such a column there are only `count`, `min` and `max`",
        )),
    }
}
