use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::allocator::{StackCore, refused, stack_methods};
use super::cursor::StackCursor;
use crate::allocator::bump::raw::RawBump;
use crate::allocator::bump::{Backing, Span, alloc_methods, implement_allocator};
use crate::error::AllocError;

/// A state of a [`StackAllocator`](crate::StackAllocator) or of one of its frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackMarker {
    /// The bytes in use.
    pub(super) used: usize,
    /// Where the last block starts.
    pub(super) last: usize,
}

/// Part of a [`StackAllocator`](crate::StackAllocator)'s life: what is allocated here is free again when `'a` ends.
///
/// Blocks of the frame can be given back one by one too; those from before it was opened cannot while it is open. A frame is
/// a cursor by value, as a [`BumpScope`](crate::BumpScope) is: it has no destructor, and ending it costs nothing.
///
/// ```
/// use nebula_memory::StackAllocator;
///
/// let mut stack = StackAllocator::new(1024);
/// let mut outer = stack.frame();
/// let sum = outer.alloc(0_u64);
/// for round in 0..1000 {
///     let inner = outer.frame(); // the same bytes each time
///     *sum += inner.alloc_slice_fill(8, &round)[0];
/// }
/// assert_eq!(*sum, 499_500);
/// ```
pub struct StackFrame<'a, B: Backing> {
    cursor: StackCursor,
    backing: &'a B,
    exclusive: PhantomData<&'a mut ()>,
}

// SAFETY: the frame borrows the allocator exclusively and is the only one that uses it for `'a`.
unsafe impl<B: Backing + Send> Send for StackFrame<'_, B> {}

impl<'a, B: Backing> StackFrame<'a, B> {
    pub(super) fn new(backing: &'a B, base: StackMarker) -> Self {
        Self { cursor: StackCursor::at(base), backing, exclusive: PhantomData }
    }

    /// Opens an inner frame. Values of this one stay usable meanwhile.
    #[inline]
    pub fn frame(&mut self) -> StackFrame<'_, B> {
        StackFrame::new(self.backing, self.cursor.marker())
    }

    /// An inner [`frame`](Self::frame), by the name that it has elsewhere.
    #[inline]
    pub fn scope(&mut self) -> StackFrame<'_, B> {
        self.frame()
    }

    /// Where the memory is from.
    pub fn backing(&self) -> &B {
        self.backing
    }

    stack_methods!();
    alloc_methods!('a, "The value lives until the frame ends.");
}

impl<B: Backing> StackCore for StackFrame<'_, B> {
    #[inline]
    fn cursor(&self) -> &StackCursor {
        &self.cursor
    }

    #[inline]
    fn whole(&self) -> Span {
        crate::allocator::bump::whole::<B, 1>(self.backing)
    }
}

super::allocator::implement_raw!([B: Backing] StackFrame<'_, B>);
implement_allocator!(['a, B: Backing] StackFrame<'a, B>);

impl<B: Backing> fmt::Debug for StackFrame<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StackFrame").field("available", &self.available()).finish()
    }
}
