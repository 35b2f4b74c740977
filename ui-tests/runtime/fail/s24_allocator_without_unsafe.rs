//! Whoever implements an allocator promises what everybody who uses it relies on.

use std::alloc::Layout;
use std::ptr::NonNull;

use nebula_memory::{AllocError, Allocator};

struct Wrong;

impl Allocator for Wrong {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        Ok(NonNull::slice_from_raw_parts(NonNull::dangling(), layout.size()))
    }

    unsafe fn deallocate(&self, _: NonNull<u8>, _: Layout) {}
}

fn main() {}
