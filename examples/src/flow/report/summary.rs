//! The table about memory at the end.

use comfy_table::{Attribute, Cell, CellAlignment, Color};

use super::{Measured, grouped, text::frame};

/// What the runs of one workflow cost.
pub(crate) struct Section {
    pub(crate) workflow: String,
    /// The median run in each memory, the one that is compared with the other first.
    pub(crate) runs: Vec<(&'static str, Measured)>,
}

/// A bold heading.
pub(super) fn heading(text: &str) -> Cell {
    Cell::new(text).add_attribute(Attribute::Bold).fg(Color::Cyan)
}

/// One table for all workflows; ratios where two memories ran.
pub(crate) fn summary(sections: &[&Section]) -> String {
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut table = frame();
    table.set_header(
        ["workflow", "memory", "wall time", "records/s", "allocations", "peak", "allocations per record*"]
            .iter()
            .enumerate()
            .map(|(i, name)| {
                heading(name).set_alignment(if i < 2 { CellAlignment::Left } else { CellAlignment::Right })
            }),
    );
    for section in sections {
        for (i, (memory, run)) in section.runs.iter().enumerate() {
            table.add_row([
                Cell::new(if i == 0 { section.workflow.as_str() } else { "" }),
                Cell::new(memory),
                right(format!("{:.1} ms", run.time.as_secs_f64() * 1e3)),
                right(grouped(per_second(run))),
                right(grouped(run.allocations)),
                right(bytes(run.peak)),
                right(steady(run)),
            ]);
        }
        if let [(_, ours), (_, other)] = &section.runs[..] {
            let time = other.time.as_secs_f64() / ours.time.as_secs_f64();
            let verdict = |text: String, good: bool| {
                right(text).fg(if good { Color::Green } else { Color::Yellow }).add_attribute(Attribute::Bold)
            };
            let fewer = ratio(other.allocations, ours.allocations);
            let peak = ratio(ours.peak, other.peak);
            table.add_row([
                Cell::new(""),
                Cell::new("ratio").add_attribute(Attribute::Italic),
                verdict(format!("{time:.2}× faster"), time >= 1.0),
                right(String::new()),
                verdict(format!("{fewer:.0}× fewer"), fewer >= 1.0),
                verdict(format!("{peak:.2}×"), peak <= 1.0),
                verdict(format!("{} vs {}", steady(ours), steady(other)), ours.steady.0 <= other.steady.0),
            ]);
        }
    }
    format!("{table}\n* system allocations while the second half of the records was read\n")
}

/// Exactly 0, or with as many decimals as it takes to see that it is not.
#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn steady(run: &Measured) -> String {
    match run.steady {
        (0, _) => "0".to_owned(),
        (allocations, records) => {
            let each = allocations as f64 / (records.max(1)) as f64;
            if each < 0.01 { format!("{each:.6}") } else { format!("{each:.2}") }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn ratio(a: u64, b: u64) -> f64 {
    a as f64 / b.max(1) as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is shown without decimals"
)]
fn per_second(run: &Measured) -> u64 {
    (run.records as f64 / run.time.as_secs_f64().max(1e-9)) as u64
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn bytes(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{:.1} KiB", bytes as f64 / 1024.0)
    } else {
        format!("{:.2} MiB", bytes as f64 / 1_048_576.0)
    }
}
