use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::NonNull;

use super::StackMarker;
use crate::allocator::bump::Span;
use crate::error::{AllocError, AllocatorKind};
use crate::layout::padding;

/// Stands before each block. Distances are from the start of the memory, in bytes.
#[derive(Clone, Copy)]
struct Header {
    /// How much was used before the block and its padding; with `FLAG` if the block was resized.
    before: usize,
    /// Where the block before starts, or `NONE`; with `FLAG` if this block was given back.
    previous: usize,
}

/// No block.
const NONE: usize = FLAG - 1;
/// The bit that no distance has.
const FLAG: usize = 1 << (usize::BITS - 1);

impl Header {
    /// The state before the block.
    fn below(self) -> StackMarker {
        StackMarker { used: self.before & !FLAG, last: self.previous & !FLAG }
    }

    fn is_resized(self) -> bool {
        self.before & FLAG != 0
    }

    fn is_freed(self) -> bool {
        self.previous & FLAG != 0
    }
}

/// How far a stack is used.
///
/// Invariant: `last` is `NONE` or a block whose header was written here, and so are the blocks that the headers lead to,
/// each below the one before and none below `base`'s.
#[derive(Debug)]
pub(super) struct StackCursor {
    used: Cell<usize>,
    last: Cell<usize>,
    /// What was used, and the last block, when this cursor was made: what lies below is not its business.
    base: StackMarker,
}

/// What can be said of a pointer that is not the last block's.
enum Found {
    Live,
    Freed,
    Nothing,
}

impl StackCursor {
    pub(super) const fn empty() -> Self {
        Self::at(StackMarker { used: 0, last: NONE })
    }

    pub(super) const fn at(base: StackMarker) -> Self {
        Self { used: Cell::new(base.used), last: Cell::new(base.last), base }
    }

    pub(super) fn used(&self) -> usize {
        self.used.get()
    }

    pub(super) fn marker(&self) -> StackMarker {
        StackMarker { used: self.used.get(), last: self.last.get() }
    }

    fn set(&self, marker: StackMarker) {
        self.used.set(marker.used);
        self.last.set(marker.last);
    }

    /// A block of `layout`, or `None` if it does not fit. The size is not zero.
    #[inline]
    pub(super) fn take(&self, whole: Span, layout: Layout) -> Option<NonNull<u8>> {
        let used = self.used.get();
        let align = layout.align().max(align_of::<Header>());
        // Does not overflow: part of a block of memory.
        let earliest = whole.floor.addr().get() + used;
        // Less than twice what fits `isize`, by the contract of `Layout`.
        let before =
            size_of::<Header>().checked_add(padding(earliest.checked_add(size_of::<Header>())?, align))?;
        let needed = before.checked_add(layout.size())?;
        if needed > whole.len() - used {
            return None;
        }
        let start = used + before;
        // SAFETY: within the memory.
        let block = unsafe { whole.floor.add(start) };
        // SAFETY: there is room for a header before the block.
        let header = unsafe { Self::header(whole, start) };
        // SAFETY: the block is aligned for it, and nobody else has it.
        unsafe { header.write(Header { before: used, previous: self.last.get() }) };
        self.set(StackMarker { used: start + layout.size(), last: start });
        Some(block)
    }

    /// Where the header of the block at a distance is. From the pointer to all of the memory: the block's owner may
    /// have one that is good for the block only, as that of a box is.
    ///
    /// # Safety
    /// The distance is within the memory, and above a header.
    unsafe fn header(whole: Span, start: usize) -> NonNull<Header> {
        // SAFETY: the caller's promise.
        unsafe { whole.floor.add(start - size_of::<Header>()) }.cast()
    }

    /// The header of the block at a distance.
    ///
    /// # Safety
    /// There is a block, of this memory.
    unsafe fn header_at(whole: Span, start: usize) -> Header {
        // SAFETY: the caller's promise: each block stands above its header.
        let header = unsafe { Self::header(whole, start) };
        // SAFETY: written when the block was cut, and aligned as it is.
        unsafe { header.read() }
    }

    /// Puts another header before the block at a distance.
    ///
    /// # Safety
    /// There is a block, of this memory.
    unsafe fn set_header(whole: Span, start: usize, new: Header) {
        // SAFETY: the caller's promise: each block stands above its header.
        let header = unsafe { Self::header(whole, start) };
        // SAFETY: aligned as the block is, and used here only.
        unsafe { header.write(new) };
    }

    /// Whether `block` is the last one, and this cursor's.
    pub(super) fn is_last(&self, whole: Span, block: NonNull<u8>) -> bool {
        let last = self.last.get();
        last != self.base.last && block.addr().get() == whole.floor.addr().get() + last
    }

    /// Gives the last block another size where it is, if there is room.
    ///
    /// # Safety
    /// `block` is the last one.
    pub(super) unsafe fn resize_last(&self, whole: Span, size: usize) -> bool {
        let last = self.last.get();
        let fits = size <= whole.len() - last;
        if fits {
            // SAFETY: the caller's promise.
            let header = unsafe { Self::header_at(whole, last) };
            // SAFETY: as above.
            unsafe { Self::set_header(whole, last, Header { before: header.before | FLAG, ..header }) };
            self.used.set(last + size);
        }
        fits
    }

    /// Takes the last block off, and what was marked as freed below it.
    ///
    /// # Safety
    /// There is a last block of this cursor, and nobody uses it.
    pub(super) unsafe fn pop(&self, whole: Span) {
        // SAFETY: the invariant, and the caller's promise.
        let header = unsafe { Self::header_at(whole, self.last.get()) };
        self.set(header.below());
        self.take_off_freed(whole);
    }

    /// Takes blocks off that were marked as freed, as long as the last one is.
    fn take_off_freed(&self, whole: Span) {
        while self.last.get() != self.base.last {
            // SAFETY: the invariant.
            let last = unsafe { Self::header_at(whole, self.last.get()) };
            if !last.is_freed() {
                return;
            }
            self.set(last.below());
        }
    }

    /// Marks a block as freed, to be taken off when it is the last.
    ///
    /// # Safety
    /// `block` is a live block of this memory, and nobody uses it.
    pub(super) unsafe fn mark(whole: Span, block: NonNull<u8>) {
        let start = block.addr().get() - whole.floor.addr().get();
        // SAFETY: the caller's promise.
        let header = unsafe { Self::header_at(whole, start) };
        // SAFETY: as above.
        unsafe { Self::set_header(whole, start, Header { previous: header.previous | FLAG, ..header }) };
    }

    /// Why a block cannot be given back now. O(blocks), for this is about to be reported.
    #[cold]
    #[inline(never)]
    pub(super) fn complain(&self, whole: Span, block: NonNull<u8>) -> AllocError {
        match self.find(whole, block) {
            Found::Live => AllocError::lifo_violation(AllocatorKind::Stack, block),
            Found::Freed => AllocError::double_free(AllocatorKind::Stack, block),
            Found::Nothing => AllocError::foreign_pointer(AllocatorKind::Stack, block),
        }
    }

    fn find(&self, whole: Span, block: NonNull<u8>) -> Found {
        let Some(start) = block.addr().get().checked_sub(whole.floor.addr().get()) else {
            return Found::Nothing;
        };
        if start >= whole.len() {
            return Found::Nothing;
        }
        if start >= self.used.get() {
            return Found::Freed;
        }
        let mut last = self.last.get();
        while last != NONE && last >= start {
            // SAFETY: the invariant.
            let header = unsafe { Self::header_at(whole, last) };
            if last == start {
                return if header.is_freed() { Found::Freed } else { Found::Live };
            }
            last = header.below().last;
        }
        Found::Nothing
    }

    /// Goes back to a state that this cursor was in, or an error if it is none.
    ///
    /// If the block that was the last one then was resized since, it stays as it is: it was there before.
    pub(super) fn release_to(&self, whole: Span, marker: StackMarker) -> Result<(), AllocError> {
        let mut state = self.marker();
        while state != marker {
            if state.last == self.base.last {
                let place = whole.floor.as_ptr().wrapping_add(marker.used);
                return Err(AllocError::lifo_violation(
                    AllocatorKind::Stack,
                    NonNull::new(place).unwrap_or(whole.floor),
                ));
            }
            // SAFETY: the invariant.
            let header = unsafe { Self::header_at(whole, state.last) };
            if state.last == marker.last && header.is_resized() {
                break;
            }
            state = header.below();
        }
        self.set(state);
        self.take_off_freed(whole);
        Ok(())
    }
}
