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
    /// Every slot of a fixed pool is in use.
    PoolExhausted,
}

impl AllocErrorCode {
    /// Every code there is.
    pub const ALL: &'static [Self] = &[Self::OutOfMemory, Self::CapacityOverflow, Self::PoolExhausted];

    /// The stable name: what to search for, log and match on across processes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfMemory => "ALLOC_OUT_OF_MEMORY",
            Self::CapacityOverflow => "ALLOC_CAPACITY_OVERFLOW",
            Self::PoolExhausted => "ALLOC_POOL_EXHAUSTED",
        }
    }

    /// One sentence that says what happened.
    pub const fn message(self) -> &'static str {
        match self {
            Self::OutOfMemory => "the allocator has no block of this size left",
            Self::CapacityOverflow => "the size asked for is larger than any block of memory can be",
            Self::PoolExhausted => "every slot of the pool is in use",
        }
    }

    /// What to do about it.
    pub const fn suggestion(self) -> &'static str {
        match self {
            Self::OutOfMemory => "Give the allocator more capacity, reset it, or end a scope before this one",
            Self::CapacityOverflow => {
                "Check the length this size was computed from; split the data into parts"
            }
            Self::PoolExhausted => "Drop an object of this pool first, or give the pool a larger capacity",
        }
    }

    /// Whether the same request may succeed later, once memory was given back.
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::OutOfMemory | Self::PoolExhausted => true,
            Self::CapacityOverflow => false,
        }
    }
}

impl fmt::Display for AllocErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
