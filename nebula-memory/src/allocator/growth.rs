/// How large the next piece of memory is that an allocator takes from its backing: in bytes for arenas, in blocks for pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Growth {
    /// As large as the first.
    Fixed,
    /// Twice as large as the last one, up to 4 Mi: few pieces, and at most half of the memory is unused.
    #[default]
    Double,
    /// This much larger than the last one.
    Incremental(usize),
}
