//! The global allocator of the program, and what it tells of a run.

use nebula_memory::{AllocContext, stats::TrackedGlobal};

/// The system's allocator, tracked. Whatever links this library has it.
#[global_allocator]
pub static MEMORY: TrackedGlobal = TrackedGlobal::new();

/// What is allocated to show what happens: it belongs to neither memory.
pub(crate) const DISPLAY: &str = "display";

/// What there was when a run began.
#[derive(Clone, Copy)]
pub(super) struct Begin {
    allocations: u64,
    in_use: u64,
}

impl Begin {
    /// Now; the peak begins here too.
    pub(super) fn now() -> Self {
        MEMORY.reset_peak();
        Self { allocations: allocations(), in_use: MEMORY.stats().in_use }
    }

    /// Allocations and reallocations since then, by all threads but those that show what happens.
    pub(super) fn allocations(self) -> u64 {
        allocations().saturating_sub(self.allocations)
    }

    /// The most bytes that were in use at one time since then, beyond those that were in use then. It is exact for the thread that asks.
    /// What it takes to show what happens is among them.
    pub(super) fn peak(self) -> u64 {
        MEMORY.stats().peak.saturating_sub(self.in_use)
    }
}

fn allocations() -> u64 {
    // In this order: what is allocated there meanwhile is one of all, and not one too many that is left out.
    let display = MEMORY.scope(DISPLAY).unwrap_or_default();
    let all = MEMORY.stats();
    (all.allocations + all.resizes).saturating_sub(display.allocations + display.resizes)
}

/// What this thread allocates while the guard lives is to show what happens.
pub(crate) fn leave_out() -> AllocContext {
    AllocContext::enter(DISPLAY)
}
