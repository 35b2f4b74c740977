//! Snapshots as text that others read.
//!
//! * `families`: what monitoring systems are told of each allocator, and by which names
//! * `prometheus`: what Prometheus scrapes, in its own format and as `OpenMetrics`
//! * `folded`: stacks for flame graphs; `dhat`: for the viewer of valgrind's DHAT
//! * `json`: for everything else
//! * `html`: a page with charts, for people

mod dhat;
mod families;
mod folded;
#[cfg(feature = "html")]
mod html;
#[cfg(feature = "json")]
mod json;
mod prometheus;

use core::fmt;
use std::boxed::Box;
use std::error::Error;
use std::string::String;

pub use dhat::DhatExporter;
#[cfg(feature = "metrics")]
pub(super) use families::FAMILIES;
pub use folded::{FoldedExporter, FoldedValue};
#[cfg(feature = "html")]
pub use html::HtmlExporter;
#[cfg(feature = "json")]
pub use json::JsonExporter;
pub use prometheus::{PrometheusExporter, PrometheusFormat};

use super::{Profile, StatsSnapshot};

/// Writes snapshots in some format.
///
/// ```
/// use nebula_memory::stats::{ExportError, StatsCollector, StatsExporter, StatsSnapshot};
///
/// /// One line, for a log.
/// struct Line;
///
/// impl StatsExporter for Line {
///     fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
///         Ok(format!("{} bytes in use", snapshot.global.in_use))
///     }
/// }
///
/// let exporters: Vec<Box<dyn StatsExporter>> = vec![Box::new(Line)];
/// let snapshot = StatsCollector::new().snapshot();
/// assert_eq!(exporters[0].export(&snapshot)?, "0 bytes in use");
/// # Ok::<(), ExportError>(())
/// ```
pub trait StatsExporter {
    /// The snapshot as text.
    ///
    /// # Errors
    /// Whatever keeps the format from saying it.
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError>;
}

/// A snapshot could not be exported.
#[derive(Debug)]
pub struct ExportError(Box<dyn Error + Send + Sync>);

impl ExportError {
    /// For this reason.
    pub fn new(reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the statistics could not be exported: {}", self.0)
    }
}

impl Error for ExportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// What formats of profiles write.
fn profile_of(snapshot: &StatsSnapshot) -> Result<&Profile, ExportError> {
    let missing = "the snapshot has no profile; `TrackedGlobal::snapshot` makes one that has";
    snapshot.profile.as_ref().ok_or_else(|| ExportError::new(missing))
}
