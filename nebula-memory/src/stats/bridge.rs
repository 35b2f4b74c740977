use metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

use super::StatsSnapshot;
use super::export::FAMILIES;

/// Passes figures on to the recorder that the `metrics` crate has: to whichever exporter the program has chosen.
///
/// Counters are set to what was counted, gauges to what there is; each has the labels `allocator` (the name) and `kind`.
///
/// Names are those of [`PrometheusExporter`](super::PrometheusExporter).
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::stats::{MetricsBridge, StatsCollector};
///
/// let collector = Arc::new(StatsCollector::new());
/// collector.subscribe(|snapshot| MetricsBridge::new().publish(snapshot));
/// collector.tick(); // or a thread that does so: `collector.start(interval)`
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsBridge(());

impl MetricsBridge {
    /// A bridge to the recorder of the process, or of this thread, if there is one.
    pub const fn new() -> Self {
        Self(())
    }

    /// Tells the recorder what the figures mean. Once is enough.
    pub fn describe(&self) {
        for family in FAMILIES {
            let unit = family.unit().map_or(Unit::Count, |_| Unit::Bytes);
            if family.counts {
                describe_counter!(family.sample, unit, family.help);
            } else {
                describe_gauge!(family.sample, unit, family.help);
            }
        }
    }

    /// Passes a snapshot on.
    pub fn publish(&self, snapshot: &StatsSnapshot) {
        for entry in &snapshot.allocators {
            let labels = [("allocator", entry.name.clone()), ("kind", entry.kind.name().into())];
            for family in FAMILIES {
                let Some(value) = family.value(entry) else { continue };
                if family.counts {
                    counter!(family.sample, &labels).absolute(value);
                } else {
                    #[expect(clippy::cast_precision_loss, reason = "the type of that crate's gauges")]
                    gauge!(family.sample, &labels).set(value as f64);
                }
            }
        }
    }
}
