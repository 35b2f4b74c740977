use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;

use super::chunk::Chunks;
use super::live::{Counter, Counting, Uncounted};
use crate::allocator::bump::{CellBump, CellCursor, Span, alloc_methods, implement_allocator};
use crate::allocator::{Allocator, Independent, SystemAllocator};
use crate::error::{AllocError, AllocatorKind};

/// Part of an arena's life: what is allocated here is free again when `'a` ends. What `#[arena]` gives a
/// function.
///
/// A scope is a cursor of its own. It has no destructor, and ending it does nothing: the arena (or the outer
/// scope) goes on where it was. Kept in a local variable that nobody points to, the cursor stays in registers, and a
/// hot loop allocates without touching the arena's state in memory. Closures and collections take
/// `&ArenaScope`; inner scopes leave the values of outer ones usable.
///
/// ```
/// use nebula_memory::Arena;
///
/// let mut arena = Arena::new();
/// let mut outer = arena.scope();
/// let total = outer.alloc(0_u64);
/// for line in ["1 2 3", "4 5"] {
///     let inner = outer.scope(); // reuses the same memory each time
///     let numbers = inner.alloc_slice_from_iter(line.split(' ').map(|n| n.parse::<u64>().unwrap()));
///     *total += numbers.iter().sum::<u64>();
/// }
/// assert_eq!(*total, 15);
/// ```
pub struct ArenaScope<'a, A: Allocator = SystemAllocator, const MIN_ALIGN: usize = 1, K: Counting = Uncounted>
{
    cursor: CellCursor<MIN_ALIGN>,
    counter: K::ScopeCounter<'a>,
    chunks: &'a Chunks<A>,
    exclusive: PhantomData<&'a mut ()>,
}

/// The same under the name of what it guards: whatever was allocated since it was made is free again when it is gone.
pub type ArenaGuard<'a, A = SystemAllocator, const MIN_ALIGN: usize = 1> = ArenaScope<'a, A, MIN_ALIGN>;

/// What `#[arena]` gives a function: a scope in which every block is aligned to 8, as most values are anyway.
///
/// For the helpers of such a function. A helper that takes any scope is generic:
/// `fn helper<A: Allocator, const MIN_ALIGN: usize>(arena: &ArenaScope<'_, A, MIN_ALIGN>)`.
///
/// ```
/// # #[cfg(all(feature = "macros", feature = "std"))] {
/// use nebula_memory::{FnArena, arena};
///
/// fn upper<'a>(arena: &FnArena<'a>, word: &str) -> &'a str {
///     let word = arena.alloc_str(word);
///     word.make_ascii_uppercase();
///     word
/// }
///
/// #[arena]
/// fn initials(name: &str) -> String {
///     name.split(' ').map(|word| &upper(&arena, word)[..1]).collect()
/// }
///
/// assert_eq!(initials("ada lovelace"), "AL");
/// # }
/// ```
pub type FnArena<'a> = ArenaScope<'a, SystemAllocator, 8>;

// SAFETY: the scope borrows the arena exclusively and is the only one that uses it for `'a`. Values
// and boxes of it never touch the cursor; collections that do hold a reference to the scope, which is not `Send`.
unsafe impl<A: Allocator + Send, const MIN_ALIGN: usize, K: Counting> Send
    for ArenaScope<'_, A, MIN_ALIGN, K>
{
}

impl<'a, A: Allocator, const MIN_ALIGN: usize, K: Counting> ArenaScope<'a, A, MIN_ALIGN, K> {
    #[inline(always)]
    pub(super) fn new(chunks: &'a Chunks<A>, free: Span, counter: K::ScopeCounter<'a>) -> Self {
        Self { cursor: CellCursor::new(free), counter, chunks, exclusive: PhantomData }
    }

    /// Opens an inner scope. Values of this one stay usable meanwhile.
    ///
    /// A collection that was made with `&scope` borrows it, and cannot be used once an inner scope was opened: keep it
    /// in another arena or in one of the standard library, or reserve its slice first
    /// ([`alloc_slice_fill_with`](Self::alloc_slice_fill_with)).
    #[inline(always)]
    pub fn scope(&mut self) -> ArenaScope<'_, A, MIN_ALIGN, K> {
        ArenaScope::new(self.chunks, self.cursor.span(), K::inner(&self.counter))
    }

    alloc_methods!('a, "The value lives until the scope ends.");
}

// SAFETY: blocks are cut from chunks, which do not move and live as long as the arena. What is free when the
// scope is opened, and the chunks behind, are nobody else's for `'a`: whoever opened it is borrowed
// exclusively and goes on from there afterwards.
unsafe impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> CellBump<MIN_ALIGN>
    for ArenaScope<'_, A, MIN_ALIGN, K>
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

// SAFETY: blocks are parts of blocks of the heap that nobody else hands out.
unsafe impl<const MIN_ALIGN: usize, K: Counting> Independent
    for &ArenaScope<'_, SystemAllocator, MIN_ALIGN, K>
{
}

implement_allocator!(['a, A: Allocator, const MIN_ALIGN: usize, K: Counting] ArenaScope<'a, A, MIN_ALIGN, K>);

impl<A: Allocator, const MIN_ALIGN: usize, K: Counting> fmt::Debug for ArenaScope<'_, A, MIN_ALIGN, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArenaScope").field("arena_bytes", &self.chunks.allocated()).finish_non_exhaustive()
    }
}
