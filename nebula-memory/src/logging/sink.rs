use core::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::{Level, MemoryOperation};
use crate::unwind::guarded;

/// Who is told of [`MemoryOperation`]s.
///
/// ```
/// use nebula_memory::logging::{Level, LogSink, Logged, MemoryOperation};
/// use nebula_memory::{Arena, SystemAllocator};
///
/// /// Refused blocks go to standard error; everything else is not even compiled.
/// struct Stderr;
///
/// impl LogSink for Stderr {
///     const LEVEL: Level = Level::Error;
///
///     fn log(&self, operation: &MemoryOperation<'_>) {
///         eprintln!("{operation}");
///     }
/// }
///
/// let arena: Arena<_> = Arena::new_in(Logged::new("parser", SystemAllocator, Stderr));
/// arena.alloc(7);
/// ```
pub trait LogSink {
    /// The least important level that there can be. What is less important than this is not compiled.
    const LEVEL: Level = Level::Trace;

    /// Whether somebody listens to this level, now. Asked before an operation is put together.
    ///
    /// If it panics before a block is allocated, given back or resized, that goes on to the caller; else it ends here, and nobody listens.
    #[inline]
    fn is_enabled(&self, level: Level) -> bool {
        let _ = level;
        true
    }

    /// Something was done.
    ///
    /// What it does with logged allocators itself is not logged. If it panics, that ends here.
    fn log(&self, operation: &MemoryOperation<'_>);
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<S: LogSink + ?Sized> LogSink for $pointer {
            const LEVEL: Level = S::LEVEL;

            #[inline]
            fn is_enabled(&self, level: Level) -> bool {
                (**self).is_enabled(level)
            }

            fn log(&self, operation: &MemoryOperation<'_>) {
                (**self).log(operation);
            }
        }
    )*};
}

through!(&S, Rc<S>, Arc<S>);

std::thread_local! {
    static IS_TELLING: Cell<bool> = const { Cell::new(false) };
}

/// Whether the operations of this level are wanted.
#[inline(always)]
pub(super) fn wants<S: LogSink>(sink: &S, level: Level) -> bool {
    level <= S::LEVEL && sink.is_enabled(level)
}

/// As [`wants`], and does not unwind: who panics when asked wants nothing.
#[cold]
#[inline(never)]
pub(super) fn surely_wants<S: LogSink>(sink: &S, level: Level) -> bool {
    guarded(|| wants(sink, level)).unwrap_or(false)
}

/// Tells the sink, unless it is being told something in this thread. Does not unwind: the owner of a block may not know yet that it
/// has moved.
#[cold]
#[inline(never)]
pub(super) fn tell<S: LogSink>(sink: &S, operation: &MemoryOperation<'_>) {
    if !IS_TELLING.replace(true) {
        guarded(|| sink.log(operation));
        IS_TELLING.set(false);
    }
}
