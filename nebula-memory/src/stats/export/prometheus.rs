use core::fmt::{self, Write};
use std::string::String;

use super::families::FAMILIES;
use super::{ExportError, StatsExporter};
use crate::stats::{AllocatorEntry, HistogramEntry, HistogramStats, StatsSnapshot};

/// Snapshots as Prometheus scrapes them.
///
/// Each family begins with its help and type; allocators are told apart by the labels `allocator`, `id` and `kind`, and
/// histograms are summaries: their quantiles are off by less than 0.8 %, which those of buckets for Prometheus would not be. Summaries
/// of several processes cannot be added up.
///
/// ```
/// use nebula_memory::stats::{PrometheusExporter, StatsCollector, StatsExporter};
///
/// let exporter = PrometheusExporter::new();
/// let text = exporter.export(&StatsCollector::new().snapshot())?;
/// assert!(text.contains("# TYPE nebula_memory_in_use_bytes gauge"));
/// // What the answer to a scrape has to say it is:
/// assert!(exporter.content_type().starts_with("text/plain"));
/// # Ok::<(), nebula_memory::stats::ExportError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct PrometheusExporter {
    format: PrometheusFormat,
}

/// Which of the two formats that Prometheus reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrometheusFormat {
    /// Prometheus' own text format, 0.0.4.
    #[default]
    Text,
    /// `OpenMetrics` 1.0.
    OpenMetrics,
}

impl PrometheusExporter {
    /// In Prometheus' own format.
    pub const fn new() -> Self {
        Self { format: PrometheusFormat::Text }
    }

    /// In this format.
    pub const fn with_format(format: PrometheusFormat) -> Self {
        Self { format }
    }

    /// The media type that an answer has to have.
    pub const fn content_type(&self) -> &'static str {
        match self.format {
            PrometheusFormat::Text => "text/plain; version=0.0.4; charset=utf-8",
            PrometheusFormat::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    fn is_open(self) -> bool {
        self.format == PrometheusFormat::OpenMetrics
    }

    /// The lines before a family's values. A counter's family has the name of its values in the one format, and that
    /// without `_total` in the other.
    fn head(self, out: &mut String, name: &str, help: &str, kind: &str, unit: Option<&str>) -> fmt::Result {
        let suffix = if kind == "counter" && !self.is_open() { "_total" } else { "" };
        writeln!(out, "# HELP {name}{suffix} {help}")?;
        writeln!(out, "# TYPE {name}{suffix} {kind}")?;
        match unit {
            Some(unit) if self.is_open() => writeln!(out, "# UNIT {name} {unit}"),
            _ => Ok(()),
        }
    }

    fn write(self, out: &mut String, snapshot: &StatsSnapshot) -> fmt::Result {
        for family in FAMILIES {
            let kind = if family.counts { "counter" } else { "gauge" };
            self.head(out, family.name, family.help, kind, family.unit())?;
            for entry in &snapshot.allocators {
                if let Some(value) = family.value(entry) {
                    writeln!(out, "{}{{{}}} {value}", family.sample, Labels(entry))?;
                }
            }
        }
        let name = "nebula_memory_up";
        self.head(
            out,
            name,
            "Whether the allocator is alive; if not, its figures are the last ones.",
            "gauge",
            None,
        )?;
        for entry in &snapshot.allocators {
            writeln!(out, "{name}{{{}}} {}", Labels(entry), u8::from(entry.alive))?;
        }
        self.write_sizes(out, snapshot)?;
        self.write_histograms(out, snapshot)?;
        if self.is_open() { out.write_str("# EOF\n") } else { Ok(()) }
    }

    fn write_sizes(self, out: &mut String, snapshot: &StatsSnapshot) -> fmt::Result {
        let name = "nebula_memory_block_size_bytes";
        self.head(out, name, "Sizes of blocks.", "summary", Some("bytes"))?;
        for entry in &snapshot.allocators {
            if let Some(sizes) = &entry.stats.sizes {
                summary(out, name, &Labels(entry), sizes)?;
            }
        }
        Ok(())
    }

    /// Names are labels here, so that any name will do.
    fn write_histograms(self, out: &mut String, snapshot: &StatsSnapshot) -> fmt::Result {
        let name = "nebula_memory_histogram";
        self.head(out, name, "Values that were recorded.", "summary", None)?;
        for entry in &snapshot.histograms {
            summary(out, name, &NameAndUnit(entry), &entry.stats)?;
        }
        Ok(())
    }
}

fn summary(out: &mut String, name: &str, labels: &dyn fmt::Display, stats: &HistogramStats) -> fmt::Result {
    let quantiles = [
        ("0.5", stats.p50),
        ("0.9", stats.p90),
        ("0.95", stats.p95),
        ("0.99", stats.p99),
        ("0.999", stats.p999),
        ("0.9999", stats.p9999),
    ];
    for (quantile, value) in quantiles {
        writeln!(out, "{name}{{{labels},quantile=\"{quantile}\"}} {value}")?;
    }
    writeln!(out, "{name}_sum{{{labels}}} {}", stats.sum)?;
    writeln!(out, "{name}_count{{{labels}}} {}", stats.count)
}

impl StatsExporter for PrometheusExporter {
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let mut out = String::new();
        self.write(&mut out, snapshot).map_err(ExportError::new)?;
        Ok(out)
    }
}

struct Labels<'a>(&'a AllocatorEntry);

impl fmt::Display for Labels<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AllocatorEntry { id, name, kind, .. } = self.0;
        write!(f, "allocator=\"{}\",id=\"{}\",kind=\"{}\"", Escaped(name), id.get(), kind.name())
    }
}

struct NameAndUnit<'a>(&'a HistogramEntry);

impl fmt::Display for NameAndUnit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "name=\"{}\",unit=\"{}\"", Escaped(&self.0.name), Escaped(&self.0.unit))
    }
}

/// A value between quotation marks.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '\\' => f.write_str("\\\\"),
            '"' => f.write_str("\\\""),
            '\n' => f.write_str("\\n"),
            other => f.write_char(other),
        })
    }
}
