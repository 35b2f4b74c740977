use core::fmt::Write;
use std::borrow::ToOwned;
use std::string::String;
use std::sync::Arc;
use std::time::Duration;
use std::vec::Vec;

use serde::Serialize;

use super::embed::{Text, fill, json};
use super::history::History;
use crate::stats::{ExportError, StatsExporter, StatsSnapshot};

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("style.css");
/// In this order they are one module.
const SCRIPTS: [&str; 7] = [
    include_str!("format.js"),
    include_str!("chart.js"),
    include_str!("timeline.js"),
    include_str!("treemap.js"),
    include_str!("bars.js"),
    include_str!("table.js"),
    include_str!("page.js"),
];

/// Snapshots as a page with charts: one file that needs no other and asks no network for anything.
///
/// It shows the bytes in use over time, which allocators have them, how large blocks are, hit ratios, limits, rates, all histograms that
/// were registered, and a table of everything. In a time line with many snapshots, those between the highest and the lowest points are
/// left out; the page says how many.
///
/// ```
/// use nebula_memory::stats::{HtmlExporter, StatsCollector, StatsExporter};
///
/// let collector = StatsCollector::new();
/// collector.keep(1000);
/// // Now and then, while the program works:
/// collector.tick();
///
/// let page = HtmlExporter::new().with_title("My program").with_history(&collector.history());
/// let text = page.export(&collector.snapshot())?;
/// assert!(text.starts_with("<!DOCTYPE html>") && text.contains("<title>My program"));
/// # Ok::<(), nebula_memory::stats::ExportError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HtmlExporter {
    title: String,
    history: Vec<Arc<StatsSnapshot>>,
    live: Option<Live>,
}

/// Where a page gets newer figures from.
#[derive(Clone, Debug, Serialize)]
struct Live {
    url: String,
    milliseconds: u64,
}

/// What a page is made of.
#[derive(Serialize)]
struct Data<'a> {
    title: &'a str,
    live: Option<&'a Live>,
    snapshot: &'a StatsSnapshot,
    history: History<'a>,
}

impl HtmlExporter {
    /// A page of one moment.
    pub fn new() -> Self {
        Self { title: "Memory".to_owned(), history: Vec::new(), live: None }
    }

    /// What the page is called; otherwise "Memory".
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Earlier [snapshots of the same collector](crate::stats::StatsCollector::history), oldest first, for the time line.
    #[must_use]
    pub fn with_history(mut self, history: &[Arc<StatsSnapshot>]) -> Self {
        self.history = history.to_vec();
        self
    }

    /// The page asks for newer figures at this address, as often as that, and goes on from where it was: nothing of what the
    /// reader has chosen is lost. A server answers with [`data`](Self::data).
    ///
    /// The address has to be one of the server that the page came from.
    #[must_use]
    pub fn refreshing(mut self, url: impl Into<String>, every: Duration) -> Self {
        let milliseconds = u64::try_from(every.as_millis()).unwrap_or(u64::MAX);
        self.live = Some(Live { url: url.into(), milliseconds });
        self
    }

    /// What the page shows, as JSON: `snapshot` is what [`JsonExporter`](crate::stats::JsonExporter) writes, `history` the time line
    /// by columns.
    ///
    /// # Errors
    /// A snapshot that is no JSON: its time is before 1970.
    pub fn data(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let history = History::new(&self.history, snapshot);
        let data = Data { title: &self.title, live: self.live.as_ref(), snapshot, history };
        serde_json::to_string(&data).map_err(ExportError::new)
    }
}

impl Default for HtmlExporter {
    fn default() -> Self {
        Self::new()
    }
}

impl StatsExporter for HtmlExporter {
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let data = self.data(snapshot)?;
        let mut page = String::with_capacity(data.len() + (64 << 10));
        fill(&mut page, PAGE, |out, name| {
            match name {
                "title" => write!(out, "{}", Text(&self.title))?,
                "connect" => out.push_str(if self.live.is_some() { "'self'" } else { "'none'" }),
                "style" => out.push_str(STYLE),
                "data" => json(out, &data),
                "script" => SCRIPTS.iter().for_each(|script| out.push_str(script)),
                _ => unreachable!("the template has no other names"),
            }
            Ok(())
        })
        .map_err(ExportError::new)?;
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::STYLE;

    /// A colour's relative luminance, as the Web Content Accessibility Guidelines define it.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let byte = u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let part = f64::from(byte) / 255.0;
            if part <= 0.03928 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    /// A colour of the style sheet, light and dark.
    fn colour(name: &str) -> [&'static str; 2] {
        let declaration = std::format!("  --{name}: ");
        let (_, value) = STYLE.split_once(declaration.as_str()).unwrap();
        let value = value.split_once(';').unwrap().0;
        match value.strip_prefix("light-dark(") {
            Some(both) => {
                both.trim_end_matches(')').split_once(", ").map(|(light, dark)| [light, dark]).unwrap()
            }
            None => [value; 2],
        }
    }

    fn assert_contrast(front: &str, back: &str, least: f64) {
        for (front_colour, back_colour) in colour(front).into_iter().zip(colour(back)) {
            let (one, other) = (luminance(front_colour), luminance(back_colour));
            let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
            assert!(contrast >= least, "{front} {front_colour} on {back} {back_colour}: {contrast:.2}");
        }
    }

    #[test]
    fn everything_can_be_told_from_what_it_stands_on() {
        for back in ["page", "card"] {
            for text in ["text", "quiet", "warn"] {
                assert_contrast(text, back, 4.5);
            }
            assert_contrast("focus", back, 3.0);
        }
        for area in ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "rest"] {
            assert_contrast(area, "card", 3.0);
            assert_contrast(&std::format!("t{}", area.trim_start_matches('c')), area, 4.5);
        }
    }
}
