use alloc_crate::borrow::Cow;
use alloc_crate::boxed::Box;
use alloc_crate::string::ToString;
use alloc_crate::vec::Vec;
use core::fmt;

use super::{AllocError, AllocErrorCode, ErrorCategory};

/// An error with the story around it: for the upper layers of a program, where an allocation to report costs nothing
/// any more.
///
/// Made from an [`AllocError`] by `?`. One pointer wide. With the feature `backtrace` it remembers where it was made, if
/// `RUST_BACKTRACE` asks for that.
///
/// ```
/// use nebula_memory::{Arena, error::MemoryError};
///
/// fn load(arena: &Arena, length: usize) -> Result<&mut [u64], MemoryError> {
///     let places = arena.try_alloc_slice_fill(length, &0).map_err(|error| {
///         MemoryError::from(error).during("load the table").with("length", length)
///     })?;
///     Ok(places)
/// }
///
/// let error = load(&Arena::new(), usize::MAX).unwrap_err();
/// assert_eq!(error.code().as_str(), "ALLOC_CAPACITY_OVERFLOW");
/// assert!(error.to_string().contains("load the table"));
/// ```
pub struct MemoryError(Box<Story>);

/// An error of others.
type Cause = Box<dyn core::error::Error + Send + Sync>;

struct Story {
    error: AllocError,
    operation: Option<Cow<'static, str>>,
    context: Vec<(&'static str, Cow<'static, str>)>,
    cause: Option<Cause>,
    #[cfg(feature = "backtrace")]
    backtrace: std::backtrace::Backtrace,
}

impl MemoryError {
    /// Says what was being done.
    #[must_use]
    pub fn during(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.0.operation = Some(operation.into());
        self
    }

    /// Adds a fact.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "reads better at the call")]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.context.push((name, Cow::Owned(value.to_string())));
        self
    }

    /// Adds the error of others that led to this one: its [`source`](core::error::Error::source).
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn core::error::Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// What went wrong.
    pub fn code(&self) -> AllocErrorCode {
        self.0.error.code()
    }

    /// What kind of trouble it is.
    pub fn category(&self) -> ErrorCategory {
        self.code().category()
    }

    /// What to do about it.
    pub fn suggestion(&self) -> &'static str {
        self.0.error.suggestion()
    }

    /// What was being done, if that was said.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// The error of the allocator.
    pub fn alloc_error(&self) -> &AllocError {
        &self.0.error
    }

    /// Where it was made, if `RUST_BACKTRACE` asked for that.
    #[cfg(feature = "backtrace")]
    pub fn backtrace(&self) -> &std::backtrace::Backtrace {
        &self.0.backtrace
    }
}

impl From<AllocError> for MemoryError {
    #[cold]
    fn from(error: AllocError) -> Self {
        Self(Box::new(Story {
            error,
            operation: None,
            context: Vec::new(),
            cause: None,
            #[cfg(feature = "backtrace")]
            backtrace: std::backtrace::Backtrace::capture(),
        }))
    }
}

impl fmt::Display for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = &self.0.operation {
            writeln!(f, "Could not {operation}:")?;
        }
        fmt::Display::fmt(&self.0.error, f)?;
        for (index, (name, value)) in self.0.context.iter().enumerate() {
            f.write_str(if index == 0 { "\n   Context: " } else { ", " })?;
            write!(f, "{name} = {value}")?;
        }
        if let Some(cause) = &self.0.cause {
            write!(f, "\n   Cause: {cause}")?;
        }
        #[cfg(feature = "backtrace")]
        if f.alternate() && self.0.backtrace.status() == std::backtrace::BacktraceStatus::Captured {
            write!(f, "\n{}", self.0.backtrace)?;
        }
        Ok(())
    }
}

impl fmt::Debug for MemoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl core::error::Error for MemoryError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.0.cause.as_ref().map(|cause| &**cause as &(dyn core::error::Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;
    use std::string::ToString;

    use super::MemoryError;
    use crate::error::{AllocError, AllocatorKind, ErrorCategory};

    const _: () = assert!(size_of::<MemoryError>() == size_of::<usize>());

    #[test]
    fn tells_the_story() {
        let error = AllocError::out_of_memory(AllocatorKind::Arena, Layout::new::<[u8; 2048]>());
        let error = MemoryError::from(error).during("render the page").with("user", 7).with("words", "many");
        let text = error.to_string();
        assert!(text.starts_with("Could not render the page:\n❌"), "{text}");
        assert!(text.ends_with("   Context: user = 7, words = many"), "{text}");
        assert_eq!(
            (error.category(), error.operation()),
            (ErrorCategory::Allocation, Some("render the page"))
        );
    }
}
