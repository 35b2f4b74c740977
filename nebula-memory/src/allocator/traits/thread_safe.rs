use super::Allocator;

/// An allocator that many threads may use at once.
///
/// There is nothing to implement: every [`Allocator`] that is `Send` and `Sync` is one.
///
/// ```
/// use nebula_memory::{SystemAllocator, ThreadSafeAllocator};
///
/// fn parallel<A: ThreadSafeAllocator>(_memory: &A) {}
///
/// parallel(&SystemAllocator);
/// ```
///
/// ```compile_fail
/// use nebula_memory::{Arena, ThreadSafeAllocator};
///
/// fn parallel<A: ThreadSafeAllocator>(_memory: A) {}
///
/// parallel(&Arena::new()); // one thread at a time
/// ```
pub trait ThreadSafeAllocator: Allocator + Send + Sync {}

impl<A: Allocator + Send + Sync + ?Sized> ThreadSafeAllocator for A {}
