//! The nodes behind one source, and how batches go through them.

use super::{Batch, Context, Instance, InstanceParts, Node, Schema, copy_row};
use crate::flow::{
    error::{FlowError, Place},
    memory::{List, Memory},
};

/// The instances behind one source; each stands after the one that feeds it.
pub(super) struct Pipeline<'r, M: Memory> {
    nodes: M::List<'r, M::InstanceBox<'r>>,
    /// The columns that leave each node, and how wide a record may grow from there.
    schemas: Vec<Schema>,
    widths: Vec<usize>,
}

impl<'r, M: Memory> Pipeline<'r, M> {
    /// Makes an instance of every node that gets records of the source at `source`.
    pub(super) fn new(
        space: M::Space<'r>,
        store: M::Instances<'r>,
        context: &'r Context<'_>,
        source: usize,
        columns: &Schema,
        expected: usize,
    ) -> Result<Self, FlowError> {
        let plans = &context.workflow.nodes;
        let mut this = Self { nodes: M::list(space, plans.len()), schemas: Vec::new(), widths: Vec::new() };
        let mut waiting = vec![(source, None)];
        while let Some((plan_at, feeder)) = waiting.pop() {
            let plan = &plans[plan_at];
            let input = feeder.map_or(columns, |feeder: usize| &this.schemas[feeder]);
            let (node, schema) = Node::new(space, plan, input, context, expected)?;
            let place = &plan.place;
            let targets = M::list(space, plan.targets.len());
            let instance = M::instance(store, InstanceParts { place, node, targets })
                .map_err(|error| place.memory(error))?;
            let at = this.nodes.len();
            if let Some(feeder) = feeder {
                this.nodes[feeder].add_target(at);
            }
            this.nodes.push(instance);
            this.widths.push(schema.len());
            this.schemas.push(schema);
            waiting.extend(plan.targets.iter().rev().map(|&target| (target, Some(at))));
        }
        for at in (0..this.nodes.len()).rev() {
            for &target in this.nodes[at].targets.iter() {
                if !this.nodes[target].node.collects() {
                    this.widths[at] = this.widths[at].max(this.widths[target]);
                }
            }
        }
        Ok(this)
    }

    /// How many values a record that leaves node `at` may come to hold.
    pub(super) fn width(&self, at: usize) -> usize {
        self.widths[at]
    }

    /// Where the records come from.
    pub(super) fn source_place(&self) -> &'r Place {
        self.nodes[0].place
    }

    pub(super) fn instances(&self) -> impl Iterator<Item = (&Instance<'r, M>, &Schema)> {
        self.nodes.iter().map(|instance| &**instance).zip(&self.schemas)
    }

    /// Sends a batch through node `at` and all behind it; whether more records are wanted.
    pub(super) fn push<'b>(
        &mut self,
        space: M::Space<'b>,
        store: M::Batches<'b>,
        at: usize,
        mut batch: M::BatchBox<'b>,
    ) -> Result<bool, FlowError>
    where
        'r: 'b,
    {
        let instance = &mut *self.nodes[at];
        instance.received += batch.rows.len() as u64;
        match &mut instance.node {
            Node::Filter(filter) => filter.apply(&mut batch),
            Node::Compute(compute) => compute.apply(space, &mut batch),
            Node::Lookup(lookup) => lookup.apply(&mut batch),
            Node::Limit(limit) => limit.apply(&mut batch),
            Node::Pass => {}
            Node::Group(group) => {
                group.absorb(&batch);
                return Ok(true);
            }
            Node::Sort(sort) => {
                sort.absorb(&batch);
                return Ok(true);
            }
            Node::Output(output) => {
                output.absorb(&batch);
                instance.passed += batch.rows.len() as u64;
                return Ok(true);
            }
        }
        instance.passed += batch.rows.len() as u64;
        let open = !matches!(&instance.node, Node::Limit(limit) if !limit.is_open());
        Ok(self.hand_on(space, store, at, batch)? && open)
    }

    /// Sends a batch to all that node `at` feeds.
    pub(super) fn hand_on<'b>(
        &mut self,
        space: M::Space<'b>,
        store: M::Batches<'b>,
        at: usize,
        batch: M::BatchBox<'b>,
    ) -> Result<bool, FlowError>
    where
        'r: 'b,
    {
        let count = self.nodes[at].targets.len();
        if count == 0 || batch.rows.is_empty() {
            return Ok(count > 0);
        }
        let mut wanted = false;
        for i in 0..count - 1 {
            let copy = self.copy(space, store, at, &batch)?;
            let target = self.nodes[at].targets[i];
            wanted |= self.push(space, store, target, copy)?;
        }
        let target = self.nodes[at].targets[count - 1];
        Ok(self.push(space, store, target, batch)? || wanted)
    }

    fn copy<'b>(
        &self,
        space: M::Space<'b>,
        store: M::Batches<'b>,
        at: usize,
        batch: &Batch<'b, M>,
    ) -> Result<M::BatchBox<'b>, FlowError> {
        let mut rows = M::list(space, batch.rows.len());
        for row in batch.rows.iter() {
            rows.push(copy_row(space, row, self.widths[at]));
        }
        M::batch_box(store, batch.number(), rows).map_err(|error| self.nodes[at].place.memory(error))
    }

    /// Puts the records that node `at` held back in order; gives their number.
    pub(super) fn close(&mut self, at: usize) -> usize {
        self.nodes[at].node.close()
    }

    /// The first node from `at` on that holds records back.
    pub(super) fn next_collector(&self, at: usize) -> Option<usize> {
        (at..self.nodes.len()).find(|&at| self.nodes[at].node.collects())
    }

    /// Sends some of the records on that node `at` held back; whether more are wanted.
    pub(super) fn emit<'b>(
        &mut self,
        space: M::Space<'b>,
        at: usize,
        records: std::ops::Range<usize>,
        number: u64,
    ) -> Result<bool, FlowError>
    where
        'r: 'b,
    {
        let store = M::batches(space);
        let width = self.widths[at];
        let mut rows = M::list(space, records.len());
        let instance = &mut *self.nodes[at];
        for record in records {
            rows.push(instance.node.emit(space, record, width));
        }
        instance.passed += rows.len() as u64;
        let batch = M::batch_box(store, number, rows).map_err(|error| instance.place.memory(error))?;
        self.hand_on(space, store, at, batch)
    }
}
