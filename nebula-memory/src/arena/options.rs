use crate::allocator::Growth;

/// How an arena grows; see [`Arena::with_options`](crate::Arena::with_options).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArenaOptions {
    /// The bytes that the first chunk has room for; with 0 there is none until it is needed.
    pub initial_capacity: usize,
    /// How large the next chunk is. A request that is larger gets a chunk of its own size.
    pub growth: Growth,
    /// The most bytes that all chunks may have together, or no limit.
    pub max_capacity: Option<usize>,
}

impl ArenaOptions {
    /// Those of [`Arena::new`](crate::Arena::new): no chunk yet, doubling, no limit.
    pub const fn new() -> Self {
        Self { initial_capacity: 0, growth: Growth::Double, max_capacity: None }
    }
}

impl Default for ArenaOptions {
    fn default() -> Self {
        Self::new()
    }
}
