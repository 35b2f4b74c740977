use core::alloc::Layout;
use core::fmt;
use core::mem::ManuallyDrop;
use std::sync::PoisonError;
use std::vec::Vec;

use super::Arena;
use crate::allocator::bump::{CellBump, CellCursor, Span, alloc_methods, implement_allocator};
use crate::allocator::{Allocator, SystemAllocator};
use crate::error::{self, AllocError, AllocatorKind};
use crate::sync::{Mutex, MutexGuard};

/// One arena for many threads, each of which has chunks of its own.
///
/// A thread asks for its part once ([`local`](Self::local), which takes a lock) and allocates there as fast as in an arena
/// of its own, because it is one. What it allocates lives as long as the shared arena is borrowed, not only
/// as long as the part: results of the threads can be kept without copying them. A part that is dropped goes back, and the
/// next thread goes on where it was.
///
/// ```
/// use nebula_memory::SharedArena;
///
/// let arena = SharedArena::new();
/// let words: Vec<&str> = std::thread::scope(|threads| {
///     let handles: Vec<_> = ["one", "two"]
///         .map(|word| {
///             let arena = &arena;
///             threads.spawn(move || &*arena.local().alloc_str(word))
///         })
///         .into();
///     handles.into_iter().map(|thread| thread.join().unwrap()).collect()
/// });
/// assert_eq!(words, ["one", "two"]);
/// ```
pub struct SharedArena<A: Allocator + Clone = SystemAllocator, const MIN_ALIGN: usize = 1> {
    store: Mutex<Store<A, MIN_ALIGN>>,
}

struct Store<A: Allocator, const MIN_ALIGN: usize> {
    /// Parts that no thread uses. Has capacity for all, so that putting one back cannot fail.
    idle: Vec<Arena<A, MIN_ALIGN>>,
    parts: usize,
    backing: A,
}

impl<A: Allocator + Clone, const MIN_ALIGN: usize> Store<A, MIN_ALIGN> {
    /// A new part, and room for it when it comes back. None is idle.
    fn another(&mut self) -> Result<Arena<A, MIN_ALIGN>, AllocError> {
        let parts = self.parts + 1;
        // None is idle: room for all of them.
        self.idle.try_reserve(parts).map_err(|_| {
            AllocError::out_of_memory(AllocatorKind::Arena, Layout::new::<Arena<A, MIN_ALIGN>>())
        })?;
        let arena = Arena::new_in(self.backing.clone());
        self.parts = parts;
        Ok(arena)
    }
}

impl SharedArena {
    /// An empty arena on the heap.
    pub fn new() -> Self {
        Self::new_in(SystemAllocator)
    }
}

impl<A: Allocator + Clone, const MIN_ALIGN: usize> SharedArena<A, MIN_ALIGN> {
    /// An empty arena over another allocator, of which every part has a clone.
    pub fn new_in(backing: A) -> Self {
        Self { store: Mutex::new(Store { idle: Vec::new(), parts: 0, backing }) }
    }

    /// A part for this thread: one that was given back, or a new one.
    ///
    /// # Panics
    /// If the heap has no room to note a new one; see [`try_local`](Self::try_local).
    #[track_caller]
    pub fn local(&self) -> ThreadArena<'_, A, MIN_ALIGN> {
        self.try_local().unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// A part for this thread: one that was given back, or a new one.
    ///
    /// # Errors
    /// If the heap has no room to note a new one.
    pub fn try_local(&self) -> Result<ThreadArena<'_, A, MIN_ALIGN>, AllocError> {
        let mut store = self.lock();
        let arena = match store.idle.pop() {
            Some(arena) => arena,
            None => store.another()?,
        };
        Ok(ThreadArena { arena: ManuallyDrop::new(arena), shared: self })
    }

    /// Frees all values and keeps all chunks. O(threads).
    pub fn reset(&mut self) {
        // Exclusive, so that all parts have been given back (or were leaked).
        self.lock().idle.iter_mut().for_each(Arena::reset);
    }

    /// The bytes of all chunks of the parts that no thread uses at the moment.
    pub fn idle_bytes(&self) -> usize {
        self.lock().idle.iter().map(Arena::allocated_bytes).sum()
    }

    fn lock(&self) -> MutexGuard<'_, Store<A, MIN_ALIGN>> {
        // What panicked under the lock was the clone of the backing, before anything was changed that matters.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for SharedArena {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Allocator + Clone, const MIN_ALIGN: usize> fmt::Debug for SharedArena<A, MIN_ALIGN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedArena").field("parts", &self.lock().parts).finish_non_exhaustive()
    }
}

/// One thread's part of a [`SharedArena`].
///
/// Goes back when dropped; what was allocated stays. One that is leaked keeps its chunks for ever.
pub struct ThreadArena<'s, A: Allocator + Clone = SystemAllocator, const MIN_ALIGN: usize = 1> {
    /// There until dropped; never reset or dropped while `'s` lasts.
    arena: ManuallyDrop<Arena<A, MIN_ALIGN>>,
    shared: &'s SharedArena<A, MIN_ALIGN>,
}

impl<'s, A: Allocator + Clone, const MIN_ALIGN: usize> ThreadArena<'s, A, MIN_ALIGN> {
    alloc_methods!('s, "The value lives until the shared arena is [`reset`](SharedArena::reset) or dropped.");
}

// SAFETY: blocks are cut from the chunks of an arena that is in this value and afterwards in the store, and is reset or
// dropped only when nobody borrows the shared arena any more. It is moved meanwhile, but its chunks are not.
unsafe impl<A: Allocator + Clone, const MIN_ALIGN: usize> CellBump<MIN_ALIGN>
    for ThreadArena<'_, A, MIN_ALIGN>
{
    const KIND: AllocatorKind = AllocatorKind::Arena;

    #[inline(always)]
    fn cursor(&self) -> &CellCursor<MIN_ALIGN> {
        CellBump::cursor(&*self.arena)
    }

    #[inline(always)]
    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError> {
        CellBump::refill(&*self.arena, used, layout)
    }

    #[inline(always)]
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span {
        CellBump::refill_or_panic(&*self.arena, used, layout)
    }
}

implement_allocator!(['s, A: Allocator + Clone, const MIN_ALIGN: usize] ThreadArena<'s, A, MIN_ALIGN>);

impl<A: Allocator + Clone, const MIN_ALIGN: usize> Drop for ThreadArena<'_, A, MIN_ALIGN> {
    fn drop(&mut self) {
        // SAFETY: taken once, here; the field is not used after this.
        let arena = unsafe { ManuallyDrop::take(&mut self.arena) };
        self.shared.lock().idle.push(arena);
    }
}

impl<A: Allocator + Clone, const MIN_ALIGN: usize> fmt::Debug for ThreadArena<'_, A, MIN_ALIGN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadArena").field("arena", &*self.arena).finish_non_exhaustive()
    }
}
