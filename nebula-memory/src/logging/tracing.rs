use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

use super::{Level, LogSink, MemoryOperation};

/// Passes events on to the `tracing` crate, with the target `nebula_memory`.
///
/// Fields are `allocator`, `allocator_type`, `operation`, `size` and `memory_used` (bytes), `duration` (nanoseconds) and `addr`;
/// what is not known is left out.
///
/// `LEVEL` is the least important level that is compiled. What `tracing` itself is told to leave out
/// at compile time (`release_max_level_info` and its kin) is left out here too.
///
/// ```
/// use nebula_memory::logging::{Level, Logged, TracingSink};
/// use nebula_memory::{Arena, SystemAllocator};
///
/// let arena: Arena<_> = Arena::new_in(Logged::new("parser", SystemAllocator, TracingSink::new()));
/// arena.alloc(7);
///
/// let quiet = TracingSink::<{ Level::Warn as u8 }>::at_most();
/// # let _ = quiet;
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct TracingSink<const LEVEL: u8 = { Level::Trace as u8 }>;

impl TracingSink {
    /// For all levels.
    pub const fn new() -> Self {
        Self
    }
}

impl<const LEVEL: u8> TracingSink<LEVEL> {
    /// For this level and those that are more important.
    pub const fn at_most() -> Self {
        Self
    }
}

impl<const LEVEL: u8> LogSink for TracingSink<LEVEL> {
    const LEVEL: Level = match LEVEL {
        0 | 1 => Level::Error,
        2 => Level::Warn,
        3 => Level::Info,
        4 => Level::Debug,
        _ => Level::Trace,
    };

    #[inline]
    fn is_enabled(&self, level: Level) -> bool {
        let filter = filter(level);
        // Whether the subscriber wants this very event is asked when it is there.
        filter <= STATIC_MAX_LEVEL && filter <= LevelFilter::current()
    }

    fn log(&self, operation: &MemoryOperation<'_>) {
        macro_rules! event {
            ($level:ident) => {
                tracing::event!(
                    target: "nebula_memory",
                    tracing::Level::$level,
                    allocator = operation.allocator,
                    allocator_type = operation.allocator_type,
                    operation = operation.operation.name(),
                    size = operation.size,
                    duration = operation.duration.map(|taken| u64::try_from(taken.as_nanos()).unwrap_or(u64::MAX)),
                    memory_used = operation.memory_used,
                    addr = operation.addr,
                )
            };
        }
        match operation.operation.level() {
            Level::Error => event!(ERROR),
            Level::Warn => event!(WARN),
            Level::Info => event!(INFO),
            Level::Debug => event!(DEBUG),
            Level::Trace => event!(TRACE),
        }
    }
}

#[inline]
const fn filter(level: Level) -> LevelFilter {
    match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    }
}
