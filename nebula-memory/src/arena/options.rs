use core::alloc::Layout;

use crate::allocator::Growth;
use crate::error::{AllocError, AllocatorKind};

/// How an arena grows; see [`Arena::with_options`](crate::Arena::with_options).
///
/// Made by [`new`](Self::new) and by assigning fields, also in a `const`; or by the builder, which checks them:
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use nebula_memory::{Arena, ArenaOptions, Growth, KIB, MIB};
///
/// let options = ArenaOptions::builder()
///     .initial_capacity(4 * KIB)
///     .growth(Growth::Incremental(4 * KIB))
///     .max_capacity(MIB)
///     .build()?;
/// let arena = Arena::with_options(&options)?;
/// assert!(arena.allocated_bytes() >= 4 * KIB);
///
/// let error = ArenaOptions::builder().initial_capacity(2 * MIB).max_capacity(MIB).build().unwrap_err();
/// assert_eq!(error.code().as_str(), "ALLOC_INVALID_OPTIONS");
/// assert_eq!((error.layout().unwrap().size(), error.capacity()), (2 * MIB, Some(MIB)));
/// # }
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "macros", derive(crate::Builder))]
#[cfg_attr(feature = "macros", builder(crate = crate, check = Self::check))]
#[non_exhaustive]
pub struct ArenaOptions {
    /// The bytes that the first chunk has room for; with 0, unless set, there is none until it is needed.
    #[cfg_attr(feature = "macros", builder(default))]
    pub initial_capacity: usize,
    /// How large the next chunk is; unless set, twice as large. A request that is larger gets a chunk of its own size.
    #[cfg_attr(feature = "macros", builder(default))]
    pub growth: Growth,
    /// The most bytes that all chunks may have together, or, unless set, no limit. Chunks are multiples of 16 bytes: of a
    /// limit that is not, up to 15 bytes stay unused.
    pub max_capacity: Option<usize>,
}

impl ArenaOptions {
    /// Those of [`Arena::new`](crate::Arena::new): no chunk yet, doubling, no limit.
    pub const fn new() -> Self {
        Self { initial_capacity: 0, growth: Growth::Double, max_capacity: None }
    }

    /// Whether the options go together. An arena made with those that do not fails in the same way.
    ///
    /// # Errors
    /// * [`InvalidOptions`](crate::AllocErrorCode::InvalidOptions) if the first chunk alone would be above the limit.
    /// * [`CapacityOverflow`](crate::AllocErrorCode::CapacityOverflow) if no block of memory can be as large as the first
    ///   chunk.
    pub fn check(&self) -> Result<(), AllocError> {
        let first = Layout::array::<u8>(self.initial_capacity)
            .map_err(|_| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        match self.max_capacity {
            Some(limit) if limit < first.size() => {
                Err(AllocError::invalid_options(AllocatorKind::Arena, first).with_room(limit, limit))
            }
            _ => Ok(()),
        }
    }
}

impl Default for ArenaOptions {
    fn default() -> Self {
        Self::new()
    }
}
