/// How much memory an allocator holds and how much of it is used, in bytes.
///
/// ```
/// use nebula_memory::{BumpAllocator, MemoryUsage};
///
/// fn is_nearly_full(memory: &impl MemoryUsage) -> bool {
///     memory.available().is_some_and(|free| free < 64)
/// }
///
/// let memory = BumpAllocator::new(100);
/// memory.alloc([0_u8; 50]);
/// assert!(is_nearly_full(&memory));
/// ```
pub trait MemoryUsage {
    /// The bytes that are handed out, padding included.
    fn used(&self) -> usize;

    /// The bytes held, used or not.
    fn capacity(&self) -> usize;

    /// The bytes that can still be handed out, or `None` if more can be had than is held now.
    fn available(&self) -> Option<usize>;
}

impl<A: MemoryUsage + ?Sized> MemoryUsage for &A {
    fn used(&self) -> usize {
        (**self).used()
    }

    fn capacity(&self) -> usize {
        (**self).capacity()
    }

    fn available(&self) -> Option<usize> {
        (**self).available()
    }
}
