use core::alloc::Layout;
use core::ptr::NonNull;

use super::allocator::{BumpAllocator, exhausted};
use super::backing::Backing;
#[cfg(feature = "alloc")]
use super::backing::Block;
#[cfg(not(loom))]
use super::backing::Embedded;
use super::raw::RawBump;
use super::span::{MAX_MIN_ALIGN, Span, round_up};
use super::{alloc_methods, implement_allocator};
#[cfg(feature = "alloc")]
use crate::allocator::SystemAllocator;
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::{dangling, padding};
use crate::sync::{AtomicUsize, Ordering, Shared};

/// How many bytes of a block are used, for many threads: everything is cut from the floor upwards, so that one word says
/// all.
///
/// A block is its caller's by the compare-exchange that moved the count over it, which succeeds for one thread. What the
/// last block's owner does to the count (give back, resize) is a compare-exchange too, from exactly the block's end: it
/// fails if another block was cut since. Nothing is published through the count: whoever passes a block to another thread
/// orders what was written to it, so that relaxed accesses do, except that a block that was given back must not be written
/// by its next owner before its last one is done: release and acquire.
#[derive(Debug)]
pub struct AtomicCursor<const MIN_ALIGN: usize> {
    used: AtomicUsize,
}

impl<const MIN_ALIGN: usize> AtomicCursor<MIN_ALIGN> {
    const CHECKED: () = assert!(
        MIN_ALIGN.is_power_of_two() && MIN_ALIGN <= MAX_MIN_ALIGN,
        "the minimum alignment must be 1, 2, 4, 8 or 16"
    );

    /// Nothing used.
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        let () = Self::CHECKED;
        Self { used: AtomicUsize::new(0) }
    }

    /// Nothing used.
    #[cfg(loom)]
    pub(super) fn new() -> Self {
        let () = Self::CHECKED;
        Self { used: AtomicUsize::new(0) }
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    pub(super) fn reset(&mut self) {
        self.used.store(0, Ordering::Relaxed);
    }

    /// Cuts a block from `whole`, the memory that is counted here. `None` if there is no room.
    #[inline]
    pub(super) fn take(&self, whole: Span, layout: Layout) -> Option<NonNull<u8>> {
        let mut used = self.used.load(Ordering::Relaxed);
        loop {
            // Within `whole`: so much of it is used.
            let floor = whole.floor.addr().get() + used;
            let padding = if layout.align() > MIN_ALIGN { padding(floor, layout.align()) } else { 0 };
            // Fits `isize` by the contract of `Layout`: the padding is below the alignment.
            let needed = padding + layout.size();
            if needed > whole.len() - used {
                return None;
            }
            // Both ends of the memory are aligned to the minimum: what is needed fits rounded up too.
            let after = used + round_up::<MIN_ALIGN>(needed);
            match self.used.compare_exchange_weak(used, after, Ordering::Acquire, Ordering::Relaxed) {
                // SAFETY: not above the top.
                Ok(_) => return Some(unsafe { whole.floor.add(used + padding) }),
                Err(now) => used = now,
            }
        }
    }

    /// Moves the end of the last block, if it is the last and there is room.
    ///
    /// # Safety
    /// `block` was cut from `whole` here, has `old` bytes and is the caller's.
    #[inline]
    pub(super) unsafe fn resize(&self, whole: Span, block: NonNull<u8>, old: usize, new: usize) -> bool {
        // A block of no size may lie outside of the memory.
        if old == 0 {
            return false;
        }
        let start = block.addr().get() - whole.floor.addr().get();
        if new > whole.len() - start {
            return false;
        }
        let (end, after) = (start + round_up::<MIN_ALIGN>(old), start + round_up::<MIN_ALIGN>(new));
        self.used.compare_exchange(end, after, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }
}

// SAFETY: the atomic cursor gives each block to one caller, and the backing may be shared.
unsafe impl<B: Backing + Sync, const MIN_ALIGN: usize> Sync for BumpAllocator<B, MIN_ALIGN, Shared> {}

#[cfg(feature = "alloc")]
impl BumpAllocator<Block<SystemAllocator>, 1, Shared> {
    /// An allocator with `capacity` bytes of the heap, for many threads at once.
    ///
    /// # Panics
    /// If the heap refuses; see [`try_new_in`](Self::try_new_in).
    ///
    /// ```
    /// use nebula_memory::BumpAllocator;
    ///
    /// let memory = BumpAllocator::new_shared(1024);
    /// std::thread::scope(|threads| {
    ///     for number in 0..4 {
    ///         let memory = &memory;
    ///         threads.spawn(move || *memory.alloc(number) += 1);
    ///     }
    /// });
    /// assert!(memory.used() >= 4 * 4);
    /// ```
    #[track_caller]
    pub fn new_shared(capacity: usize) -> Self {
        Self::new_in(capacity, SystemAllocator)
    }
}

#[cfg(not(loom))]
impl<const BYTES: usize, const MIN_ALIGN: usize> BumpAllocator<Embedded<BYTES>, MIN_ALIGN, Shared> {
    /// An allocator with `BYTES` bytes inside itself, for a `static`: no heap, no start-up code.
    ///
    /// ```
    /// use nebula_memory::{BumpAllocator, Shared, allocator::bump::Embedded};
    ///
    /// static MEMORY: BumpAllocator<Embedded<4096>, 8, Shared> = BumpAllocator::embedded();
    ///
    /// let name: &'static str = MEMORY.alloc_str("made at run time");
    /// assert_eq!(name, "made at run time");
    /// ```
    pub const fn embedded() -> Self {
        Self { cursor: AtomicCursor::new(), backing: Embedded::new() }
    }
}

#[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
impl<B: Backing, const MIN_ALIGN: usize> BumpAllocator<B, MIN_ALIGN, Shared> {
    alloc_methods!('_, "The value lives until the allocator is [`reset`](Self::reset) or dropped.");
}

// SAFETY: blocks are cut from the backing by the atomic cursor, each for one caller; the backing does not move while it is
// borrowed, and whoever holds a block borrows it.
unsafe impl<B: Backing, const MIN_ALIGN: usize> RawBump<MIN_ALIGN> for BumpAllocator<B, MIN_ALIGN, Shared> {
    const KIND: AllocatorKind = AllocatorKind::Bump;

    #[inline]
    #[track_caller]
    fn reserve(&self, layout: Layout) -> NonNull<u8> {
        match self.reserve_low(layout) {
            Ok(block) => block,
            Err(error) => error::out_of_memory(error),
        }
    }

    #[inline]
    fn try_reserve(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        self.reserve_low(layout)
    }

    #[inline]
    unsafe fn release(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise; both kinds of blocks are cut alike.
        unsafe { self.release_low(block, layout) };
    }

    #[inline]
    fn reserve_low(&self, layout: Layout) -> Result<NonNull<u8>, AllocError> {
        match self.cursor.take(self.whole(), layout) {
            Some(block) => Ok(block),
            None if layout.size() == 0 => Ok(dangling(layout)),
            None => Err(exhausted::<B, MIN_ALIGN>(&self.backing, self.available(), layout)),
        }
    }

    #[inline]
    unsafe fn release_low(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { self.cursor.resize(self.whole(), block, layout.size(), 0) };
    }

    #[inline(always)]
    fn own(&self, block: NonNull<u8>) -> NonNull<u8> {
        self.whole().floor.with_addr(block.addr())
    }

    #[inline]
    unsafe fn resize_low(&self, block: NonNull<u8>, old: usize, new: usize) -> bool {
        // SAFETY: the caller's promise.
        unsafe { self.cursor.resize(self.whole(), block, old, new) }
    }
}

implement_allocator!([B: Backing, const MIN_ALIGN: usize] BumpAllocator<B, MIN_ALIGN, Shared>);
