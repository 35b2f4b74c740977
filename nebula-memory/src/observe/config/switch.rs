use core::sync::atomic::{AtomicU8, Ordering};
use std::sync::Arc;

use super::LogLevel;
use crate::logging::{Level, LogSink, MemoryOperation};

/// How much is logged, changed while the program runs. That of a [`Registry`](crate::observe::Registry) follows
/// `logging.level`.
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use nebula_memory::logging::{LogSink, Logged, MemoryOperation};
/// use nebula_memory::observe::Registry;
/// use nebula_memory::observe::config::Config;
/// use nebula_memory::{Arena, SystemAllocator};
///
/// #[derive(Default)]
/// struct Count(AtomicUsize);
///
/// impl LogSink for Count {
///     fn log(&self, _: &MemoryOperation<'_>) {
///         self.0.fetch_add(1, Ordering::Relaxed);
///     }
/// }
///
/// let registry = Registry::new();
/// let count = Count::default();
/// let sink = registry.log_switch().sink(&count);
/// let arena: Arena<_> = Arena::new_in(Logged::new("chunks", SystemAllocator, sink));
/// arena.alloc(7);
/// assert_eq!(count.0.load(Ordering::Relaxed), 2); // created, allocated
///
/// registry.apply(&Config::sources().set("logging.level", "error").load()?);
/// drop(arena);
/// assert_eq!(count.0.load(Ordering::Relaxed), 2);
/// # Ok::<(), nebula_memory::observe::config::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct LogSwitch(Arc<AtomicU8>);

impl LogSwitch {
    /// A switch that lets pass what is at least as bad.
    pub fn new(level: LogLevel) -> Self {
        Self(Arc::new(AtomicU8::new(level as u8)))
    }

    /// What passes now.
    pub fn level(&self) -> LogLevel {
        LogLevel::ALL[usize::from(self.0.load(Ordering::Relaxed))]
    }

    /// Lets pass what is at least as bad, from now on.
    pub fn set(&self, level: LogLevel) {
        self.0.store(level as u8, Ordering::Relaxed);
    }

    /// A sink that is told what passes. Costs it a load for each operation that its type has room for.
    pub fn sink<S: LogSink>(&self, sink: S) -> Switched<S> {
        Switched { sink, switch: self.clone() }
    }

    /// Whether there is another one that is switched by this.
    pub(super) fn is_used(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

/// A sink that is told what a [`LogSwitch`] lets pass.
#[derive(Clone, Debug)]
pub struct Switched<S> {
    sink: S,
    switch: LogSwitch,
}

impl<S: LogSink> LogSink for Switched<S> {
    const LEVEL: Level = S::LEVEL;

    #[inline]
    fn is_enabled(&self, level: Level) -> bool {
        level as u8 <= self.switch.0.load(Ordering::Relaxed) && self.sink.is_enabled(level)
    }

    fn log(&self, operation: &MemoryOperation<'_>) {
        self.sink.log(operation);
    }
}
