//! What memory does, in numbers: counted by the threads that do it, read by whoever wants to know.
//!
//! * `cells`: numbers that each thread writes for itself
//! * `counter`: [`Counter`]; `gauge`: [`Gauge`]
//! * [`histogram`](Histogram): how values are distributed
//! * `average`: [`Ewma`], [`Meter`]
//! * `recorder`: [`AllocatorRecorder`], which counts what an allocator does
//! * `measure`: [`Measure`], for what can tell its figures: every allocator, arena, pool and budget
//! * `report`: [`Reporting`], for those that belong to one thread
//! * `ticker`: [`Ticker`], a thread that looks at regular intervals
//! * `collector`: [`StatsCollector`], which knows all of them; `source`: what it knows of each; `snapshot`: what it tells
//! * `profile`: [`TrackedGlobal`], the global allocator with all of it; [`Profile`], what it tells
//! * `export`: [`StatsExporter`], and the usual formats
//! * `bridge`: figures for the `metrics` crate, with the feature of that name
//!
//! | what | costs its thread |
//! | --- | --- |
//! | [`Counter::add`] | a load, an addition and a store, and finding where |
//! | [`Gauge::add`] | the same and a comparison; an atomic addition when a batch is full |
//! | [`SharedHistogram::record`] | the same for one number, a conversion to find it, and two comparisons |
//!
//! None of them looks at the clock, takes a lock or allocates after the first call of a thread.

mod average;
#[cfg(feature = "metrics")]
mod bridge;
mod cells;
mod collector;
mod counter;
mod export;
mod gauge;
mod histogram;
mod measure;
mod profile;
mod recorder;
mod report;
mod snapshot;
mod source;
mod ticker;

pub use average::{Ewma, Meter, Rates};
#[cfg(feature = "metrics")]
pub use bridge::MetricsBridge;
pub use collector::StatsCollector;
pub use counter::Counter;
#[cfg(feature = "html")]
pub use export::HtmlExporter;
#[cfg(feature = "json")]
pub use export::JsonExporter;
pub use export::{
    DhatExporter, ExportError, FoldedExporter, FoldedValue, PrometheusExporter, PrometheusFormat,
    StatsExporter,
};
pub use gauge::Gauge;
pub use histogram::{Bucket, Histogram, HistogramStats, SharedHistogram};
pub use measure::Measure;
#[cfg(not(loom))]
pub use profile::TrackedGlobal;
#[cfg(loom)]
#[doc(hidden)]
pub use profile::model as profile_model;
pub use profile::{Frame, Profile, ScopeProfile, StackProfile};
pub use recorder::{AllocatorRecorder, Sizes};
pub use report::Reporting;
pub use snapshot::{
    AllocatorEntry, AllocatorId, AllocatorStats, GlobalStats, HistogramEntry, Kind, PerformanceStats,
    StatsSnapshot,
};
pub use ticker::Ticker;
