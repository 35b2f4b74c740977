use core::alloc::Layout;
use core::fmt;

use super::chunk::Chunks;
use super::live::{ArenaCounter, ArenaMonitor, Counted, Counter, Counting, Uncounted};
use super::{ArenaOptions, ArenaScope, ArenaStats};
use crate::allocator::bump::{CellBump, CellCursor, Span, alloc_methods, implement_allocator};
use crate::allocator::{Allocator, Checkpoint, Independent, MemoryUsage, Resettable, SystemAllocator};
use crate::error::{self, AllocError, AllocatorKind};

/// Memory for many values of any kind that are freed together; grows as needed.
///
/// Allocating is moving a cursor; when a chunk is full, the next one is twice as large. Values live until the arena is
/// [`reset`](Self::reset) or dropped, those of a [`scope`](Self::scope) until it ends; both are checked by the
/// compiler. Types with a destructor are refused by [`alloc`](Self::alloc) at the build, because it would
/// never run; [`alloc_box`](Self::alloc_box) owns them. Collections that take an allocator take `&Arena`.
///
/// * `A` is where chunks come from.
/// * `MIN_ALIGN` (1, 2, 4, 8 or 16) is an alignment that every block gets: with 8, a `u64` costs an instruction
///   or two less, and short strings cost a few bytes more.
///
/// ```
/// use nebula_memory::Arena;
///
/// struct Node<'a> {
///     value: u32,
///     next: Option<&'a Node<'a>>,
/// }
///
/// let mut arena = Arena::new(); // allocates nothing yet
/// let mut list = None;
/// for value in 0..1000 {
///     list = Some(&*arena.alloc(Node { value, next: list }));
/// }
/// assert_eq!(list.unwrap().next.unwrap().value, 998);
/// arena.reset(); // `list` can't be used after this
/// ```
///
/// An arena belongs to one thread at a time: it is `Send`, not `Sync`. `&Arena` implements [`Allocator`], the
/// arena itself does not: a collection that owned it could move or reset it under its own feet.
///
/// `K` is [`Uncounted`], or [`Counted`] for an arena whose allocations other threads can see
/// ([`counted`](Arena::counted)).
pub struct Arena<A: Allocator = SystemAllocator, const MIN_ALIGN: usize = 1, K: Counting = Uncounted> {
    cursor: CellCursor<MIN_ALIGN>,
    chunks: Chunks<A>,
    counter: K::Counter,
}

// SAFETY: the cursor's memory belongs to the chunks, which are owned. Values
// and boxes borrow this value and never touch the cursor; collections that do hold a reference, which is not `Send`.
unsafe impl<A: Allocator + Send, const MIN_ALIGN: usize, K: Counting> Send for Arena<A, MIN_ALIGN, K> {}

impl Arena {
    /// An empty arena on the heap. Allocates nothing until it is used.
    pub const fn new() -> Self {
        Self::new_in(SystemAllocator)
    }

    /// An arena on the heap that grows as told.
    ///
    /// # Errors
    /// If the heap refuses the first chunk, or the options contradict each other ([`ArenaOptions::check`]).
    pub fn with_options(options: &ArenaOptions) -> Result<Self, AllocError> {
        Self::with_options_in(options, SystemAllocator)
    }

    /// An arena on the heap whose first chunk has room for `bytes`.
    ///
    /// # Panics
    /// If the heap refuses; see [`try_with_capacity`](Self::try_with_capacity).
    #[track_caller]
    pub fn with_capacity(bytes: usize) -> Self {
        Self::with_capacity_in(bytes, SystemAllocator)
    }

    /// An arena on the heap whose first chunk has room for `bytes`.
    ///
    /// # Errors
    /// If the heap refuses, or `bytes` is above `isize::MAX`.
    pub fn try_with_capacity(bytes: usize) -> Result<Self, AllocError> {
        Self::try_with_capacity_in(bytes, SystemAllocator)
    }
}

impl<A: Allocator, const MIN_ALIGN: usize> Arena<A, MIN_ALIGN> {
    /// An empty arena over another allocator, or with another minimum alignment.
    ///
    /// ```
    /// use nebula_memory::{Arena, SystemAllocator};
    ///
    /// let arena = Arena::<_, 8>::new_in(SystemAllocator);
    /// assert_eq!(core::ptr::from_mut(arena.alloc(1_u8)).addr() % 8, 0);
    /// ```
    pub const fn new_in(backing: A) -> Self {
        Self { cursor: CellCursor::new(Span::NONE), chunks: Chunks::new(backing), counter: () }
    }

    /// As [`new_in`](Self::new_in), with a first chunk that has room for `bytes`.
    ///
    /// # Panics
    /// If the backing refuses; see [`try_with_capacity_in`](Self::try_with_capacity_in).
    #[track_caller]
    pub fn with_capacity_in(bytes: usize, backing: A) -> Self {
        match Self::try_with_capacity_in(bytes, backing) {
            Ok(arena) => arena,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// As [`new_in`](Self::new_in), with a first chunk that has room for `bytes`.
    ///
    /// # Errors
    /// If the backing refuses, or `bytes` is above `isize::MAX`.
    pub fn try_with_capacity_in(bytes: usize, backing: A) -> Result<Self, AllocError> {
        Self::with_options_in(&ArenaOptions { initial_capacity: bytes, ..ArenaOptions::new() }, backing)
    }

    /// An arena over another allocator that grows as told.
    ///
    /// # Errors
    /// If the backing refuses the first chunk, or the options contradict each other ([`ArenaOptions::check`]).
    ///
    /// ```
    /// use nebula_memory::{Arena, ArenaOptions, AllocErrorCode, SystemAllocator};
    ///
    /// let mut options = ArenaOptions::new();
    /// options.max_capacity = Some(64 * 1024);
    /// let arena = Arena::<_, 8>::with_options_in(&options, SystemAllocator)?;
    /// let error = arena.try_alloc([0_u8; 65 * 1024]).unwrap_err();
    /// assert_eq!(error.code(), AllocErrorCode::BudgetExceeded);
    /// # Ok::<(), nebula_memory::AllocError>(())
    /// ```
    pub fn with_options_in(options: &ArenaOptions, backing: A) -> Result<Self, AllocError> {
        options.check()?;
        let limit = options.max_capacity.unwrap_or(usize::MAX);
        let chunks = Chunks::with_growth(backing, options.growth, limit);
        let mut arena = Self { cursor: CellCursor::new(Span::NONE), chunks, counter: () };
        if options.initial_capacity > 0 {
            arena.chunks.reserve(options.initial_capacity)?;
            arena.reset();
        }
        Ok(arena)
    }
}

impl Arena<SystemAllocator, 1, Counted> {
    /// An empty arena on the heap that counts its allocations, at the cost of one instruction each.
    ///
    /// ```
    /// use nebula_memory::Arena;
    ///
    /// let mut arena = Arena::counted();
    /// let monitor = arena.monitor(); // may go to another thread
    /// let scope = arena.scope();
    /// for number in 0..100 {
    ///     scope.alloc(number);
    /// }
    /// drop(scope);
    /// assert_eq!(monitor.allocations(), 100);
    /// ```
    pub fn counted() -> Self {
        Self::counted_in(SystemAllocator)
    }
}

impl<A: Allocator, const MIN_ALIGN: usize> Arena<A, MIN_ALIGN, Counted> {
    /// An empty arena over another allocator that counts its allocations.
    pub fn counted_in(backing: A) -> Self {
        let counter = ArenaCounter::default();
        Self { cursor: CellCursor::new(Span::NONE), chunks: Chunks::new(backing), counter }
    }

    /// What other threads may look at.
    pub fn monitor(&self) -> ArenaMonitor {
        self.counter.monitor()
    }

    /// How many allocations were made in the arena's life, those in scopes that are open not included.
    pub fn allocations(&self) -> usize {
        self.counter.allocations()
    }
}

impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> Arena<A, MIN_ALIGN, K> {
    /// Opens a scope: everything allocated in it is free again when it ends.
    ///
    /// Costs two loads to open and nothing to end; see [`ArenaScope`].
    #[inline(always)]
    pub fn scope(&mut self) -> ArenaScope<'_, A, MIN_ALIGN, K> {
        ArenaScope::new(&self.chunks, self.cursor.span(), K::scope(&self.counter))
    }

    /// Frees all values and keeps all chunks, of which the largest is used first from now on.
    ///
    /// O(1); the first time after chunks were added O(chunks).
    #[inline]
    pub fn reset(&mut self) {
        self.cursor.set_span(self.chunks.restart());
        self.counter.publish(self.chunks.allocated());
    }

    /// Frees all values and gives all chunks back. O(chunks).
    pub fn clear(&mut self) {
        self.cursor.set_span(Span::NONE);
        self.chunks.release();
        self.counter.publish(0);
    }

    /// Makes sure that the next `bytes` bytes (padding included) do not need the backing.
    ///
    /// # Errors
    /// If the backing refuses, or the limit does.
    pub fn try_reserve(&self, bytes: usize) -> Result<(), AllocError> {
        let span = self.cursor.span();
        if span.len() < bytes {
            let span = self.chunks.room_for(span, bytes);
            self.counter.publish(self.chunks.allocated());
            self.cursor.set_span(span?);
        }
        Ok(())
    }

    /// How much the arena holds and uses. O(chunks).
    ///
    /// ```
    /// use nebula_memory::Arena;
    ///
    /// let mut arena = Arena::with_capacity(1024);
    /// arena.alloc([0_u8; 100]);
    /// let stats = arena.stats();
    /// assert_eq!((stats.chunk_count, stats.current_used), (1, 100));
    /// ```
    pub fn stats(&self) -> ArenaStats {
        self.chunks.stats(self.cursor.span())
    }

    /// The allocator that chunks come from.
    pub fn backing(&self) -> &A {
        self.chunks.backing()
    }

    /// How many bytes all chunks may have.
    #[cfg(feature = "config")]
    pub(crate) fn limit(&self) -> usize {
        self.chunks.limit()
    }

    /// How large the next chunk is.
    #[cfg(feature = "config")]
    pub(crate) fn growth(&self) -> crate::Growth {
        self.chunks.growth()
    }

    /// The bytes of all chunks, used or not.
    pub fn allocated_bytes(&self) -> usize {
        self.chunks.allocated()
    }
}

#[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> Arena<A, MIN_ALIGN, K> {
    alloc_methods!('_, "The value lives until the arena is [`reset`](Self::reset) or dropped.");
}

// SAFETY: blocks are cut from chunks, which do not move and live as long as the arena; the cursor goes back only
// in `reset`, which borrows exclusively, in `release` and the resizing of the last block.
unsafe impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> CellBump<MIN_ALIGN>
    for Arena<A, MIN_ALIGN, K>
{
    const KIND: AllocatorKind = AllocatorKind::Arena;

    #[inline(always)]
    fn cursor(&self) -> &CellCursor<MIN_ALIGN> {
        &self.cursor
    }

    #[inline(always)]
    fn note(&self) {
        self.counter.note();
    }

    #[inline(always)]
    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError> {
        let span = self.chunks.after(used.home, layout);
        self.counter.publish(self.chunks.allocated());
        span
    }

    #[inline(always)]
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span {
        let span = self.chunks.after_or_panic(used.home, layout);
        self.counter.publish(self.chunks.allocated());
        span
    }
}

impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> MemoryUsage for Arena<A, MIN_ALIGN, K> {
    fn used(&self) -> usize {
        self.stats().current_used
    }

    fn capacity(&self) -> usize {
        self.allocated_bytes()
    }

    fn available(&self) -> Option<usize> {
        let limit = self.chunks.limit();
        (limit < usize::MAX).then(|| limit - self.used())
    }
}

impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> Resettable for Arena<A, MIN_ALIGN, K> {
    fn reset(&mut self) {
        Self::reset(self);
    }
}

/// A state of an [`Arena`]; see [`Checkpoint`].
#[derive(Clone, Copy, Debug)]
pub struct ArenaCheckpoint(Span);

/// Chunks that were added since are kept, and used next.
///
/// ```
/// use nebula_memory::{Arena, Checkpoint};
///
/// let arena = Arena::new();
/// arena.alloc(1_u64);
/// let mark = arena.checkpoint();
/// let before = arena.stats().current_used;
/// for number in 0..1000_u64 {
///     arena.alloc(number);
/// }
/// // SAFETY: the mark is the arena's, which was not reset; what was allocated since is not used any more.
/// unsafe { arena.restore(mark) };
/// assert_eq!(arena.stats().current_used, before);
/// ```
impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> Checkpoint for Arena<A, MIN_ALIGN, K> {
    type Mark = ArenaCheckpoint;

    fn checkpoint(&self) -> ArenaCheckpoint {
        ArenaCheckpoint(self.cursor.span())
    }

    unsafe fn restore(&self, mark: ArenaCheckpoint) {
        self.cursor.set_span(mark.0);
    }
}

// SAFETY: blocks are parts of blocks of the heap that nobody else hands out.
unsafe impl<const MIN_ALIGN: usize, K: Counting> Independent for &Arena<SystemAllocator, MIN_ALIGN, K> {}

implement_allocator!([A: Allocator, const MIN_ALIGN: usize, K: Counting] Arena<A, MIN_ALIGN, K>);

impl Default for Arena {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> fmt::Debug for Arena<A, MIN_ALIGN, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena").field("allocated_bytes", &self.allocated_bytes()).finish_non_exhaustive()
    }
}
