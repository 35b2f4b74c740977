//! A backing allocator that counts, and refuses when told to.

use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;

use nebula_memory::{AllocError, Allocator, AllocatorKind, SystemAllocator};

/// The heap, with every block counted, and refused once a limit is reached.
#[derive(Default)]
pub(crate) struct Counting {
    pub(crate) live: Cell<usize>,
    pub(crate) live_bytes: Cell<usize>,
    pub(crate) total: Cell<usize>,
    /// How many more allocations succeed.
    pub(crate) left: Cell<Option<usize>>,
    /// How large a block may be.
    pub(crate) most: Cell<Option<usize>>,
    /// The one request that is refused, counted from now.
    pub(crate) refuses: Cell<Option<usize>>,
    /// How many were refused.
    pub(crate) refused: Cell<usize>,
}

impl Counting {
    /// Whether this request is one of those that are to be refused.
    fn is_refused(&self, layout: Layout) -> bool {
        if self.most.get().is_some_and(|most| layout.size() > most) {
            return true;
        }
        if let Some(before) = self.refuses.get() {
            self.refuses.set(before.checked_sub(1));
            if before == 0 {
                return true;
            }
        }
        match self.left.get().map(|left| left.checked_sub(1)) {
            Some(None) => true,
            Some(left) => {
                self.left.set(left);
                false
            }
            None => false,
        }
    }
}

// SAFETY: passes everything on to the heap.
unsafe impl Allocator for Counting {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if self.is_refused(layout) {
            self.refused.set(self.refused.get() + 1);
            return Err(AllocError::out_of_memory(AllocatorKind::Custom, layout));
        }
        let block = SystemAllocator.allocate(layout)?;
        self.live.set(self.live.get() + 1);
        self.live_bytes.set(self.live_bytes.get() + layout.size());
        self.total.set(self.total.get() + 1);
        Ok(block)
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        self.live.set(self.live.get() - 1);
        self.live_bytes.set(self.live_bytes.get() - layout.size());
        // SAFETY: the caller's promise.
        unsafe { SystemAllocator.deallocate(block, layout) };
    }
}
