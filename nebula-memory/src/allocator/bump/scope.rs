use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;

use super::allocator::exhausted;
use super::backing::Backing;
use super::cell::{CellBump, CellCursor, refilled};
use super::span::Span;
use super::{alloc_methods, implement_allocator};
use crate::error::{AllocError, AllocatorKind};

/// Part of a [`BumpAllocator`](crate::BumpAllocator)'s life: what is allocated here is free again when `'a` ends.
///
/// A scope is a cursor of its own. It has no destructor, and ending it does nothing: the allocator (or the outer
/// scope) goes on where it was. Kept in a local variable that nobody points to, the cursor stays in registers.
/// The borrow checker sees to the rest: no value outlives its scope, and outer values stay usable in an inner
/// one.
///
/// ```
/// use nebula_memory::BumpAllocator;
///
/// let mut memory = BumpAllocator::new(1024);
/// let mut outer = memory.scope();
/// let kept = outer.alloc(1_u32);
/// for round in 0..1000 {
///     let inner = outer.scope(); // reuses the same bytes each time
///     *kept += inner.alloc_slice_fill_with(64, |_| round)[0];
/// }
/// assert_eq!(*kept, 499_501);
/// ```
pub struct BumpScope<'a, B: Backing, const MIN_ALIGN: usize = 1> {
    cursor: CellCursor<MIN_ALIGN>,
    /// Asked for its capacity when there is no room.
    backing: &'a B,
    exclusive: PhantomData<&'a mut ()>,
}

// SAFETY: the scope borrows the allocator exclusively and is the only one that uses it for `'a`. Values
// and boxes of it never touch the cursor; collections that do hold a reference to the scope, which is not `Send`.
unsafe impl<B: Backing + Send, const MIN_ALIGN: usize> Send for BumpScope<'_, B, MIN_ALIGN> {}

impl<'a, B: Backing, const MIN_ALIGN: usize> BumpScope<'a, B, MIN_ALIGN> {
    #[inline(always)]
    pub(super) fn new(backing: &'a B, free: Span) -> Self {
        Self { cursor: CellCursor::new(free), backing, exclusive: PhantomData }
    }

    /// Opens an inner scope. Values of this one stay usable meanwhile.
    #[inline(always)]
    pub fn scope(&mut self) -> BumpScope<'_, B, MIN_ALIGN> {
        BumpScope::new(self.backing, self.cursor.span())
    }

    /// Where the memory is from.
    pub fn backing(&self) -> &B {
        self.backing
    }

    /// How many bytes are free.
    pub fn available(&self) -> usize {
        self.cursor.span().len()
    }

    alloc_methods!('a, "The value lives until the scope ends.");
}

// SAFETY: blocks are cut from what was free when the scope was opened; whoever opened it is borrowed exclusively
// for `'a` and goes on from there afterwards.
unsafe impl<B: Backing, const MIN_ALIGN: usize> CellBump<MIN_ALIGN> for BumpScope<'_, B, MIN_ALIGN> {
    const KIND: AllocatorKind = AllocatorKind::Bump;

    #[inline(always)]
    fn cursor(&self) -> &CellCursor<MIN_ALIGN> {
        &self.cursor
    }

    #[inline(always)]
    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError> {
        Err(exhausted::<B, MIN_ALIGN>(self.backing, used.len(), layout))
    }

    #[inline(always)]
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span {
        refilled(Err(exhausted::<B, MIN_ALIGN>(self.backing, used.len(), layout)))
    }
}

implement_allocator!(['a, B: Backing, const MIN_ALIGN: usize] BumpScope<'a, B, MIN_ALIGN>);

impl<B: Backing, const MIN_ALIGN: usize> fmt::Debug for BumpScope<'_, B, MIN_ALIGN> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BumpScope").field("available", &self.available()).finish()
    }
}
