//! The heap of the program, and another one as a contender: mimalloc, without making it the allocator of the program.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::NonNull;

use allocator_api2::alloc::{AllocError, Allocator};
use mimalloc::MiMalloc;

/// mimalloc for `allocator_api2` collections.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mi;

// SAFETY: passed on to a heap that has no state of its own here, so that copies are one allocator.
unsafe impl Allocator for Mi {
    #[inline(always)]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            let nowhere = core::ptr::without_provenance_mut(layout.align());
            let nowhere = NonNull::new(nowhere).ok_or(AllocError)?;
            return Ok(NonNull::slice_from_raw_parts(nowhere, 0));
        }
        // SAFETY: the size is not zero.
        let block = unsafe { MiMalloc.alloc(layout) };
        let block = NonNull::new(block).ok_or(AllocError)?;
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    #[inline(always)]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if layout.size() != 0 {
            // SAFETY: the caller's promise; blocks with a size are the heap's.
            unsafe { MiMalloc.dealloc(block.as_ptr(), layout) };
        }
    }

    #[inline(always)]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if old.size() == 0 || old.align() != new.align() {
            let moved = self.allocate(new)?;
            // SAFETY: the new block is not smaller, and another one.
            unsafe { block.copy_to_nonoverlapping(moved.cast(), old.size()) };
            // SAFETY: the caller's promise.
            unsafe { self.deallocate(block, old) };
            return Ok(moved);
        }
        // SAFETY: the caller's promise; neither size is zero.
        let block = unsafe { MiMalloc.realloc(block.as_ptr(), old, new.size()) };
        let block = NonNull::new(block).ok_or(AllocError)?;
        Ok(NonNull::slice_from_raw_parts(block, new.size()))
    }
}

/// Makes the C library keep memory that was freed, up to what the rows need, and use it again.
///
/// By itself it learns from what is freed how much to keep, so that whether an arena that is made, filled and dropped pays
/// for pages of the system depended on who was there before.
///
/// # Panics
/// If the C library does not know how.
pub fn keep() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for (option, value) in [(libc::M_MMAP_THRESHOLD, 32 << 20), (libc::M_TRIM_THRESHOLD, 1 << 30)] {
        // SAFETY: sets a number; before other threads are started.
        let accepted = unsafe { libc::mallopt(option, value) };
        assert_eq!(accepted, 1, "a number that the C library accepts");
    }
}
