//! What a policy would have found in a trace of requests: hit ratios, without values and without a program around them.
//!
//! ```
//! use nebula_memory::cache::{policy::S3Fifo, sim::{self, Trace}};
//!
//! // Requests as they come: two keys that are wanted again and again, and others that are wanted once.
//! let trace = Trace::new((0..900_u64).map(|turn| if turn % 3 == 0 { 1000 + turn } else { turn % 3 }));
//! let found = sim::replay(&trace, &S3Fifo, 3);
//! let best = sim::optimal(&trace, 3);
//! assert_eq!(best.hits, 598); // all but the first requests for those two
//! assert!(found.hits <= best.hits && found.hit_ratio() > 0.5);
//! ```
//!
//! * `trace`: [`Trace`], requests in order
//! * `parse`: traces as text: a key a line, or columns
//! * `replay`: [`replay`], and all policies by name
//! * `optimal`: [`optimal`], which nothing beats
//! * `comparison`: [`Comparison`], a table

mod comparison;
mod optimal;
mod parse;
mod replay;
mod trace;

pub use comparison::Comparison;
pub use optimal::optimal;
pub use parse::{Columns, TraceError};
pub use replay::{POLICIES, SimResult, replay, replay_any, replay_named};
pub use trace::Trace;
