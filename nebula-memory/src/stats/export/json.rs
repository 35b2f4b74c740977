use std::string::String;

use super::{ExportError, StatsExporter};
use crate::stats::StatsSnapshot;

/// Snapshots as JSON: the fields of [`StatsSnapshot`] by name, durations in seconds and nanoseconds. `serde_json` reads it back.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonExporter {
    pretty: bool,
}

impl JsonExporter {
    /// On one line.
    pub const fn new() -> Self {
        Self { pretty: false }
    }

    /// For human eyes.
    pub const fn pretty() -> Self {
        Self { pretty: true }
    }
}

impl StatsExporter for JsonExporter {
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let text = if self.pretty {
            serde_json::to_string_pretty(snapshot)
        } else {
            serde_json::to_string(snapshot)
        };
        text.map_err(ExportError::new)
    }
}
