use core::alloc::Layout;
use core::fmt;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::dangling;

/// What every bump owner and scope can do with raw memory, for one thread or for many.
///
/// From `reserve` come blocks that stay as they are, from `reserve_low` those that may be resized or given back in any
/// order.
///
/// # Safety
/// Blocks are as large and as aligned as asked, and the caller's until the implementor's memory is reset or its scope ends;
/// until then the implementor does not touch them, nor moves them when it is moved.
pub(crate) unsafe trait RawBump<const MIN_ALIGN: usize> {
    /// What errors call it.
    const KIND: AllocatorKind;

    /// A block of `layout`, uninitialised.
    #[track_caller]
    fn reserve(&self, layout: Layout) -> NonNull<u8>;

    /// A block of `layout`, uninitialised, or the reason why not.
    fn try_reserve(&self, layout: Layout) -> Result<NonNull<u8>, AllocError>;

    /// Gives a block back that could not be filled; only the last one makes room.
    ///
    /// # Safety
    /// `block` is from `reserve` or `try_reserve` of this memory with `layout`, and is not used after this.
    unsafe fn release(&self, block: NonNull<u8>, layout: Layout);

    /// A block of `layout` that may be resized, uninitialised, or the reason why not.
    fn reserve_low(&self, layout: Layout) -> Result<NonNull<u8>, AllocError>;

    /// The same where it takes a few instructions; `None` says to ask `reserve_low`.
    #[inline(always)]
    fn reserve_low_at_hand(&self, _layout: Layout) -> Option<NonNull<u8>> {
        None
    }

    /// Gives a block back; only the last one makes room.
    ///
    /// # Safety
    /// `block` is from `reserve_low` of this memory with `layout`, and is not used after this.
    unsafe fn release_low(&self, block: NonNull<u8>, layout: Layout);

    /// A block by the memory's own pointer. That of the caller may be one to a value and to nothing beside it, as a box's
    /// is: from that, no memory but the block's may be reached. Only for a block of the memory that is allocated from now.
    fn own(&self, block: NonNull<u8>) -> NonNull<u8>;

    /// Makes the last block larger or smaller where it is. Not if it is not the last, or if there is not enough room.
    ///
    /// # Safety
    /// `block` is from `reserve_low` of this memory and has `old` bytes.
    unsafe fn resize_low(&self, block: NonNull<u8>, old: usize, new: usize) -> bool;

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
        // SAFETY: the caller's promise.
        if is_aligned(block, new) && unsafe { self.resize_low(block, old.size(), new.size()) } {
            return Ok(self.own(block));
        }
        // SAFETY: the caller's promise.
        unsafe { self.move_low(block, old, new) }
    }

    /// The part of `grow_low` that copies. Apart, so that it takes no registers from the loop that grows.
    ///
    /// # Safety
    /// As for `grow_low`.
    #[cold]
    #[inline(never)]
    unsafe fn move_low(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError> {
        let start = self.reserve_low(new)?;
        // SAFETY: the new block does not overlap the old one, and is not smaller.
        unsafe { block.copy_to_nonoverlapping(start, old.size()) };
        // SAFETY: the caller's promise; the old block is not used any more. Where it is not the last it may still be marked.
        unsafe { self.release_low(block, old) };
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
        if new.size() == 0 {
            // SAFETY: the caller's promise. What is left of the block is nothing, which is never given back.
            unsafe { self.release_low(block, old) };
            return Ok(dangling(new));
        }
        if is_aligned(block, new) {
            // SAFETY: the caller's promise. If it is not the last one it stays as large as it is.
            unsafe { self.resize_low(block, old.size(), new.size()) };
            return Ok(block);
        }
        let start = self.reserve_low(new)?;
        // SAFETY: the new block does not overlap the old one; both hold the new size.
        unsafe { block.copy_to_nonoverlapping(start, new.size()) };
        // SAFETY: as in `grow_low`.
        unsafe { self.release_low(block, old) };
        Ok(start)
    }
}

#[inline(always)]
fn is_aligned(block: NonNull<u8>, layout: Layout) -> bool {
    block.addr().get() & (layout.align() - 1) == 0
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

/// Makes a value in a block, or gives the block back.
///
/// # Safety
/// `slot` is from `reserve` or `try_reserve` of this memory with the layout of a `T`, and nobody else's for `'a`.
#[inline(always)]
pub(crate) unsafe fn fill_or_release<'a, T: 'a, E, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    slot: NonNull<T>,
    make: impl FnOnce() -> Result<T, E>,
) -> Result<&'a mut T, E> {
    match make() {
        // SAFETY: the caller's promise.
        Ok(value) => Ok(unsafe { super::fill::value(slot, || value) }),
        Err(error) => {
            // SAFETY: the caller's promise; nothing was written.
            unsafe { bump.release(slot.cast(), Layout::new::<T>()) };
            Err(error)
        }
    }
}

/// Values that are written one after the other to a block that grows when it is full. Dropped, they drop what was
/// written.
struct Growing<'b, T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize> {
    bump: &'b B,
    /// From `reserve_low` with `layout`, which is that of `capacity` values; the first `len` are written.
    slots: NonNull<T>,
    layout: Layout,
    capacity: usize,
    len: usize,
}

impl<'b, T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize> Growing<'b, T, B, MIN_ALIGN> {
    fn layout(capacity: usize) -> Result<Layout, AllocError> {
        Layout::array::<T>(capacity).map_err(|_| AllocError::capacity_overflow(B::KIND))
    }

    #[inline]
    fn with_capacity(bump: &'b B, capacity: usize) -> Result<Self, AllocError> {
        let layout = Self::layout(capacity)?;
        Ok(Self { bump, slots: bump.reserve_low(layout)?.cast(), layout, capacity, len: 0 })
    }

    #[inline]
    fn push(&mut self, value: T) -> Result<(), AllocError> {
        if self.len == self.capacity {
            self.resize(self.capacity.saturating_mul(2).max(4))?;
        }
        // SAFETY: `len` is below the capacity of the block.
        let slot = unsafe { self.slots.add(self.len) };
        // SAFETY: as above; the block is aligned for `T`.
        unsafe { slot.write(value) };
        self.len += 1;
        Ok(())
    }

    /// To a capacity that is not below the length.
    #[inline]
    fn resize(&mut self, capacity: usize) -> Result<(), AllocError> {
        let (block, layout) = (self.slots.cast(), Self::layout(capacity)?);
        let resized = if capacity >= self.capacity {
            // SAFETY: from here with this layout; the new one is not smaller.
            unsafe { self.bump.grow_low(block, self.layout, layout)? }
        } else {
            // SAFETY: from here with this layout; the new one is smaller.
            unsafe { self.bump.shrink_low(block, self.layout, layout)? }
        };
        self.slots = resized.cast();
        (self.layout, self.capacity) = (layout, capacity);
        Ok(())
    }
}

impl<T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize> Drop for Growing<'_, T, B, MIN_ALIGN> {
    fn drop(&mut self) {
        let values = NonNull::slice_from_raw_parts(self.slots, self.len);
        // SAFETY: written, and not used after this.
        unsafe { values.drop_in_place() };
        // SAFETY: from here with this layout; not used after this.
        unsafe { self.bump.release_low(self.slots.cast(), self.layout) };
    }
}

/// Writes what an iterator yields to one block. The iterator may allocate from the same memory: it runs only while the
/// block is reserved. If it panics, or there is no memory, what it has yielded is dropped.
#[inline]
pub(crate) fn collect<T, B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    values: impl Iterator<Item = T>,
) -> Result<(NonNull<T>, usize), AllocError> {
    // Asked for once: the next answer may be another.
    let mut slice = Growing::<T, B, MIN_ALIGN>::with_capacity(bump, values.size_hint().0)?;
    for value in values {
        slice.push(value)?;
    }
    if slice.len < slice.capacity {
        slice.resize(slice.len)?;
    }
    let slice = ManuallyDrop::new(slice);
    Ok((slice.slots, slice.len))
}

/// Text that grows at the floor while it is written.
struct Text<'b, B, const MIN_ALIGN: usize> {
    bump: &'b B,
    /// From `reserve_low` with `layout`; the first `len` bytes are written.
    block: NonNull<u8>,
    layout: Layout,
    len: usize,
    /// What writing failed with, which `fmt::Error` cannot tell.
    failed: Option<AllocError>,
}

impl<B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize> Text<'_, B, MIN_ALIGN> {
    fn make_room(&mut self, bytes: usize) -> Result<(), AllocError> {
        let needed = self.len.checked_add(bytes).filter(|needed| *needed > self.layout.size());
        let Some(needed) = needed else { return Ok(()) };
        let larger = Layout::array::<u8>(needed.max(self.layout.size().saturating_mul(2)).max(32))
            .map_err(|_| AllocError::capacity_overflow(B::KIND))?;
        // SAFETY: from here with this layout; the new one is larger.
        self.block = unsafe { self.bump.grow_low(self.block, self.layout, larger)? };
        self.layout = larger;
        Ok(())
    }
}

impl<B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize> fmt::Write for Text<'_, B, MIN_ALIGN> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Err(error) = self.make_room(text.len()) {
            self.failed = Some(error);
            return Err(fmt::Error);
        }
        // SAFETY: `len` is not above the size of the block.
        let end = unsafe { self.block.add(self.len) };
        // SAFETY: there is room for as many bytes, which nobody else has.
        unsafe { crate::simd::copy_bytes(text.as_ptr(), end.as_ptr(), text.len()) };
        self.len += text.len();
        Ok(())
    }
}

/// Writes what `format_args!` says. The implementations that it calls may allocate from the same memory.
///
/// # Panics
/// If one of them returns an error although writing did not fail.
#[track_caller]
pub(crate) fn format<B: RawBump<MIN_ALIGN>, const MIN_ALIGN: usize>(
    bump: &B,
    arguments: fmt::Arguments<'_>,
) -> Result<(NonNull<u8>, usize), AllocError> {
    let layout = Layout::new::<()>();
    let mut text = Text { bump, block: bump.reserve_low(layout)?, layout, len: 0, failed: None };
    if fmt::write(&mut text, arguments).is_err() {
        let Some(error) = text.failed else {
            panic!("a formatting trait implementation returned an error when the underlying memory did not")
        };
        // SAFETY: from here with this layout, not used after this.
        unsafe { bump.release_low(text.block, text.layout) };
        return Err(error);
    }
    // SAFETY: from here with this size, and not larger after this.
    unsafe { bump.resize_low(text.block, text.layout.size(), text.len) };
    Ok((text.block, text.len))
}
