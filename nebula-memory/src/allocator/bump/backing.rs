use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::span::MAX_MIN_ALIGN;
use crate::allocator::Allocator;
use crate::error::{AllocError, AllocatorKind};

mod sealed {
    pub trait Sealed {}
}

/// The memory of a [`BumpAllocator`](crate::BumpAllocator): a [`Block`] of another allocator, a
/// [`Buffer`] of yours, or bytes of its own ([`Embedded`]).
///
/// # Safety
/// The region is always the same, valid for reads and writes, used by nobody else, and stays where it is for as long as
/// the backing lives: that of an `Embedded` as long as it is not moved, that of the others even then.
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
    /// A block of `bytes` bytes.
    ///
    /// # Errors
    /// If the allocator refuses, or `bytes` is above `isize::MAX`.
    pub fn try_new(bytes: usize, allocator: A) -> Result<Self, AllocError> {
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
// SAFETY: shared access gives the address of the block and nothing else.
unsafe impl<A: Allocator + Sync> Sync for Block<A> {}

impl<A: Allocator> Drop for Block<A> {
    fn drop(&mut self) {
        // SAFETY: allocated in `try_new` with this layout, and given back once.
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
    /// All of a buffer.
    pub fn new(buffer: &'b mut [MaybeUninit<u8>]) -> Self {
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
// SAFETY: shared access gives the address of the buffer and nothing else.
unsafe impl Sync for Buffer<'_> {}

/// Bytes of its own: for an allocator that lives in a `static`.
pub struct Embedded<const BYTES: usize> {
    memory: UnsafeCell<[MaybeUninit<u8>; BYTES]>,
}

impl<const BYTES: usize> Embedded<BYTES> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self { memory: UnsafeCell::new([const { MaybeUninit::uninit() }; BYTES]) }
    }
}

impl<const BYTES: usize> fmt::Debug for Embedded<BYTES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded").field("bytes", &BYTES).finish()
    }
}

impl<const BYTES: usize> sealed::Sealed for Embedded<BYTES> {}

// SAFETY: the bytes are part of this value, and reached through this function only.
unsafe impl<const BYTES: usize> Backing for Embedded<BYTES> {
    #[inline]
    fn region(&self) -> NonNull<[u8]> {
        NonNull::slice_from_raw_parts(NonNull::from(&self.memory).cast(), BYTES)
    }
}

// SAFETY: shared access gives the address of the bytes and nothing else.
unsafe impl<const BYTES: usize> Sync for Embedded<BYTES> {}
