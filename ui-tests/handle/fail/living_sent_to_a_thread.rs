//! A handle goes to another thread only if its value and its allocator may.

use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;
use std::rc::Rc;
use std::thread;

use nebula_memory::{AllocError, AllocHandle, Allocator, SystemAllocator, impl_allocator};

struct Metered(Cell<usize>);

impl Metered {
    fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.0.set(self.0.get() + 1);
        SystemAllocator.allocate(layout)
    }

    unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
        unsafe { SystemAllocator.deallocate(block, layout) }
    }
}

impl_allocator!(unsafe Metered);

fn main() {
    let memory = Metered(Cell::new(0));
    thread::scope(|scope| {
        let handle = AllocHandle::new(1, &memory);
        scope.spawn(move || drop(handle));
        let handle = AllocHandle::new(Rc::new(1), SystemAllocator);
        scope.spawn(move || drop(handle));
    });
}
