use core::fmt;
use std::boxed::Box;

use crate::error::{AllocError, AllocErrorCode, MemoryError};

/// Why an object could not be made: whatever error the recipe has.
pub type CreateError = Box<dyn core::error::Error + Send + Sync>;

/// Why a pool gave no object.
///
/// Small, and made on cold paths only. Converts into an [`AllocError`] and a [`MemoryError`], which tell the same story as
/// all errors of this crate.
///
/// ```
/// use nebula_memory::pool::{ObjectPool, PoolError};
///
/// let pool = ObjectPool::new(1, String::new);
/// let first = pool.acquire()?;
/// let error = pool.try_acquire().unwrap_err();
/// assert!(matches!(error, PoolError::Exhausted { capacity: 1 }) && error.is_retryable());
/// assert_eq!(error.code().as_str(), "ALLOC_POOL_EXHAUSTED");
/// # Ok::<(), PoolError>(())
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub enum PoolError {
    /// As many objects are in use as the pool may have, or others wait for one already.
    Exhausted {
        /// How many objects the pool may have.
        capacity: usize,
    },
    /// No object came back in time.
    Timeout {
        /// How many objects the pool may have.
        capacity: usize,
    },
    /// The pool was closed.
    Closed,
    /// The recipe could not make an object.
    Create(CreateError),
    /// There is no memory for another slot, or the options contradict each other.
    Memory(AllocErrorCode),
}

impl PoolError {
    /// What went wrong, with a name that stays the same across versions.
    pub fn code(&self) -> AllocErrorCode {
        match self {
            Self::Exhausted { .. } => AllocErrorCode::PoolExhausted,
            Self::Timeout { .. } => AllocErrorCode::PoolTimeout,
            Self::Closed => AllocErrorCode::PoolClosed,
            Self::Create(_) => AllocErrorCode::PoolCreate,
            Self::Memory(code) => *code,
        }
    }

    /// What to do about it.
    pub fn suggestion(&self) -> &'static str {
        self.code().suggestion()
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.code().is_retryable()
    }

    /// The same as an error of an allocator; of a failed creation, without its cause.
    #[cold]
    pub fn to_alloc_error(&self) -> AllocError {
        let error = AllocError::of_pool(self.code());
        match self {
            Self::Exhausted { capacity } | Self::Timeout { capacity } => error.with_room(*capacity, 0),
            Self::Closed | Self::Create(_) | Self::Memory(_) => error,
        }
    }
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.code().message())?;
        match self {
            Self::Exhausted { capacity } | Self::Timeout { capacity } => {
                write!(f, " ({capacity} in all)")
            }
            Self::Create(source) => write!(f, " ({source})"),
            Self::Closed | Self::Memory(_) => Ok(()),
        }
    }
}

impl core::error::Error for PoolError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        if let Self::Create(source) = self { Some(&**source) } else { None }
    }
}

impl From<PoolError> for MemoryError {
    #[cold]
    fn from(error: PoolError) -> Self {
        let story = Self::from(error.to_alloc_error());
        if let PoolError::Create(source) = error { story.because(source) } else { story }
    }
}

impl From<AllocError> for PoolError {
    #[cold]
    fn from(error: AllocError) -> Self {
        Self::Memory(error.code())
    }
}

/// The options of a pool contradict each other: an error that names none of them, as there are only two.
#[cold]
pub(super) fn invalid_options() -> PoolError {
    PoolError::Memory(AllocErrorCode::InvalidOptions)
}

// A guard of three words and this fit the same place in a `Result`.
const _: () = assert!(size_of::<PoolError>() <= size_of::<[usize; 3]>());
