use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::NonNull;

use crate::error::{AllocError, AllocatorKind};

/// What the pool knows of one block that has been handed out before.
pub(super) struct Entry {
    pub(super) block: NonNull<u8>,
    /// The next free block's entry, or `USED`.
    pub(super) next: Cell<Option<NonNull<Entry>>>,
}

/// In `next`: the block is not free. No entry lies at this address, which is one of no memory.
pub(super) const USED: Option<NonNull<Entry>> = Some(NonNull::dangling());

/// One piece of memory: the blocks first, then their entries, then this.
pub(super) struct Slab {
    pub(super) next: Option<NonNull<Slab>>,
    blocks: NonNull<u8>,
    entries: NonNull<Entry>,
    pub(super) len: usize,
    /// How many blocks have been handed out at least once: as many entries are written.
    pub(super) fresh: Cell<usize>,
    /// What the memory was asked for with.
    pub(super) layout: Layout,
}

/// The sizes of all slabs of a pool: those of one block.
#[derive(Clone, Copy, Debug)]
pub(in crate::allocator) struct Division {
    block: Layout,
    /// The block's size is this many times two, times an odd number
    twos: u32,
    /// whose inverse this is, modulo two to the bits of a word: multiplying by it divides multiples exactly, and makes
    /// other numbers larger than any quotient (Granlund and Montgomery, *Division by invariant integers using
    /// multiplication*, 1994, section 9).
    inverse: usize,
}

impl Division {
    /// For blocks of this layout, made a multiple of its alignment. `None` if that overflows.
    pub(in crate::allocator) fn new(block: Layout) -> Option<Self> {
        let block = Layout::from_size_align(block.size().max(1), block.align()).ok()?.pad_to_align();
        let twos = block.size().trailing_zeros();
        let odd = block.size() >> twos;
        // Newton's iteration doubles the bits that are right; three are at the start.
        let mut inverse = odd;
        while odd.wrapping_mul(inverse) != 1 {
            inverse = inverse.wrapping_mul(2_usize.wrapping_sub(odd.wrapping_mul(inverse)));
        }
        Some(Self { block, twos, inverse })
    }

    pub(in crate::allocator) fn block(&self) -> Layout {
        self.block
    }

    /// Whether a block serves a request.
    pub(super) fn check(&self, layout: Layout) -> Result<(), AllocError> {
        let block = self.block;
        // Nothing is served without a block, however it is aligned.
        if layout.size() == 0 || layout.size() <= block.size() && layout.align() <= block.align() {
            return Ok(());
        }
        Err(AllocError::invalid_layout(AllocatorKind::BlockPool, layout))
    }

    /// `distance` divided by the size of a block; a number above every quotient if that is not whole.
    #[inline]
    pub(in crate::allocator) fn quotient(&self, distance: usize) -> usize {
        let rest = distance & ((1 << self.twos) - 1);
        if rest == 0 { (distance >> self.twos).wrapping_mul(self.inverse) } else { usize::MAX }
    }
}

/// The parts of a slab with `len` blocks: the whole, and where entries and slab are in it. `None` if it overflows.
pub(super) fn parts(division: &Division, len: usize) -> Option<(Layout, usize, usize)> {
    let bytes = division.block.size().checked_mul(len)?;
    let blocks = Layout::from_size_align(bytes, division.block.align()).ok()?;
    let (with_entries, entries) = blocks.extend(Layout::array::<Entry>(len).ok()?).ok()?;
    let (whole, slab) = with_entries.extend(Layout::new::<Slab>()).ok()?;
    Some((whole, entries, slab))
}

impl Slab {
    /// Makes memory a slab.
    ///
    /// # Safety
    /// `memory` was allocated with the first of `parts`, and is nobody else's.
    pub(super) unsafe fn place(
        memory: NonNull<u8>,
        (layout, entries, slab): (Layout, usize, usize),
        len: usize,
        next: Option<NonNull<Slab>>,
    ) -> NonNull<Slab> {
        // SAFETY: within the memory.
        let entries = unsafe { memory.add(entries) }.cast();
        // SAFETY: as above.
        let slab = unsafe { memory.add(slab) }.cast::<Slab>();
        let value = Slab { next, blocks: memory, entries, len, fresh: Cell::new(0), layout };
        // SAFETY: as above, and aligned.
        unsafe { slab.write(value) };
        slab
    }

    /// The memory that this slab is in.
    pub(super) fn memory(&self) -> NonNull<u8> {
        self.blocks
    }

    /// The first block that was never handed out, with an entry that says that it is now.
    pub(super) fn take_fresh(&self, division: &Division) -> Option<NonNull<u8>> {
        let index = self.fresh.get();
        if index == self.len {
            return None;
        }
        // SAFETY: a block of this slab.
        let block = unsafe { self.blocks.add(index * division.block.size()) };
        // SAFETY: an entry of this slab.
        let entry = unsafe { self.entries.add(index) };
        // SAFETY: as above; nobody has a reference to it yet.
        unsafe { entry.write(Entry { block, next: Cell::new(USED) }) };
        self.fresh.set(index + 1);
        Some(block)
    }

    /// The entry of a block, if it is one of this slab's and has been handed out before.
    #[inline]
    pub(super) fn entry_of(&self, division: &Division, block: NonNull<u8>) -> Option<NonNull<Entry>> {
        let distance = block.addr().get().wrapping_sub(self.blocks.addr().get());
        let index = division.quotient(distance);
        if index >= self.fresh.get() {
            return None;
        }
        // SAFETY: an entry of this slab, and written.
        Some(unsafe { self.entries.add(index) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn divides_like_a_division() {
        for size in (1..70_usize).chain([96, 1000, 4096, 12_345, 1 << 40, (1 << 40) + 24]) {
            let division = Division::new(Layout::from_size_align(size, 1).unwrap()).unwrap();
            for index in [0, 1, 2, 3, 1000, 65_537] {
                assert_eq!(division.quotient(index * size), index);
                for off in 1..size.min(50) {
                    assert!(
                        division.quotient(index * size + off) > isize::MAX as usize / size,
                        "{size} {index} {off}"
                    );
                }
            }
        }
    }
}
