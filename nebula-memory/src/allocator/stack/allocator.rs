use core::alloc::Layout;
use core::fmt;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::cursor::StackCursor;
use super::{StackFrame, StackMarker};
#[cfg(feature = "alloc")]
use crate::allocator::SystemAllocator;
use crate::allocator::bump::raw::RawBump;
use crate::allocator::bump::{Backing, Block, Buffer, Span, alloc_methods, implement_allocator, whole};
use crate::allocator::{Allocator, Checkpoint, MemoryUsage, Resettable};
#[cfg(feature = "alloc")]
use crate::error;
use crate::error::{AllocError, AllocErrorCode, AllocatorKind};

#[cfg(feature = "alloc")]
type DefaultBacking = Block<SystemAllocator>;
#[cfg(not(feature = "alloc"))]
type DefaultBacking = Buffer<'static>;

/// Allocates from one block, and takes blocks back one by one, the last one first.
///
/// What a [`BumpAllocator`](crate::BumpAllocator) frees all at once a stack frees block by block, with all of the padding.
/// An order that is violated is answered with an error ([`try_deallocate`](Self::try_deallocate)) in every build, and
/// changes nothing. Each block costs a header of two words.
///
/// * Values come from `alloc` and its kin and live until the allocator is reset or the [`frame`](Self::frame) ends.
/// * Collections take `&StackAllocator`. They may give blocks back in any order: one that is not the last is free as
///   soon as all that were allocated after it are.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, AllocErrorCode, StackAllocator};
///
/// let stack = StackAllocator::new(1024);
/// let layout = Layout::new::<[u64; 4]>();
/// let first = (&stack).allocate(layout)?.cast();
/// let second = (&stack).allocate(layout)?.cast();
///
/// // SAFETY: both were allocated above with this layout, and are not used after this.
/// unsafe {
///     let error = stack.try_deallocate(first, layout).unwrap_err();
///     assert_eq!(error.code(), AllocErrorCode::LifoViolation); // and nothing has happened
///     stack.try_deallocate(second, layout)?;
///     stack.try_deallocate(first, layout)?;
/// }
/// assert_eq!(stack.used(), 0);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct StackAllocator<B: Backing = DefaultBacking> {
    cursor: StackCursor,
    backing: B,
}

#[cfg(feature = "alloc")]
impl StackAllocator {
    /// A stack with `capacity` bytes of the heap.
    ///
    /// # Panics
    /// If the heap refuses; see [`try_new`](Self::try_new).
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
        match Self::try_new(capacity) {
            Ok(stack) => stack,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// A stack with `capacity` bytes of the heap.
    ///
    /// # Errors
    /// If the heap refuses, or `capacity` is above `isize::MAX`.
    pub fn try_new(capacity: usize) -> Result<Self, AllocError> {
        Self::try_new_in(capacity, SystemAllocator)
    }
}

impl<A: Allocator> StackAllocator<Block<A>> {
    /// A stack with `capacity` bytes of another allocator.
    ///
    /// # Errors
    /// If that one refuses, or `capacity` is above `isize::MAX`.
    pub fn try_new_in(capacity: usize, allocator: A) -> Result<Self, AllocError> {
        let backing = Block::try_new(capacity, allocator).map_err(|error| match error.code() {
            AllocErrorCode::CapacityOverflow => error.with_allocator(AllocatorKind::Stack),
            _ => error,
        })?;
        Ok(Self { cursor: StackCursor::empty(), backing })
    }
}

impl<'b> StackAllocator<Buffer<'b>> {
    /// A stack over a buffer of yours; needs no heap.
    pub fn from_buffer(buffer: &'b mut [MaybeUninit<u8>]) -> Self {
        Self { cursor: StackCursor::empty(), backing: Buffer::new(buffer) }
    }
}

impl<B: Backing> StackAllocator<B> {
    /// Opens a frame: everything allocated in it is free again when it ends.
    #[inline]
    pub fn frame(&mut self) -> StackFrame<'_, B> {
        StackFrame::new(&self.backing, self.cursor.marker())
    }

    /// A [`frame`](Self::frame), by the name that it has elsewhere: `memory_scope!` asks for that.
    #[inline]
    pub fn scope(&mut self) -> StackFrame<'_, B> {
        self.frame()
    }

    /// Frees everything. O(1).
    pub fn reset(&mut self) {
        self.cursor = StackCursor::empty();
    }

    /// Where the memory is from.
    pub fn backing(&self) -> &B {
        &self.backing
    }

    /// The size of the block in bytes.
    pub fn capacity(&self) -> usize {
        self.whole().len()
    }

    /// How many bytes are used, headers and padding included.
    pub fn used(&self) -> usize {
        self.cursor.used()
    }

    stack_methods!();
}

#[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
impl<B: Backing> StackAllocator<B> {
    alloc_methods!('_, "The value lives until the allocator is [`reset`](Self::reset) or dropped.");
}

/// What the owner and its frames share.
pub(super) trait StackCore {
    fn cursor(&self) -> &StackCursor;

    /// All of the memory, of which the cursor tells how much is used.
    fn whole(&self) -> Span;
}

impl<B: Backing> StackCore for StackAllocator<B> {
    #[inline]
    fn cursor(&self) -> &StackCursor {
        &self.cursor
    }

    #[inline]
    fn whole(&self) -> Span {
        whole::<B, 1>(&self.backing)
    }
}

#[cold]
#[inline(never)]
pub(super) fn refused(core: &impl StackCore, layout: Layout) -> AllocError {
    let capacity = core.whole().len();
    AllocError::out_of_memory(AllocatorKind::Stack, layout)
        .with_room(capacity, capacity - core.cursor().used())
}

/// The methods by which blocks are given back in order.
macro_rules! stack_methods {
    () => {
        /// How many bytes are free.
        pub fn available(&self) -> usize {
            self.whole().len() - self.cursor.used()
        }

        /// Gives the last block back, and all of its padding.
        ///
        /// # Errors
        /// If it is not the last: [`LifoViolation`](crate::AllocErrorCode::LifoViolation) if a later one lives,
        /// [`DoubleFree`](crate::AllocErrorCode::DoubleFree) if it is free,
        /// [`ForeignPointer`](crate::AllocErrorCode::ForeignPointer) if it is not from here. Nothing is changed then.
        /// A block that lies where a freed one lay is taken for that one.
        ///
        /// # Safety
        /// If `block` is a block of this allocator, nobody uses it after success.
        pub unsafe fn try_deallocate(&self, block: NonNull<u8>, layout: Layout) -> Result<(), AllocError> {
            if layout.size() == 0 {
                return Ok(());
            }
            let whole = self.whole();
            if !self.cursor.is_last(whole, block) {
                return Err(self.cursor.complain(whole, block).with_layout(layout));
            }
            // SAFETY: the last one, by the caller's promise not used any more.
            unsafe { self.cursor.pop(whole) };
            Ok(())
        }

        /// The state now, to go back to.
        pub fn marker(&self) -> super::StackMarker {
            self.cursor.marker()
        }

        /// Frees all that was allocated since `marker`. O(blocks freed). A block that was resized where it is counts
        /// as allocated when it was made.
        ///
        /// # Errors
        /// [`LifoViolation`](crate::AllocErrorCode::LifoViolation) if the marker is of a state that was left already, or
        /// of another stack. Nothing is changed then. A state that looks the same, block by block, is taken for that one;
        /// no block is ever cut.
        ///
        /// # Safety
        /// Nothing that was allocated since is used any more.
        pub unsafe fn release_to(&self, marker: super::StackMarker) -> Result<(), AllocError> {
            self.cursor.release_to(self.whole(), marker)
        }
    };
}

/// Makes a type that is [`StackCore`] a source of raw blocks.
macro_rules! implement_raw {
    ([$($generics:tt)*] $type:ty) => {
        // SAFETY: blocks are cut from memory that does not move while it is borrowed, each above the one before; the
        // cursor goes back only over blocks that were given back.
        unsafe impl<$($generics)*> RawBump<1> for $type {
            const KIND: crate::error::AllocatorKind = crate::error::AllocatorKind::Stack;

            #[inline]
            #[track_caller]
            fn reserve(&self, layout: Layout) -> NonNull<u8> {
                match self.reserve_low(layout) {
                    Ok(block) => block,
                    Err(error) => crate::error::out_of_memory(error),
                }
            }

            #[inline]
            fn try_reserve(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
                self.reserve_low(layout)
            }

            #[inline]
            unsafe fn release(&self, block: NonNull<u8>, layout: Layout) {
                // SAFETY: the caller's promise; both kinds of blocks are cut alike.
                unsafe { self.release_low(block, layout) };
            }

            #[inline]
            fn reserve_low(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
                if layout.size() == 0 {
                    return Ok(crate::layout::dangling(layout));
                }
                self.cursor.take(self.whole(), layout).ok_or_else(|| refused(self, layout))
            }

            #[inline]
            unsafe fn release_low(&self, block: NonNull<u8>, layout: Layout) {
                if layout.size() == 0 {
                    return;
                }
                if self.cursor.is_last(self.whole(), block) {
                    // SAFETY: the last one, by the caller's promise not used any more.
                    unsafe { self.cursor.pop(self.whole()) };
                } else {
                    // SAFETY: the caller's promise.
                    unsafe { StackCursor::mark(self.whole(), block) };
                }
            }

            #[inline(always)]
            fn own(&self, block: NonNull<u8>) -> NonNull<u8> {
                self.whole().floor.with_addr(block.addr())
            }

            #[inline]
            unsafe fn resize_low(&self, block: NonNull<u8>, old: usize, new: usize) -> bool {
                // To no size, the block would be taken for one that has none.
                old != 0
                    && new != 0
                    && self.cursor.is_last(self.whole(), block)
                    // SAFETY: the last one.
                    && unsafe { self.cursor.resize_last(self.whole(), new) }
            }
        }
    };
}

pub(super) use {implement_raw, stack_methods};

implement_raw!([B: Backing] StackAllocator<B>);
implement_allocator!([B: Backing] StackAllocator<B>);

impl<B: Backing> MemoryUsage for StackAllocator<B> {
    fn used(&self) -> usize {
        Self::used(self)
    }

    fn capacity(&self) -> usize {
        Self::capacity(self)
    }

    fn available(&self) -> Option<usize> {
        Some(Self::available(self))
    }
}

impl<B: Backing> Resettable for StackAllocator<B> {
    fn reset(&mut self) {
        Self::reset(self);
    }
}

impl<B: Backing> Checkpoint for StackAllocator<B> {
    type Mark = StackMarker;

    fn checkpoint(&self) -> StackMarker {
        self.marker()
    }

    unsafe fn restore(&self, mark: StackMarker) {
        // SAFETY: the caller's promise, which is more; a mark that is not good changes nothing.
        let restored = unsafe { self.release_to(mark) };
        debug_assert!(restored.is_ok(), "a mark of a state that was left already");
    }
}

impl<B: Backing> fmt::Debug for StackAllocator<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StackAllocator")
            .field("capacity", &self.capacity())
            .field("used", &self.used())
            .finish()
    }
}
