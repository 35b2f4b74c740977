use super::AllocError;
use crate::sync::Backoff;

/// Tries again while that may help ([`AllocError::is_retryable`]), up to `attempts` times in all, waiting a little longer
/// each time.
///
/// Between two attempts is the moment to free something: the closure is told how many failed before.
///
/// # Errors
/// That of the last attempt.
///
/// ```
/// use nebula_memory::{BumpAllocator, error::retry};
///
/// let mut memory = BumpAllocator::new(64);
/// memory.alloc([0_u8; 60]);
/// let length = retry(2, |failed| {
///     if failed > 0 {
///         memory.reset(); // what was cached there can be computed again
///     }
///     Ok(memory.try_alloc_str("twenty characters ..")?.len())
/// })?;
/// assert_eq!(length, 20);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub fn retry<T>(
    attempts: usize,
    mut attempt: impl FnMut(usize) -> Result<T, AllocError>,
) -> Result<T, AllocError> {
    let mut backoff = Backoff::new();
    let mut failed = 0;
    loop {
        match attempt(failed) {
            Err(error) if failed + 1 < attempts && error.is_retryable() => failed += 1,
            outcome => return outcome,
        }
        backoff.wait();
    }
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;

    use super::retry;
    use crate::error::{AllocError, AllocErrorCode, AllocatorKind};

    #[test]
    fn stops_when_it_works_or_cannot() {
        let full = || AllocError::out_of_memory(AllocatorKind::Custom, Layout::new::<u8>());
        assert_eq!(retry(5, |failed| if failed < 3 { Err(full()) } else { Ok(failed) }).ok(), Some(3));
        let mut calls = 0;
        let outcome: Result<(), _> = retry(4, |_| {
            calls += 1;
            Err(full())
        });
        assert_eq!((outcome.unwrap_err().code(), calls), (AllocErrorCode::OutOfMemory, 4));
        let mut calls = 0;
        let outcome: Result<(), _> = retry(4, |_| {
            calls += 1;
            Err(AllocError::capacity_overflow(AllocatorKind::Custom))
        });
        assert!(outcome.is_err() && calls == 1);
    }
}
