//! From the sources through all nodes to the results.

use std::{
    cell::Cell,
    path::{Path, PathBuf},
};

use super::{Node, Row, Value, pipeline::Pipeline};
use crate::flow::{
    error::FlowError,
    memory::{List, Memory},
    report::{Measured, Meter, Progress},
    source::{CsvOptions, CsvReader, Speed, delimiter},
    workflow::{Parameters, Workflow},
};

/// The most records in a batch.
const MAX_BATCH: usize = 1024;
/// What a batch should take at most: it then stays in the cache of a core.
const BATCH_BYTES: usize = 128 * 1024;
/// The bytes of a value in the memory that needs most for it.
const LARGEST_VALUE: usize = 24;

/// What a run works on.
pub(crate) struct Context<'p> {
    pub(crate) workflow: &'p Workflow,
    /// The folder that file names are relative to.
    pub(crate) data: &'p Path,
    pub(crate) skip_bad_rows: bool,
    pub(crate) progress: &'p Progress,
    /// Bad rows that were left out.
    skipped: Cell<u64>,
}

/// What a run gave.
pub(crate) struct Finished {
    pub(crate) outputs: Vec<Rendered>,
    /// For each node its name, and how many records came in and went out.
    pub(crate) traffic: Vec<(String, u64, u64)>,
    pub(crate) skipped: u64,
    pub(crate) measured: Measured,
}

/// The result of one output node.
pub(crate) struct Rendered {
    pub(crate) node: String,
    pub(crate) text: String,
    pub(crate) is_table: bool,
    pub(crate) file: Option<PathBuf>,
    pub(crate) rows: usize,
    pub(crate) digest: u64,
}

impl<'p> Context<'p> {
    pub(crate) fn new(
        workflow: &'p Workflow,
        data: &'p Path,
        skip_bad_rows: bool,
        progress: &'p Progress,
    ) -> Self {
        Self { workflow, data, skip_bad_rows, progress, skipped: Cell::new(0) }
    }

    pub(super) fn count_skipped(&self, rows: u64) {
        self.skipped.set(self.skipped.get() + rows);
    }
}

/// Runs a workflow in the memory `M`.
pub(crate) fn execute<M: Memory>(context: &Context<'_>) -> Result<Finished, FlowError> {
    context.skipped.set(0);
    let mut meter = Meter::start();
    M::run(context, |space, context| all::<M>(space, context, &mut meter))
}

fn all<'r, M: Memory>(
    space: M::Space<'r>,
    context: &'r Context<'_>,
    meter: &mut Meter,
) -> Result<Finished, FlowError> {
    let store = M::instances(space);
    let mut pipelines = Vec::with_capacity(context.workflow.sources.len());
    for &source in &context.workflow.sources {
        pipelines.push(one::<M>(space, store, context, source, meter)?);
    }
    let measured = meter.stop();
    let mut finished =
        Finished { outputs: Vec::new(), traffic: Vec::new(), skipped: context.skipped.get(), measured };
    for (instance, schema) in pipelines.iter().flat_map(Pipeline::instances) {
        let name = &instance.place.node;
        finished.traffic.push((name.clone(), instance.received, instance.passed));
        if let Node::Output(output) = &instance.node {
            finished.outputs.push(output.render(name, schema));
        }
    }
    Ok(finished)
}

/// Runs all that hangs on one source.
fn one<'r, M: Memory>(
    space: M::Space<'r>,
    store: M::Instances<'r>,
    context: &'r Context<'_>,
    source: usize,
    meter: &mut Meter,
) -> Result<Pipeline<'r, M>, FlowError> {
    let plan = &context.workflow.nodes[source];
    let Parameters::CsvSource(parameters) = &plan.parameters else {
        return Err(plan.place.error("this is not a source", "connect it to one"));
    };
    let path = context.data.join(&parameters.file);
    context.progress.begin(&path);
    let types = parameters.types();
    let options = CsvOptions {
        delimiter: delimiter(&plan.place, parameters.delimiter)?,
        types: &types,
        skip_bad_rows: context.skip_bad_rows,
        speed: Speed::Stream,
        progress: context.progress.counter(),
    };
    let reader = CsvReader::open(&path, &options)?;
    let pipeline =
        Pipeline::<M>::new(space, store, context, source, reader.schema(), reader.expected_records())?;
    let mut flow = Flow::new(pipeline, reader);

    let mut memory = M::batch_memory(flow.batch_bytes);
    loop {
        let filled = M::batch(&mut memory, &mut flow, |space, flow| flow.step(space))?;
        meter.records(filled.records);
        if !filled.wanted || filled.records == 0 {
            break;
        }
    }
    meter.all_read();
    context.count_skipped(flow.reader.skipped());
    let Flow { reader, mut pipeline, mut number, .. } = flow;
    drop(reader);

    let mut from = 0;
    while let Some(at) = pipeline.next_collector(from) {
        let held = pipeline.close(at);
        let mut next = 0;
        while next < held {
            let records = next..held.min(next + MAX_BATCH / 4);
            next = records.end;
            number += 1;
            let wanted = M::batch(&mut memory, &mut pipeline, |space, pipeline| {
                pipeline.emit(space, at, records, number)
            })?;
            if !wanted {
                break;
            }
        }
        from = at + 1;
    }
    Ok(pipeline)
}

/// Records on their way from a file into a pipeline.
struct Flow<'r, M: Memory> {
    pipeline: Pipeline<'r, M>,
    reader: CsvReader,
    /// Counts the batches.
    number: u64,
    /// Records in a batch, and the bytes they are expected to take.
    batch_len: usize,
    batch_bytes: usize,
}

/// What a batch came to.
struct Filled {
    records: u64,
    /// Whether the nodes want more.
    wanted: bool,
}

impl<'r, M: Memory> Flow<'r, M> {
    fn new(pipeline: Pipeline<'r, M>, reader: CsvReader) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small average")]
        let text = reader.text_bytes() as usize;
        let text = text + 1;
        let width = pipeline.width(0);
        // The same number of records in every memory.
        let batch_len = (BATCH_BYTES / (width * LARGEST_VALUE + text)).clamp(16, MAX_BATCH);
        let record = width * size_of::<Value<'_, M>>() + size_of::<Row<'_, M>>() + text;
        Self { pipeline, reader, number: 0, batch_len, batch_bytes: batch_len * record }
    }

    /// Fills a batch and sends it through the pipeline.
    fn step<'b>(&mut self, space: M::Space<'b>) -> Result<Filled, FlowError>
    where
        'r: 'b,
    {
        let store = M::batches(space);
        let width = self.pipeline.width(0);
        let mut rows = M::list(space, self.batch_len);
        while rows.len() < self.batch_len
            && let Some(row) = self.reader.next_row::<M>(space, width)?
        {
            rows.push(row);
        }
        let records = rows.len() as u64;
        if records == 0 {
            return Ok(Filled { records, wanted: false });
        }
        self.number += 1;
        let batch = M::batch_box(store, self.number, rows)
            .map_err(|error| self.pipeline.source_place().memory(error))?;
        let wanted = self.pipeline.push(space, store, 0, batch)?;
        Ok(Filled { records, wanted })
    }
}
