/// How much memory an arena holds and uses, in bytes, at one moment.
///
/// Taken by walking along the chunks; allocating costs nothing for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArenaStats {
    /// The bytes of all chunks.
    pub total_allocated: usize,
    /// The bytes handed out, with padding, and with what was left at the ends of chunks that were too full.
    pub current_used: usize,
    /// How many chunks there are.
    pub chunk_count: usize,
    /// The bytes of the largest chunk.
    pub largest_chunk: usize,
}
