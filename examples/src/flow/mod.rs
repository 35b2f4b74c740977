//! `flow`: runs a workflow over CSV files.
//!
//! | folder     | concept                                                            |
//! | ---------- | ------------------------------------------------------------------ |
//! | `workflow` | the file, and the checked graph made of it                         |
//! | `expr`     | expressions: text, tree, types, evaluation                         |
//! | `memory`   | where values live: one trait, the standard library's way, and ours |
//! | `engine`   | records, batches, the node types, the run                          |
//! | `source`   | CSV files, plain or compressed                                     |
//! | `report`   | results and measurements for the reader                            |
//! | `observe`  | what the memory does, on a page or by HTTP                         |
//! | `session`  | what one invocation of the program does                            |

mod engine;
mod error;
mod expr;
mod memory;
mod observe;
mod report;
mod session;
mod source;
mod workflow;

pub use error::{ExpressionError, FlowError, Place};
pub use report::MEMORY;
pub use session::{MemoryChoice, Options, run};
