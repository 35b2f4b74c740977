//! Replays traces of requests over all policies of a cache, at some sizes, and shows what each would have found.
//!
//! * `error`: what can go wrong
//! * `input`: a trace out of a file or a pipe
//! * `size`: how large a cache is, in entries or as a share of the trace
//! * `run`: all policies at all sizes, on all cores
//! * `progress`: a bar on a terminal
//! * `table`: hit ratios for people
//! * `chart`: miss-ratio curves as an SVG

mod chart;
mod error;
mod input;
mod progress;
mod run;
mod size;
mod table;

pub use chart::svg;
pub use error::Error;
pub use input::{Format, STDIN, load};
pub use progress::Progress;
pub use run::{Measure, Results, run};
pub use size::Size;
pub use table::table;
