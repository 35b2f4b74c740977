//! What the reader gets to see: results, progress, and what the memory did.

mod counting;
mod measure;
mod progress;
mod summary;
mod text;

pub use counting::MEMORY;
pub(crate) use counting::{DISPLAY, leave_out};
pub(crate) use measure::{Measured, Meter};
pub(crate) use progress::Progress;
pub(crate) use summary::{Section, summary};
pub(crate) use text::{View, csv, grouped, json, table};
