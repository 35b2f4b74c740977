use core::fmt;

use super::AllocErrorCode;

/// What kind of trouble an error is: who can do something about it.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCategory {
    /// There is no memory now: wait, free some, or use another allocator.
    Allocation,
    /// What was asked for can never be had: change the program or its configuration.
    Configuration,
    /// A limit that was set on purpose: refuse or delay the work.
    Resource,
    /// Memory was not used as agreed: a bug, close to where the error came up.
    Integrity,
}

impl ErrorCategory {
    /// The name used in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allocation => "allocation",
            Self::Configuration => "configuration",
            Self::Resource => "resource",
            Self::Integrity => "integrity",
        }
    }
}

impl fmt::Display for ErrorCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AllocErrorCode {
    /// What kind of trouble this is.
    pub const fn category(self) -> ErrorCategory {
        match self {
            Self::OutOfMemory | Self::PoolExhausted | Self::PoolTimeout | Self::PoolCreate => {
                ErrorCategory::Allocation
            }
            Self::CapacityOverflow | Self::InvalidLayout | Self::InvalidOptions => {
                ErrorCategory::Configuration
            }
            Self::BudgetExceeded | Self::PoolClosed | Self::CircuitOpen | Self::CacheLoad => {
                ErrorCategory::Resource
            }
            Self::LifoViolation | Self::DoubleFree | Self::ForeignPointer | Self::Corruption => {
                ErrorCategory::Integrity
            }
        }
    }
}
