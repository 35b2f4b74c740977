//! The two methods have names and signatures.

use std::alloc::Layout;
use std::ptr::NonNull;

use nebula_memory::{AllocError, impl_allocator};

struct Nothing;
struct Unsafe;
struct Pointers;

impl Unsafe {
    unsafe fn allocate_impl(&self, _: Layout) -> Result<NonNull<[u8]>, AllocError> {
        unimplemented!()
    }

    unsafe fn deallocate_impl(&self, _: NonNull<u8>, _: Layout) {}
}

impl Pointers {
    fn allocate_impl(&self, _: Layout) -> *mut u8 {
        unimplemented!()
    }

    unsafe fn deallocate_impl(&self, _: NonNull<u8>, _: Layout) {}
}

impl_allocator!(unsafe Nothing);
impl_allocator!(unsafe Unsafe);
impl_allocator!(unsafe Pointers);

fn main() {}
