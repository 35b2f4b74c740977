//! What memory does, as events in a log.
//!
//! [`Logged`] is an allocator that tells a [`LogSink`] of what it does, as [`MemoryOperation`]s with named fields:
//!
//! | level | which operations |
//! | --- | --- |
//! | [`Trace`](Level::Trace) | every block allocated, given back, resized; or one in so many |
//! | [`Debug`](Level::Debug) | the allocator was reset, marked, restored |
//! | [`Info`](Level::Info) | it was created, or destroyed |
//! | [`Warn`](Level::Warn) | it comes near to its capacity |
//! | [`Error`](Level::Error) | it refused a block |
//!
//! A sink says in its type which levels there can be ([`LogSink::LEVEL`]): what is less important is not compiled. And it says
//! at run time which of them somebody listens to, so that nothing is put together for nobody.
//!
//! With the feature `tracing`, `TracingSink` passes events on to the `tracing` crate.
//!
//! * `operation`: [`MemoryOperation`], its level and its fields
//! * `sink`: [`LogSink`], who is told
//! * `logged`: [`Logged`]
//! * `tracing`: the bridge to that crate

mod logged;
mod operation;
mod sink;
#[cfg(feature = "tracing")]
mod tracing;

pub use logged::Logged;
pub use operation::{Level, LogValue, Loggable, MemoryOperation, Operation};
pub use sink::LogSink;
#[cfg(feature = "tracing")]
pub use tracing::TracingSink;
