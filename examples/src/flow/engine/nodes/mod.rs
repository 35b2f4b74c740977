//! The node types, one file each.

mod aggregate;
mod compute;
mod filter;
mod group;
mod limit;
mod lookup;
mod output;
mod sort;

use self::{
    compute::Compute, filter::Filter, group::Group, limit::Limit, lookup::Lookup, output::Output, sort::Sort,
};
use super::{Context, Row, Schema};
use crate::flow::{
    error::{ExpressionError, FlowError, Place},
    expr::{self, Typed},
    memory::Memory,
    workflow::{NodePlan, Parameters},
};

/// What a node does.
pub(crate) enum Node<'r, M: Memory> {
    Filter(Filter<'r, M>),
    Compute(Compute<'r, M>),
    Lookup(Lookup<'r, M>),
    Group(Group<'r, M>),
    Sort(Sort<'r, M>),
    Limit(Limit),
    Output(Output<'r, M>),
    /// Switched off: everything goes through.
    Pass,
}

impl<'r, M: Memory> Node<'r, M> {
    /// The node that `plan` describes, for records with the columns of `input`; and the columns it gives.
    /// About `expected` records will come.
    pub(crate) fn new(
        space: M::Space<'r>,
        plan: &'r NodePlan,
        input: &Schema,
        context: &'r Context<'_>,
        expected: usize,
    ) -> Result<(Self, Schema), FlowError> {
        let place = &plan.place;
        Ok(match &plan.parameters {
            Parameters::Filter(filter) => {
                (Self::Filter(Filter::new(space, place, filter, input)?), input.clone())
            }
            Parameters::Compute(compute) => {
                let (node, schema) = Compute::new(space, place, compute, input)?;
                (Self::Compute(node), schema)
            }
            Parameters::Lookup(lookup) => {
                let (node, schema) = Lookup::new(space, place, lookup, input, context)?;
                (Self::Lookup(node), schema)
            }
            Parameters::Group(group) => {
                let (node, schema) = Group::new(space, place, group, input, expected)?;
                (Self::Group(node), schema)
            }
            Parameters::Sort(sort) => (Self::Sort(Sort::new(space, place, sort, input)?), input.clone()),
            Parameters::Limit(limit) => (Self::Limit(Limit::new(limit)), input.clone()),
            Parameters::Output(output) => {
                let (node, schema) = Output::new(space, place, output, input)?;
                (Self::Output(node), schema)
            }
            Parameters::CsvSource(_) | Parameters::Disabled => (Self::Pass, input.clone()),
        })
    }

    /// Whether records are held back until all have come.
    pub(crate) fn collects(&self) -> bool {
        matches!(self, Self::Group(_) | Self::Sort(_))
    }

    /// After all records have come: puts what was held back in its final form; gives its number of records.
    pub(crate) fn close(&mut self) -> usize {
        match self {
            Self::Group(group) => group.close(),
            Self::Sort(sort) => sort.close(),
            _ => 0,
        }
    }

    /// A record that was held back, for the last time it is asked for.
    pub(crate) fn emit<'b>(&mut self, space: M::Space<'b>, at: usize, capacity: usize) -> Row<'b, M>
    where
        'r: 'b,
    {
        match self {
            Self::Group(group) => group.emit(space, at, capacity),
            Self::Sort(sort) => sort.emit(space, at, capacity),
            _ => M::list(space, 0),
        }
    }
}

/// Parses and checks an expression of a node.
fn expression<'r, M: Memory>(
    space: M::Space<'r>,
    place: &Place,
    parameter: &str,
    text: &str,
    columns: &Schema,
) -> Result<Typed<'r, M>, FlowError> {
    expr::parse::<M>(space, text).and_then(|tree| expr::check(space, &tree, columns)).map_err(|fault| {
        FlowError::Expression(Box::new(ExpressionError {
            place: place.clone(),
            parameter: parameter.to_owned(),
            text: text.to_owned(),
            at: fault.at,
            message: fault.message,
            help: fault.help,
        }))
    })
}

/// The position of a column, or an error that names the node.
fn column(place: &Place, name: &str, columns: &Schema) -> Result<usize, FlowError> {
    columns.position(name).ok_or_else(|| place.missing_column(name, columns.names()))
}
