use core::alloc::Layout;
use core::ptr::NonNull;

use super::cursor::{Cursor, Span};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::dangling;

/// What every bump owner and scope can do: raw memory from a cursor, and more of it from somewhere when
/// that is used up.
///
/// # Safety
/// * Blocks that `reserve` returns are the caller's until the implementor's memory is reset or its scope ends;
///   until then the implementor does not touch them, nor moves them when it is moved.
/// * What `refill` and `refill_or_panic` return is free, has room for the layout, and a top aligned to `MIN_ALIGN`.
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
        self.cursor().set_floor(span.floor);
        let (start, fits) = span.aim::<MIN_ALIGN>(layout);
        debug_assert!(fits, "`refill` returned too little");
        start
    }

    /// Whether `block` is what was reserved last (and has a size), so that its bytes can be given back.
    #[inline(always)]
    fn is_last(&self, block: NonNull<u8>, layout: Layout) -> bool {
        block == self.cursor().span().top && layout.size() != 0
    }

    /// Gives a block back; only the last one makes room.
    ///
    /// # Safety
    /// `block` was reserved here with `layout`, and is not used after this.
    #[inline(always)]
    unsafe fn release(&self, block: NonNull<u8>, layout: Layout) {
        if self.is_last(block, layout) {
            let top = self.cursor().span().top_without::<MIN_ALIGN>(layout.size());
            self.cursor().set_top(top);
        }
    }

    /// Makes a block larger, or aligned to more: the last one by moving it down within its memory, any other
    /// by copying.
    ///
    /// # Safety
    /// `block` was reserved here with `old`, `new` is not smaller, and after success only the returned
    /// pointer is used.
    #[inline]
    unsafe fn grow_raw(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        if self.is_last(block, old) {
            let span = self.cursor().span();
            let freed = Span { top: span.top_without::<MIN_ALIGN>(old.size()), floor: span.floor };
            if let Some(start) = freed.take::<MIN_ALIGN>(new) {
                // SAFETY: both ranges lie in the memory of this span; they may overlap, which `copy` allows.
                unsafe { block.copy_to(start, old.size()) };
                self.cursor().set_top(start);
                return Ok(start);
            }
        }
        let start = self.try_reserve(new)?;
        // SAFETY: the new block does not overlap the old one, and is not smaller.
        unsafe { block.copy_to_nonoverlapping(start, old.size()) };
        Ok(start)
    }

    /// Makes a block smaller, or aligned to more.
    ///
    /// Where a block lies well already it stays, unless it is the last one and half of it or more can be won by
    /// moving it up.
    ///
    /// # Safety
    /// `block` was reserved here with `old`, `new` is not larger, and after success only the returned
    /// pointer is used.
    #[inline]
    unsafe fn shrink_raw(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        let aligned = block.addr().get() & (new.align() - 1) == 0;
        if self.is_last(block, old) && new.size() <= old.size() / 2 {
            let span = self.cursor().span();
            let freed = Span { top: span.top_without::<MIN_ALIGN>(old.size()), floor: span.floor };
            if new.size() == 0 {
                self.cursor().set_top(freed.top);
                return Ok(dangling(new));
            }
            if let Some(start) = freed.take::<MIN_ALIGN>(new) {
                // SAFETY: both ranges lie in the memory of this span; they may overlap, which `copy` allows.
                unsafe { block.copy_to(start, new.size()) };
                self.cursor().set_top(start);
                return Ok(start);
            }
        }
        if aligned {
            return Ok(block);
        }
        let start = self.try_reserve(new)?;
        // SAFETY: the new block does not overlap the old one; both hold the new size.
        unsafe { block.copy_to_nonoverlapping(start, new.size()) };
        Ok(start)
    }
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
    let mut slots: NonNull<T> = bump.try_reserve(block)?.cast();
    let mut len = 0;
    for value in values {
        if len == capacity {
            capacity = capacity.saturating_mul(2).max(4);
            let larger = Layout::array::<T>(capacity).map_err(overflow)?;
            // SAFETY: reserved here with this layout; the new one is larger.
            slots = unsafe { bump.grow_raw(slots.cast(), block, larger)? }.cast();
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
        // SAFETY: reserved here with this layout; the new one is smaller.
        slots = unsafe { bump.shrink_raw(slots.cast(), block, exact)? }.cast();
    }
    Ok((slots, len))
}
