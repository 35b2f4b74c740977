use core::alloc::Layout;
use core::ptr::NonNull;

use super::cursor::{Cursor, Span, round_up};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::dangling;

/// What every bump owner and scope can do: raw memory from a cursor, and more of it from somewhere when
/// that is used up.
///
/// From the top come blocks that stay as they are (`reserve`), from the floor those that may be resized or given back
/// (`reserve_low`, `release_low`, …). Only the second kind is ever passed back.
///
/// # Safety
/// * Blocks that `reserve` returns are the caller's until the implementor's memory is reset or its scope ends;
///   until then the implementor does not touch them, nor moves them when it is moved.
/// * What `refill` and `refill_or_panic` return is free, has room for the layout at both ends, and ends aligned to
///   `MIN_ALIGN`.
pub(crate) unsafe trait RawBump<const MIN_ALIGN: usize> {
    /// What errors call it.
    const KIND: AllocatorKind;

    /// The cursor.
    fn cursor(&self) -> &Cursor<MIN_ALIGN>;

    /// Memory in which `layout` fits, in place of `used`, whose room was not enough. The size is not zero.
    fn refill(&self, used: Span, layout: Layout) -> Result<Span, AllocError>;

    /// As `refill`, but panics.
    ///
    /// Apart, so that the fast path of infallible allocation has no result to look at.
    #[track_caller]
    fn refill_or_panic(&self, used: Span, layout: Layout) -> Span;

    /// A block of `layout`, uninitialised.
    ///
    /// The top is stored after both paths have joined: only then does the compiler keep it in a register from
    /// one allocation to the next. A block of no size fits always, unless it must be aligned first.
    #[inline(always)]
    #[track_caller]
    fn reserve(&self, layout: Layout) -> NonNull<u8> {
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

    /// A block of `layout`, uninitialised, or the reason why not.
    #[inline(always)]
    fn try_reserve(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
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

    /// Goes on in `span`, where there is room for `layout`, and says where that starts.
    #[inline(always)]
    fn enter(&self, span: Span, layout: Layout) -> *mut u8 {
        self.cursor().set_all_but_top(span);
        let (start, fits) = span.aim::<MIN_ALIGN>(layout);
        debug_assert!(fits, "`refill` returned too little");
        start
    }

    /// A block of `layout` that may be resized, uninitialised, or the reason why not.
    #[inline]
    fn reserve_low(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        if let Some((start, floor)) = self.cursor().span().take_low::<MIN_ALIGN>(layout) {
            self.cursor().set_floor(floor);
            return Ok(start);
        }
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

    /// Whether `block` ends at the floor (and has a size), so that it can be resized where it is.
    #[inline(always)]
    fn is_last(&self, block: NonNull<u8>, layout: Layout) -> bool {
        let end = block.addr().get() + round_up::<MIN_ALIGN>(layout.size());
        end == self.cursor().span().floor.addr().get() && layout.size() != 0
    }

    /// Gives the last block a new end.
    ///
    /// # Safety
    /// `block` is the last one, and `size` more bytes than it has are free above it, if it is larger.
    #[inline(always)]
    unsafe fn end_last_at(&self, block: NonNull<u8>, size: usize) {
        // SAFETY: within the memory of this span, by the caller's promise; rounded up it is too, because the top is
        // aligned.
        self.cursor().set_floor(unsafe { block.add(round_up::<MIN_ALIGN>(size)) });
    }

    /// Gives a block back; only the last one makes room.
    ///
    /// # Safety
    /// `block` is from `reserve_low` of this memory with `layout`, and is not used after this.
    #[inline(always)]
    unsafe fn release_low(&self, block: NonNull<u8>, layout: Layout) {
        if self.is_last(block, layout) {
            self.cursor().set_floor(block);
        }
    }

    /// Makes a block larger, or aligned to more: the last one where it is, if it can be; any other by copying.
    ///
    /// # Safety
    /// `block` is from `reserve_low` of this memory with `old`, `new` is not smaller, and after success only the returned
    /// pointer is used.
    #[inline]
    unsafe fn grow_low(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        let room = self.cursor().span().top.addr().get().wrapping_sub(block.addr().get());
        if self.is_last(block, old) && is_aligned(block, new) && new.size() <= room {
            // SAFETY: the last one; there is that much room.
            unsafe { self.end_last_at(block, new.size()) };
            return Ok(block);
        }
        let start = self.reserve_low(new)?;
        // SAFETY: the new block does not overlap the old one, and is not smaller.
        unsafe { block.copy_to_nonoverlapping(start, old.size()) };
        Ok(start)
    }

    /// Makes a block smaller, or aligned to more. What is won is free again if the block is the last one.
    ///
    /// # Safety
    /// `block` is from `reserve_low` of this memory with `old`, `new` is not larger, and after success only the returned
    /// pointer is used.
    #[inline]
    unsafe fn shrink_low(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        if is_aligned(block, new) {
            if self.is_last(block, old) {
                // SAFETY: the last one, and not made larger.
                unsafe { self.end_last_at(block, new.size()) };
            }
            return Ok(block);
        }
        let start = self.reserve_low(new)?;
        // SAFETY: the new block does not overlap the old one; both hold the new size.
        unsafe { block.copy_to_nonoverlapping(start, new.size()) };
        Ok(start)
    }
}

#[inline(always)]
fn is_aligned(block: NonNull<u8>, layout: Layout) -> bool {
    block.addr().get() & (layout.align() - 1) == 0
}

/// The end of every `refill_or_panic`.
#[cold]
#[track_caller]
pub(crate) fn refilled(result: Result<Span, AllocError>) -> Span {
    match result {
        Ok(span) => span,
        Err(error) => error::out_of_memory(error),
    }
}

/// Room for `len` values of `T`.
#[inline(always)]
#[track_caller]
pub(crate) fn reserve_slice<T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    len: usize,
) -> NonNull<T> {
    match Layout::array::<T>(len) {
        Ok(layout) => bump.reserve(layout).cast(),
        Err(_) => error::out_of_memory(AllocError::capacity_overflow(B::KIND)),
    }
}

/// Room for `len` values of `T`, or the reason why not.
#[inline(always)]
pub(crate) fn try_reserve_slice<T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    len: usize,
) -> Result<NonNull<T>, AllocError> {
    match Layout::array::<T>(len) {
        Ok(layout) => bump.try_reserve(layout).map(NonNull::cast),
        Err(_) => Err(AllocError::capacity_overflow(B::KIND)),
    }
}

/// Writes what an iterator yields, one after the other, to a block that grows when it is full.
///
/// The iterator may allocate from the same memory: it runs only while the block is reserved. Values are not dropped if it panics;
/// callers refuse types that would need it.
#[inline]
pub(crate) fn collect<T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    values: impl Iterator<Item = T>,
) -> Result<(NonNull<T>, usize), AllocError> {
    let overflow = |_| AllocError::capacity_overflow(B::KIND);
    // Asked for once: the next answer may be another.
    let mut capacity = values.size_hint().0;
    let mut block = Layout::array::<T>(capacity).map_err(overflow)?;
    let mut slots: NonNull<T> = bump.reserve_low(block)?.cast();
    let mut len = 0;
    for value in values {
        if len == capacity {
            capacity = capacity.saturating_mul(2).max(4);
            let larger = Layout::array::<T>(capacity).map_err(overflow)?;
            // SAFETY: from here with this layout; the new one is larger.
            slots = unsafe { bump.grow_low(slots.cast(), block, larger)? }.cast();
            block = larger;
        }
        // SAFETY: `len` is below the capacity of the block.
        let slot = unsafe { slots.add(len) };
        // SAFETY: as above; the block is aligned for `T`.
        unsafe { slot.write(value) };
        len += 1;
    }
    if len < capacity {
        let exact = Layout::array::<T>(len).map_err(overflow)?;
        // SAFETY: from here with this layout; the new one is smaller.
        slots = unsafe { bump.shrink_low(slots.cast(), block, exact)? }.cast();
    }
    Ok((slots, len))
}
