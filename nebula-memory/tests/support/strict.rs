//! A backing allocator that gives more than asked for, and looks closely at what comes back.

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;

use nebula_memory::allocator::Owns;
use nebula_memory::{AllocError, Allocator, AllocatorKind, SystemAllocator};

/// The heap in portions: gives more than asked for, and fails the test if a block comes back that is not its own, or with
/// a layout that it cannot have.
#[derive(Default)]
pub(crate) struct Strict {
    /// By address: what was asked for and what was given.
    live: RefCell<HashMap<usize, (Layout, usize)>>,
    /// How many more requests succeed.
    pub(crate) left: Cell<Option<usize>>,
}

pub(crate) const PORTION: usize = 48;

impl Strict {
    pub(crate) fn bytes(&self) -> usize {
        self.live.borrow().values().map(|(asked, _)| asked.size()).sum()
    }

    pub(crate) fn given(layout: Layout) -> usize {
        layout.size().next_multiple_of(PORTION)
    }

    fn may(&self, layout: Layout) -> Result<(), AllocError> {
        let Some(left) = self.left.get() else { return Ok(()) };
        let left = left.checked_sub(1).ok_or(AllocError::out_of_memory(AllocatorKind::Custom, layout))?;
        self.left.set(Some(left));
        Ok(())
    }

    /// What was given for a block, if `layout` may be its.
    fn check(&self, block: NonNull<u8>, layout: Layout) -> usize {
        let (asked, given) = self.live.borrow()[&block.addr().get()];
        assert_eq!(asked.align(), layout.align());
        assert!((asked.size()..=given).contains(&layout.size()), "{asked:?} {given} {layout:?}");
        given
    }
}

// SAFETY: the blocks are the heap's; what may be used of them is what was asked of the heap.
unsafe impl Allocator for Strict {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return SystemAllocator.allocate(layout);
        }
        self.may(layout)?;
        let given = Self::given(layout);
        let block = SystemAllocator.allocate(Layout::from_size_align(given, layout.align()).unwrap())?;
        self.live.borrow_mut().insert(block.addr().get(), (layout, given));
        Ok(block)
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        if layout.size() == 0 {
            return;
        }
        let given = self.check(block, layout);
        self.live.borrow_mut().remove(&block.addr().get());
        let whole = Layout::from_size_align(given, layout.align()).unwrap();
        // SAFETY: allocated with this layout.
        unsafe { SystemAllocator.deallocate(block, whole) };
    }

    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if old.size() != 0 && old.align() == new.align() {
            self.may(new)?;
            let given = self.check(block, old);
            if new.size() <= given {
                self.live.borrow_mut().insert(block.addr().get(), (new, given));
                return Ok(NonNull::slice_from_raw_parts(block, given));
            }
        }
        let moved = self.allocate(new)?;
        // SAFETY: two blocks, both of at least the old size.
        unsafe { block.copy_to_nonoverlapping(moved.cast(), old.size()) };
        // SAFETY: the caller's promise.
        unsafe { self.deallocate(block, old) };
        Ok(moved)
    }
}

// SAFETY: knows all its blocks.
unsafe impl Owns for Strict {
    fn owns(&self, block: NonNull<u8>, _: Layout) -> bool {
        self.live.borrow().contains_key(&block.addr().get())
    }
}
