/// An allocator that frees everything at once.
///
/// Exclusive access is what makes it safe: nothing that borrows from the allocator can be alive.
pub trait Resettable {
    /// Frees everything and keeps the memory.
    fn reset(&mut self);
}

/// An allocator that can go back to an earlier state: raw marks, for structures whose life is no block of code.
///
/// Where it is one, a scope ([`Arena::scope`](crate::Arena::scope)) does the same, checked by the compiler.
pub trait Checkpoint {
    /// A state of the allocator.
    type Mark: Copy;

    /// The state now.
    fn checkpoint(&self) -> Self::Mark;

    /// Frees everything that was allocated since `mark`.
    ///
    /// # Safety
    /// * `mark` is from this allocator, which since then was not reset, nor restored to an earlier mark.
    /// * Nothing that was allocated since is used any more, not even to give it back. A block that was resized since counts
    ///   as allocated since, also if it stayed where it was.
    unsafe fn restore(&self, mark: Self::Mark);
}
