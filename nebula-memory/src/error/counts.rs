use super::AllocErrorCode;
use crate::sync::{AtomicUsize, Ordering};

static COUNTS: [AtomicUsize; AllocErrorCode::ALL.len()] =
    [const { AtomicUsize::new(0) }; AllocErrorCode::ALL.len()];

/// One more error of this code. On cold paths only: errors are made nowhere else.
pub(super) fn count(code: AllocErrorCode) {
    COUNTS[code as usize].fetch_add(1, Ordering::Relaxed);
}

/// How many errors of each code this process has made, those included that were handled (by a fallback, by a retry).
///
/// ```
/// use nebula_memory::{AllocErrorCode, BumpAllocator, error::ErrorCounts};
///
/// let before = ErrorCounts::now();
/// assert!(BumpAllocator::new(8).try_alloc([0_u8; 9]).is_err());
/// assert!(ErrorCounts::now().since(&before).of(AllocErrorCode::OutOfMemory) >= 1);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorCounts([usize; AllocErrorCode::ALL.len()]);

impl ErrorCounts {
    /// The counts at this moment.
    pub fn now() -> Self {
        Self(core::array::from_fn(|code| COUNTS[code].load(Ordering::Relaxed)))
    }

    /// How many were made of one code.
    pub const fn of(&self, code: AllocErrorCode) -> usize {
        self.0[code as usize]
    }

    /// How many were made in all.
    pub fn total(&self) -> usize {
        self.0.iter().fold(0, |sum, count| sum.wrapping_add(*count))
    }

    /// How many were made since an earlier moment.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self(core::array::from_fn(|code| self.0[code].wrapping_sub(earlier.0[code])))
    }
}
