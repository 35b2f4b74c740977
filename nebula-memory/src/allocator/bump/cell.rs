use core::alloc::Layout;
use core::cell::Cell;
#[cfg(feature = "alloc")]
use core::marker::PhantomData;
use core::ptr::NonNull;

use super::raw::RawBump;
use super::span::{MAX_MIN_ALIGN, Span, round_up};
use crate::error::{AllocError, AllocatorKind};
use crate::layout::dangling;

/// A span in cells: what an owner or a scope of one thread allocates from.
///
/// Where a `CellCursor` is a local variable that nobody points to, the compiler keeps both cells in registers.
pub struct CellCursor<const MIN_ALIGN: usize> {
    top: Cell<NonNull<u8>>,
    floor: Cell<NonNull<u8>>,
    home: Cell<NonNull<u8>>,
}

impl<const MIN_ALIGN: usize> CellCursor<MIN_ALIGN> {
    const CHECKED: () = assert!(
        MIN_ALIGN.is_power_of_two() && MIN_ALIGN <= MAX_MIN_ALIGN,
        "the minimum alignment must be 1, 2, 4, 8 or 16"
    );

    /// A cursor at the top of `span`, which must be aligned to the minimum.
    #[inline(always)]
    pub(crate) const fn new(span: Span) -> Self {
        let () = Self::CHECKED;
        Self { top: Cell::new(span.top), floor: Cell::new(span.floor), home: Cell::new(span.home) }
    }

    #[inline(always)]
    pub(crate) fn span(&self) -> Span {
        Span { top: self.top.get(), floor: self.floor.get(), home: self.home.get() }
    }

    #[inline(always)]
    pub(crate) fn set_span(&self, span: Span) {
        self.set_all_but_top(span);
        self.set_top(span.top);
    }

    /// Goes on in other memory, of which the first block is about to be committed.
    #[inline(always)]
    pub(super) fn set_all_but_top(&self, span: Span) {
        self.floor.set(span.floor);
        self.home.set(span.home);
    }

    #[inline(always)]
    pub(crate) fn set_top(&self, top: NonNull<u8>) {
        self.top.set(top);
    }

    /// Moves the top down to a block that was aimed at: the block.
    ///
    /// # Safety
    /// The block fits.
    #[inline(always)]
    pub(super) unsafe fn commit(&self, start: *mut u8) -> NonNull<u8> {
        // SAFETY: what fits lies above a floor, which is not null.
        let start = unsafe { NonNull::new_unchecked(start) };
        self.set_top(start);
        start
    }

    #[inline(always)]
    pub(super) fn set_floor(&self, floor: NonNull<u8>) {
        self.floor.set(floor);
    }

    /// Whether a block ends at the floor (and has a size), so that it can be resized where it is.
    #[inline(always)]
    fn is_last_low(&self, block: NonNull<u8>, size: usize) -> bool {
        block.addr().get() + round_up::<MIN_ALIGN>(size) == self.floor.get().addr().get() && size != 0
    }
}

/// Never `Sync`, whatever `T` is, for the same reason as a [`CellCursor`]: an owner that names it as a condition is refused
/// with one message, not with one for each of its cells.
#[cfg(feature = "alloc")]
pub(crate) struct OneThread<T> {
    _cell: Cell<NonNull<u8>>,
    _owner: PhantomData<fn() -> T>,
}

/// Whoever allocates from a [`CellCursor`], and gets more memory from somewhere when that is used up.
///
/// # Safety
/// * The memory of the cursor's span stays where it is when the implementor is moved, and nobody else uses it until the
///   implementor's memory is reset or its scope ends.
/// * What `refill` and `refill_or_panic` return is such memory too, has room for the layout at both ends, and ends aligned
///   to `MIN_ALIGN`.
pub(crate) unsafe trait CellBump<const MIN_ALIGN: usize> {
    /// What errors call it.
    const KIND: AllocatorKind;

    /// The cursor.
    fn cursor(&self) -> &CellCursor<MIN_ALIGN>;

    /// Memory in which `layout` fits, in place of `used`, whose room was not enough. The size is not zero.
    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError>;

    /// As `refill`, but panics.
    ///
    /// Apart, so that the fast path of infallible allocation has no result to look at.
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span;

    /// Told of each block.
    #[inline(always)]
    fn note(&self) {}

    /// Goes on in `span`, where there is room for `layout`, and says where that starts.
    #[inline(always)]
    fn enter(&self, span: Span, layout: Layout) -> *mut u8 {
        self.cursor().set_all_but_top(span);
        let (start, fits) = span.aim::<MIN_ALIGN>(layout);
        debug_assert!(fits, "`refill` returned too little");
        start
    }
}

// SAFETY: blocks are cut from the free span, from the top or from the floor, which only move towards each other; back
// they go over blocks that were given back, which are the last ones at their end.
unsafe impl<const MIN_ALIGN: usize, B: CellBump<MIN_ALIGN>> RawBump<MIN_ALIGN> for B {
    const KIND: AllocatorKind = B::KIND;

    /// The top is stored after both paths have joined: only then does the compiler keep it in a register from
    /// one allocation to the next. A block of no size fits always, unless it must be aligned first.
    #[inline(always)]
    #[track_caller]
    fn reserve(&self, layout: Layout) -> NonNull<u8> {
        self.note();
        let span = self.cursor().span();
        let (mut start, fits) = span.aim::<MIN_ALIGN>(layout);
        if !fits {
            if MIN_ALIGN < layout.align() && layout.size() == 0 {
                return dangling(layout);
            }
            start = self.enter(self.refill_or_panic(span, layout), layout);
        }
        // SAFETY: it fits, in the old memory or in the new.
        unsafe { self.cursor().commit(start) }
    }

    #[inline(always)]
    fn try_reserve(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        self.note();
        let span = self.cursor().span();
        let (mut start, fits) = span.aim::<MIN_ALIGN>(layout);
        if !fits {
            if MIN_ALIGN < layout.align() && layout.size() == 0 {
                return Ok(dangling(layout));
            }
            start = self.enter(self.refill(span, layout)?, layout);
        }
        // SAFETY: it fits, in the old memory or in the new.
        Ok(unsafe { self.cursor().commit(start) })
    }

    #[inline]
    unsafe fn release(&self, block: NonNull<u8>, layout: Layout) {
        let top = self.cursor().span().top;
        if block == top && layout.size() != 0 {
            // SAFETY: the end of a block, rounded up, is not above what was the top when it was cut.
            self.cursor().set_top(unsafe { top.add(round_up::<MIN_ALIGN>(layout.size())) });
        }
    }

    #[inline]
    fn reserve_low(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        if let Some(block) = self.reserve_low_at_hand(layout) {
            return Ok(block);
        }
        self.note();
        if layout.size() == 0 {
            return Ok(dangling(layout));
        }
        let span = self.refill(self.cursor().span(), layout)?;
        let Some((start, floor)) = span.take_low::<MIN_ALIGN>(layout) else {
            unreachable!("`refill` returned too little")
        };
        self.cursor().set_span(Span { floor, ..span });
        Ok(start)
    }

    #[inline(always)]
    fn reserve_low_at_hand(&self, layout: Layout) -> Option<NonNull<u8>> {
        let (start, floor) = self.cursor().span().take_low::<MIN_ALIGN>(layout)?;
        self.note();
        self.cursor().set_floor(floor);
        Some(start)
    }

    #[inline(always)]
    unsafe fn release_low(&self, block: NonNull<u8>, layout: Layout) {
        if self.cursor().is_last_low(block, layout.size()) {
            self.cursor().set_floor(self.own(block));
        }
    }

    /// It ends at the floor, and so is in the same memory.
    #[inline(always)]
    fn own(&self, block: NonNull<u8>) -> NonNull<u8> {
        self.cursor().span().floor.with_addr(block.addr())
    }

    #[inline]
    unsafe fn resize_low(&self, block: NonNull<u8>, old: usize, new: usize) -> bool {
        // Of a block in other memory this is any number, but then it is not the last.
        let room = self.cursor().span().top.addr().get().wrapping_sub(block.addr().get());
        let fits = self.cursor().is_last_low(block, old) && new <= room;
        if fits {
            // SAFETY: within the memory of this span; rounded up it is too, because the top is aligned.
            self.cursor().set_floor(unsafe { self.own(block).add(round_up::<MIN_ALIGN>(new)) });
        }
        fits
    }
}

/// The end of every `refill_or_panic`.
#[cold]
#[track_caller]
pub(crate) fn refilled(result: Result<Span, AllocError>) -> Span {
    match result {
        Ok(span) => span,
        Err(error) => crate::error::out_of_memory(error),
    }
}
