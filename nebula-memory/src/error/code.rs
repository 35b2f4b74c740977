use core::fmt;

/// What went wrong, with a name that stays the same across versions.
///
/// `docs/ERRORS.md` has a chapter for each.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AllocErrorCode {
    /// The memory asked for is not there: the block is full, or the backing allocator refused.
    OutOfMemory,
    /// The size asked for overflows: no block of memory can be that large.
    CapacityOverflow,
    /// The layout cannot be served by this allocator: a size class or an alignment it does not have.
    InvalidLayout,
    /// An allocator cannot be made with the options it was given: they contradict each other, or leave it without memory.
    InvalidOptions,
    /// Every slot of a pool is in use.
    PoolExhausted,
    /// No object came back to a pool in time.
    PoolTimeout,
    /// A pool was closed.
    PoolClosed,
    /// A pool's recipe could not make an object.
    PoolCreate,
    /// A circuit breaker lets no value of a cache be loaded.
    CircuitOpen,
    /// A value of a cache could not be loaded.
    CacheLoad,
    /// A budget, or a limit set on an allocator, does not allow this much.
    BudgetExceeded,
    /// A stack frame or block was given back before one that was opened after it.
    LifoViolation,
    /// A block was given back that is free already.
    DoubleFree,
    /// A block was given back that this allocator never handed out.
    ForeignPointer,
    /// Memory outside of a block, or inside of a freed one, was overwritten.
    Corruption,
}

impl AllocErrorCode {
    /// Every code there is.
    pub const ALL: &'static [Self] = &[
        Self::OutOfMemory,
        Self::CapacityOverflow,
        Self::InvalidLayout,
        Self::InvalidOptions,
        Self::PoolExhausted,
        Self::PoolTimeout,
        Self::PoolClosed,
        Self::PoolCreate,
        Self::CircuitOpen,
        Self::CacheLoad,
        Self::BudgetExceeded,
        Self::LifoViolation,
        Self::DoubleFree,
        Self::ForeignPointer,
        Self::Corruption,
    ];

    /// The stable name: what to search for, log and match on across processes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfMemory => "ALLOC_OUT_OF_MEMORY",
            Self::CapacityOverflow => "ALLOC_CAPACITY_OVERFLOW",
            Self::InvalidLayout => "ALLOC_INVALID_LAYOUT",
            Self::InvalidOptions => "ALLOC_INVALID_OPTIONS",
            Self::PoolExhausted => "ALLOC_POOL_EXHAUSTED",
            Self::PoolTimeout => "ALLOC_POOL_TIMEOUT",
            Self::PoolClosed => "ALLOC_POOL_CLOSED",
            Self::PoolCreate => "ALLOC_POOL_CREATE",
            Self::CircuitOpen => "ALLOC_CIRCUIT_OPEN",
            Self::CacheLoad => "ALLOC_CACHE_LOAD",
            Self::BudgetExceeded => "ALLOC_BUDGET_EXCEEDED",
            Self::LifoViolation => "ALLOC_LIFO_VIOLATION",
            Self::DoubleFree => "ALLOC_DOUBLE_FREE",
            Self::ForeignPointer => "ALLOC_FOREIGN_POINTER",
            Self::Corruption => "ALLOC_CORRUPTION",
        }
    }

    /// One sentence that says what happened.
    pub const fn message(self) -> &'static str {
        match self {
            Self::OutOfMemory => "the allocator has no block of this size left",
            Self::CapacityOverflow => "the size asked for is larger than any block of memory can be",
            Self::InvalidLayout => "the allocator cannot serve a block of this size and alignment",
            Self::InvalidOptions => "no allocator can be made with these options",
            Self::PoolExhausted => "every slot of the pool is in use",
            Self::PoolTimeout => "no object came back to the pool in time",
            Self::PoolClosed => "the pool was closed",
            Self::PoolCreate => "the pool could not make an object",
            Self::CircuitOpen => "what was to be loaded has failed too often",
            Self::CacheLoad => "a value of the cache could not be loaded",
            Self::BudgetExceeded => "the budget does not allow a block of this size",
            Self::LifoViolation => "a block was given back before one that was allocated after it",
            Self::DoubleFree => "a block was given back that is free already",
            Self::ForeignPointer => "a block was given back that is not from this allocator",
            Self::Corruption => "memory was written that nobody had",
        }
    }

    /// What to do about it.
    pub const fn suggestion(self) -> &'static str {
        match self {
            Self::OutOfMemory => "Give the allocator more capacity, reset it, or end a scope before this one",
            Self::CapacityOverflow => {
                "Check the length this size was computed from; split the data into parts"
            }
            Self::InvalidLayout => {
                "Ask for a size and an alignment that the allocator was made for, or use one that serves all"
            }
            Self::InvalidOptions => {
                "Raise the limit to what the allocator begins with, and let neither be nothing"
            }
            Self::PoolExhausted => "Drop an object of this pool first, or give the pool a larger capacity",
            Self::PoolTimeout => {
                "Hold objects for a shorter time, give the pool a larger capacity, or wait longer"
            }
            Self::PoolClosed => "Stop what uses the pool before it is closed, or make a new pool",
            Self::PoolCreate => "See the cause; what objects are made from may be out of reach for now",
            Self::CircuitOpen => {
                "Try again when the time has passed; what values are loaded from is out of reach for now"
            }
            Self::CacheLoad => "See the cause; what values are loaded from may be out of reach for now",
            Self::BudgetExceeded => "Free memory that counts against the budget, or raise its limit",
            Self::LifoViolation => {
                "Give blocks back in the reverse of the order in which they were allocated"
            }
            Self::DoubleFree => "Find the second owner of the block; nothing was changed",
            Self::ForeignPointer => "Give the block back to the allocator it came from; nothing was changed",
            Self::Corruption => "Find who writes past the end of this block, or into it after it was freed",
        }
    }

    /// Whether the same request may succeed later, once memory was given back.
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::OutOfMemory
            | Self::PoolExhausted
            | Self::PoolTimeout
            | Self::PoolCreate
            | Self::CircuitOpen
            | Self::CacheLoad
            | Self::BudgetExceeded => true,
            Self::CapacityOverflow
            | Self::InvalidLayout
            | Self::InvalidOptions
            | Self::PoolClosed
            | Self::LifoViolation
            | Self::DoubleFree
            | Self::ForeignPointer
            | Self::Corruption => false,
        }
    }
}

impl fmt::Display for AllocErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
