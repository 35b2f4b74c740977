//! The engine: records in batches go through the nodes of a workflow.
//!
//! ```text
//! source ─► batch ─► filter ─► compute ─► lookup ─► group ┄┄► (at the end) batch ─► sort ┄┄► output
//!           └────── one space, rewound after each batch ─┘└── the space of the run ──────────┘
//! ```
//! Everything here is written once, over `memory::Memory`.

mod batch;
mod instance;
mod key;
mod nodes;
mod pipeline;
mod run;
mod schema;
mod value;

pub(crate) use batch::{Batch, Row, copy_row};
pub(crate) use instance::{Instance, InstanceParts};
pub(crate) use key::encode;
pub(crate) use nodes::Node;
pub(crate) use run::{Context, Finished, Rendered, execute};
pub(crate) use schema::{Kind, Schema};
pub(crate) use value::{Scalar, Value};
