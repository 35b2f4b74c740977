use super::cell::CellCursor;
#[cfg(target_has_atomic = "ptr")]
use super::shared::AtomicCursor;
use super::span::Span;
#[cfg(target_has_atomic = "ptr")]
use crate::sync::Shared;
use crate::sync::{Local, Mode};

/// A mode that a [`BumpAllocator`](crate::BumpAllocator) can be in, with the cursor that serves it.
pub trait BumpMode: Mode {
    /// Where the next block starts.
    #[doc(hidden)]
    type Cursor<const MIN_ALIGN: usize>: CursorState;
}

impl BumpMode for Local {
    type Cursor<const MIN_ALIGN: usize> = CellCursor<MIN_ALIGN>;
}

#[cfg(target_has_atomic = "ptr")]
impl BumpMode for Shared {
    type Cursor<const MIN_ALIGN: usize> = AtomicCursor<MIN_ALIGN>;
}

/// What the owner of one block asks of its cursor besides blocks.
pub trait CursorState {
    /// A cursor for a block of which nothing is used.
    fn over(whole: Span) -> Self;

    /// What is free.
    fn free(&self, whole: Span) -> Span;

    /// Nothing is used any more.
    fn rewind(&mut self, whole: Span);
}

impl<const MIN_ALIGN: usize> CursorState for CellCursor<MIN_ALIGN> {
    fn over(whole: Span) -> Self {
        Self::new(whole)
    }

    #[inline(always)]
    fn free(&self, _: Span) -> Span {
        self.span()
    }

    #[inline(always)]
    fn rewind(&mut self, whole: Span) {
        self.set_span(whole);
    }
}

#[cfg(target_has_atomic = "ptr")]
impl<const MIN_ALIGN: usize> CursorState for AtomicCursor<MIN_ALIGN> {
    fn over(_: Span) -> Self {
        Self::new()
    }

    fn free(&self, whole: Span) -> Span {
        // SAFETY: not above the top.
        Span { floor: unsafe { whole.floor.add(self.used()) }, ..whole }
    }

    fn rewind(&mut self, _: Span) {
        self.reset();
    }
}
