use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::cursor::MAX_MIN_ALIGN;
use crate::allocator::Allocator;
use crate::error::{AllocError, AllocatorKind};

mod sealed {
    pub trait Sealed {}
}

/// The memory of a [`BumpAllocator`](crate::BumpAllocator): a [`Block`] of another allocator, or a
/// [`Buffer`] of yours.
///
/// # Safety
/// The region is valid for reads and writes, is used by nobody else and stays where it is for as long as
/// the backing lives, even when that is moved.
pub unsafe trait Backing: sealed::Sealed {
    /// The memory.
    fn region(&self) -> NonNull<[u8]>;
}

/// One block of an allocator, given back on drop.
#[derive(Debug)]
pub struct Block<A: Allocator> {
    /// Allocated from `allocator` with `layout`.
    memory: NonNull<[u8]>,
    layout: Layout,
    allocator: A,
}

impl<A: Allocator> Block<A> {
    pub(super) fn new(bytes: usize, allocator: A) -> Result<Self, AllocError> {
        let layout = Layout::from_size_align(bytes, MAX_MIN_ALIGN)
            .map_err(|_| AllocError::capacity_overflow(AllocatorKind::Bump))?;
        Ok(Self { memory: allocator.allocate(layout)?, layout, allocator })
    }
}

impl<A: Allocator> sealed::Sealed for Block<A> {}

// SAFETY: a block of an allocator is its owner's until it is given back, in `drop`; moving the owner or the
// allocator does not move it.
unsafe impl<A: Allocator> Backing for Block<A> {
    fn region(&self) -> NonNull<[u8]> {
        self.memory
    }
}

// SAFETY: the block is owned; the allocator may go to another thread.
unsafe impl<A: Allocator + Send> Send for Block<A> {}

impl<A: Allocator> Drop for Block<A> {
    fn drop(&mut self) {
        // SAFETY: allocated in `new` with this layout, and given back once.
        unsafe { self.allocator.deallocate(self.memory.cast(), self.layout) };
    }
}

/// A buffer of yours: on the stack, in a `static`, or part of anything.
#[derive(Debug)]
pub struct Buffer<'b> {
    /// From a reference that is borrowed for `'b`. Kept raw: a reference that moves with this value would
    /// claim the whole buffer for itself each time.
    memory: NonNull<[u8]>,
    borrows: PhantomData<&'b mut [MaybeUninit<u8>]>,
}

impl<'b> Buffer<'b> {
    pub(super) fn new(buffer: &'b mut [MaybeUninit<u8>]) -> Self {
        let len = buffer.len();
        let memory = NonNull::slice_from_raw_parts(NonNull::from(buffer).cast::<u8>(), len);
        Self { memory, borrows: PhantomData }
    }
}

impl sealed::Sealed for Buffer<'_> {}

// SAFETY: the buffer is borrowed exclusively for `'b`, which this value does not outlive.
unsafe impl Backing for Buffer<'_> {
    fn region(&self) -> NonNull<[u8]> {
        self.memory
    }
}

// SAFETY: an exclusive borrow of bytes, which are `Send`.
unsafe impl Send for Buffer<'_> {}
