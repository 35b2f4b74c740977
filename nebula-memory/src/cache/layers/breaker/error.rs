use core::fmt;
use core::time::Duration;
use std::boxed::Box;

use crate::error::{AllocError, AllocErrorCode, MemoryError};

/// Why a cache with a circuit breaker has no value.
///
/// ```
/// use std::time::Duration;
/// use nebula_memory::cache::layers::BreakerError;
///
/// let error = BreakerError::<&str>::Open { retry_in: Duration::from_secs(3) };
/// assert!(error.is_open() && error.is_retryable());
/// assert_eq!(error.to_string(), "ALLOC_CIRCUIT_OPEN: what was to be loaded has failed too often (try again in 3s)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BreakerError<E> {
    /// Loads of keys like this one have failed too often: there was none.
    Open {
        /// In how long there may be one again. Then as few are let through as are tried, and the others have to wait on.
        retry_in: Duration,
    },
    /// There was a load, and it failed so.
    Load(E),
}

impl<E> BreakerError<E> {
    /// Whether there was no load.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Open { .. })
    }

    /// In how long there may be a load again, if there was none.
    pub const fn retry_in(&self) -> Option<Duration> {
        match self {
            Self::Open { retry_in } => Some(*retry_in),
            Self::Load(_) => None,
        }
    }

    /// How the load failed, if there was one.
    pub fn into_load(self) -> Option<E> {
        match self {
            Self::Open { .. } => None,
            Self::Load(error) => Some(error),
        }
    }

    /// What went wrong, with a name that stays the same across versions.
    pub const fn code(&self) -> AllocErrorCode {
        match self {
            Self::Open { .. } => AllocErrorCode::CircuitOpen,
            Self::Load(_) => AllocErrorCode::CacheLoad,
        }
    }

    /// What to do about it.
    pub const fn suggestion(&self) -> &'static str {
        self.code().suggestion()
    }

    /// Whether the same request may succeed later.
    pub const fn is_retryable(&self) -> bool {
        self.code().is_retryable()
    }

    /// The same as an error of an allocator; of a failed load, without its cause.
    #[cold]
    pub fn to_alloc_error(&self) -> AllocError {
        AllocError::of_cache(self.code())
    }
}

impl<E: fmt::Display> fmt::Display for BreakerError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.code().message())?;
        match self {
            Self::Open { retry_in } => write!(f, " (try again in {retry_in:?})"),
            Self::Load(error) => write!(f, " ({error})"),
        }
    }
}

impl<E: core::error::Error + 'static> core::error::Error for BreakerError<E> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Open { .. } => None,
            Self::Load(error) => Some(error),
        }
    }
}

impl<E: Into<Box<dyn core::error::Error + Send + Sync>>> From<BreakerError<E>> for MemoryError {
    #[cold]
    fn from(error: BreakerError<E>) -> Self {
        let story = Self::from(error.to_alloc_error());
        match error {
            BreakerError::Open { retry_in } => story.with("retry in", alloc_crate::format!("{retry_in:?}")),
            BreakerError::Load(cause) => story.because(cause),
        }
    }
}
