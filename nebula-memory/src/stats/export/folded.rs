use core::fmt::Write;
use std::collections::BTreeMap;
use std::string::{String, ToString};
use std::vec::Vec;

use super::{ExportError, StatsExporter, profile_of};
use crate::stats::{ScopeProfile, StackProfile, StatsSnapshot};

/// The profile of a [`TrackedGlobal`](crate::stats::TrackedGlobal) as folded stacks, which `flamegraph.pl`, inferno, speedscope and
/// others draw: a line for each stack, `main;parse;push 4096`, the outermost function first.
///
/// Stacks without functions (the feature `profile` is off) are the names of their scopes; without samples there is a line for each
/// scope, and its number is exact, as far as it is counted.
///
/// ```no_run
/// use nebula_memory::stats::{FoldedExporter, FoldedValue, StatsExporter, TrackedGlobal};
///
/// #[global_allocator]
/// static MEMORY: TrackedGlobal = TrackedGlobal::new();
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let exporter = FoldedExporter::new().value(FoldedValue::LiveBytes);
///     std::fs::write("heap.folded", exporter.export(&MEMORY.snapshot())?)?;
///     // inferno-flamegraph --countname bytes < heap.folded > heap.svg
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FoldedExporter {
    value: FoldedValue,
    by_scope: bool,
}

/// The number at the end of each line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FoldedValue {
    /// Bytes allocated.
    #[default]
    Bytes,
    /// Blocks allocated.
    Allocations,
    /// Bytes in use.
    LiveBytes,
    /// Blocks in use.
    LiveBlocks,
    /// Bytes in use when the program used the most.
    PeakBytes,
}

impl FoldedExporter {
    /// Of bytes allocated.
    pub const fn new() -> Self {
        Self { value: FoldedValue::Bytes, by_scope: false }
    }

    /// Of something else.
    #[must_use]
    pub const fn value(self, value: FoldedValue) -> Self {
        Self { value, ..self }
    }

    /// Below the names of scopes, the outermost first, so that each scope is a tower of its own.
    #[must_use]
    pub const fn by_scope(self) -> Self {
        Self { by_scope: true, ..self }
    }

    fn of_stack(self, stack: &StackProfile) -> u64 {
        match self.value {
            FoldedValue::Bytes => stack.bytes,
            FoldedValue::Allocations => stack.allocations,
            FoldedValue::LiveBytes => stack.live_bytes,
            FoldedValue::LiveBlocks => stack.live_blocks,
            FoldedValue::PeakBytes => stack.peak_bytes,
        }
    }

    fn of_scope(self, scope: &ScopeProfile) -> u64 {
        match self.value {
            FoldedValue::Bytes => scope.bytes,
            FoldedValue::Allocations => scope.allocations,
            FoldedValue::LiveBytes | FoldedValue::LiveBlocks | FoldedValue::PeakBytes => 0,
        }
    }

    fn line(self, stack: &StackProfile) -> String {
        let mut line = Vec::new();
        if self.by_scope || stack.frames.is_empty() {
            line.extend(stack.trail.iter().map(|name| cleaned(name)));
            if stack.trail.is_empty() {
                line.push("(none)".to_string());
            }
        }
        line.extend(stack.frames.iter().rev().map(|frame| cleaned(&frame.function)));
        line.join(";")
    }
}

/// A name must not look like two, and must not be nothing.
fn cleaned(name: &str) -> String {
    let clean: String =
        name.chars().map(|char| if char == ';' || char.is_control() { '_' } else { char }).collect();
    if clean.trim().is_empty() { "_".to_string() } else { clean }
}

impl StatsExporter for FoldedExporter {
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let profile = profile_of(snapshot)?;
        let mut lines = BTreeMap::<String, u64>::new();
        let mut add = |line, value| {
            let sum = lines.entry(line).or_default();
            *sum = sum.saturating_add(value);
        };
        if profile.sample_every == 0 {
            profile.scopes.iter().for_each(|scope| add(cleaned(&scope.name), self.of_scope(scope)));
        }
        profile.stacks.iter().for_each(|stack| add(self.line(stack), self.of_stack(stack)));
        let mut out = String::new();
        for (line, value) in lines.iter().filter(|&(_, &value)| value > 0) {
            writeln!(out, "{line} {value}").map_err(ExportError::new)?;
        }
        Ok(out)
    }
}
