//! What memory does, in numbers: counted by the threads that do it, read by whoever wants to know.
//!
//! * `cells`: numbers that each thread writes for itself
//! * `counter`: [`Counter`]; `gauge`: [`Gauge`]
//! * [`histogram`](Histogram): how values are distributed
//! * `average`: [`Ewma`], [`Meter`]
//!
//! | what | costs its thread |
//! | --- | --- |
//! | [`Counter::add`] | a load, an addition and a store, and finding where |
//! | [`Gauge::add`] | the same and a comparison; an atomic addition when a batch is full |
//! | [`SharedHistogram::record`] | the same for two numbers, and two comparisons |
//!
//! None of them looks at the clock, takes a lock or allocates after the first call of a thread.

mod average;
mod cells;
mod counter;
mod gauge;
mod histogram;

pub use average::{Ewma, Meter, Rates};
pub use counter::Counter;
pub use gauge::Gauge;
pub use histogram::{Histogram, HistogramStats, SharedHistogram};
