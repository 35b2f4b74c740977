//! Workflows: the file as n8n exports it, and the graph that can be run.
//!
//! `file` knows the JSON, `parameters` what each node type takes, `graph` checks that it all fits together.

mod file;
mod graph;
mod parameters;

pub(crate) use graph::{NodePlan, Workflow};
pub(crate) use parameters::{
    Aggregate, Compute, Filter, Format, Function, Group, Limit, Lookup, Order, Output, Parameters, Sort,
    Unmatched,
};
