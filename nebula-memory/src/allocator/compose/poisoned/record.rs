use core::alloc::Layout;
use core::ptr::NonNull;

use super::tools;
use crate::allocator::Allocator;
use crate::error::{AllocError, AllocatorKind};

/// The bytes of a red zone, at least.
const ZONE: usize = 32;

/// In red zones.
const GUARD: u8 = 0xFD;
/// In blocks that were just allocated: what is read before it is written stands out.
pub(super) const FRESH: u8 = 0xA5;
/// In blocks that were freed.
const FREED: u8 = 0xDF;

/// A block, and the red zones around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) block: NonNull<u8>,
    pub(super) layout: Layout,
    /// The red zone below the block begins here; may access all of `whole`.
    start: NonNull<u8>,
    whole: Layout,
}

impl Record {
    /// A block of `layout` between red zones.
    pub(super) fn allocate(inner: &impl Allocator, layout: Layout) -> Result<Self, AllocError> {
        let front = ZONE.max(layout.align());
        let overflow = || AllocError::capacity_overflow(AllocatorKind::Poisoned);
        let size = layout.size().checked_add(front + ZONE).ok_or_else(overflow)?;
        let whole = Layout::from_size_align(size, layout.align()).map_err(|_| overflow())?;
        let start = inner.allocate(whole)?.cast::<u8>();
        // SAFETY: within the memory.
        let block = unsafe { start.add(front) };
        let record = Self { block, layout, start, whole };
        for (zone, len) in record.zones() {
            // SAFETY: within the memory, which is ours.
            unsafe { zone.write_bytes(GUARD, len) };
            // SAFETY: as above.
            unsafe { tools::forbid(zone, len) };
        }
        // SAFETY: within the memory, which is ours.
        unsafe { block.write_bytes(FRESH, layout.size()) };
        Ok(record)
    }

    fn zones(&self) -> [(NonNull<u8>, usize); 2] {
        let front = self.block.addr().get() - self.start.addr().get();
        // SAFETY: the end of the block, within the memory.
        let end = unsafe { self.block.add(self.layout.size()) };
        [(self.start, front), (end, self.whole.size() - front - self.layout.size())]
    }

    /// Whether the red zones are as they were left.
    pub(super) fn check(&self) -> Result<(), AllocError> {
        let whole = self.zones().into_iter().all(|(zone, len)| is_filled(zone, len, GUARD));
        if whole { Ok(()) } else { Err(self.corrupted()) }
    }

    /// Fills a block that nobody uses any more.
    pub(super) fn fill_freed(&self) {
        // SAFETY: the block is ours again.
        unsafe { self.block.write_bytes(FREED, self.layout.size()) };
        // SAFETY: as above.
        unsafe { tools::forbid(self.block, self.layout.size()) };
    }

    /// Whether a freed block and its red zones are as they were left.
    pub(super) fn check_freed(&self) -> Result<(), AllocError> {
        self.check()?;
        if is_filled(self.block, self.layout.size(), FREED) { Ok(()) } else { Err(self.corrupted()) }
    }

    fn corrupted(&self) -> AllocError {
        AllocError::corruption(AllocatorKind::Poisoned, self.block).with_layout(self.layout)
    }

    /// Gives the memory back.
    ///
    /// # Safety
    /// Allocated from `inner`, and not used after this.
    pub(super) unsafe fn release(self, inner: &impl Allocator) {
        // SAFETY: the caller's promise.
        unsafe { tools::allow(self.start, self.whole.size()) };
        // SAFETY: as above.
        unsafe { inner.deallocate(self.start, self.whole) };
    }
}

/// Whether memory of ours holds nothing but a pattern, that we wrote.
fn is_filled(start: NonNull<u8>, len: usize, pattern: u8) -> bool {
    // SAFETY: ours.
    unsafe { tools::allow(start, len) };
    let filled = (0..len).all(|index| {
        // SAFETY: within the memory.
        let byte = unsafe { start.add(index) };
        // SAFETY: as above, and written before.
        unsafe { byte.read() == pattern }
    });
    // SAFETY: as above.
    unsafe { tools::forbid(start, len) };
    filled
}
