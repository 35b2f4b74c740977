use core::alloc::Layout;
use core::fmt;

use super::Track;
use crate::sync::{CountMode, Local, Word};

/// Counts blocks and bytes: the usual [`Track`].
///
/// `M` is [`Local`] (plain cells, for one thread) or [`Shared`](crate::Shared) (relaxed atomics, for many threads; all of
/// them write to the same lines of memory).
///
/// A block of no size is not counted: it is no memory, and collections do not always give it back. One that shrinks to no
/// size counts as given back, and one that grows from there as allocated.
pub struct Counters<M: CountMode = Local> {
    allocations: M::Word,
    deallocations: M::Word,
    resizes: M::Word,
    refused: M::Word,
    in_use: M::Word,
    peak: M::Word,
}

/// What [`Counters`] had counted at one moment. Of shared counters, that of each number: they are read one after the other.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CountersSnapshot {
    /// How many blocks were allocated.
    pub allocations: usize,
    /// How many of them were given back.
    pub deallocations: usize,
    /// How many times a block was made larger or smaller.
    pub resizes: usize,
    /// How many requests were refused.
    pub refused: usize,
    /// How many bytes are allocated.
    pub in_use: usize,
    /// The most bytes that were ever allocated at once.
    pub peak: usize,
}

impl CountersSnapshot {
    /// How many blocks are allocated.
    pub const fn live(&self) -> usize {
        self.allocations.saturating_sub(self.deallocations)
    }
}

impl<M: CountMode> Counters<M> {
    /// Nothing counted.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self {
            allocations: M::Word::ZERO,
            deallocations: M::Word::ZERO,
            resizes: M::Word::ZERO,
            refused: M::Word::ZERO,
            in_use: M::Word::ZERO,
            peak: M::Word::ZERO,
        }
    }

    /// Nothing counted.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self {
            allocations: M::Word::zero(),
            deallocations: M::Word::zero(),
            resizes: M::Word::zero(),
            refused: M::Word::zero(),
            in_use: M::Word::zero(),
            peak: M::Word::zero(),
        }
    }

    /// What was counted until now.
    pub fn snapshot(&self) -> CountersSnapshot {
        // In this order, so that of a block that comes and goes meanwhile rarely just the going is seen; `live` bears that.
        let deallocations = self.deallocations.get();
        CountersSnapshot {
            allocations: self.allocations.get(),
            deallocations,
            resizes: self.resizes.get(),
            refused: self.refused.get(),
            in_use: Self::bytes(self.in_use.get()),
            peak: self.peak.get(),
        }
    }

    /// A sum of sizes, which is below half of the address space. If not, it is below zero: somebody has given back here
    /// what was allocated around this tracker.
    fn bytes(sum: usize) -> usize {
        if sum > isize::MAX as usize { 0 } else { sum }
    }

    #[inline]
    fn more(&self, bytes: usize) {
        self.peak.raise(Self::bytes(self.in_use.add(bytes)));
    }
}

// SAFETY: arithmetic that wraps.
unsafe impl<M: CountMode> Track for Counters<M> {
    #[inline]
    fn allocated(&self, size: usize) {
        if size != 0 {
            self.allocations.add(1);
            self.more(size);
        }
    }

    #[inline]
    fn deallocated(&self, size: usize) {
        if size != 0 {
            self.deallocations.add(1);
            self.in_use.subtract(size);
        }
    }

    #[inline]
    fn resized(&self, old: usize, new: usize) {
        match (old, new) {
            (0, size) => self.allocated(size),
            (size, 0) => self.deallocated(size),
            _ => {
                self.resizes.add(1);
                if new >= old {
                    self.more(new - old);
                } else {
                    self.in_use.subtract(old - new);
                }
            }
        }
    }

    #[cold]
    fn refused(&self, _: Layout) {
        self.refused.add(1);
    }
}

impl<M: CountMode> Default for Counters<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: CountMode> fmt::Debug for Counters<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot().fmt(f)
    }
}
