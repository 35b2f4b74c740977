use alloc_crate::collections::VecDeque;
use alloc_crate::vec::Vec;
use core::alloc::Layout;
use core::cell::{Cell, RefCell};
use core::fmt;
use core::ptr::NonNull;

use super::record::Record;
use crate::allocator::Allocator;
use crate::error::{AllocError, AllocatorKind};
use crate::layout::dangling;

/// How many bytes of freed blocks are kept by default.
const QUARANTINE: usize = 1 << 20;

/// Finds writes beyond blocks and into freed ones, double frees and foreign pointers, in the blocks of another allocator.
///
/// For debugging: each block lies between red zones, a freed one is filled with a pattern and kept for a while
/// (the *quarantine*), and both are checked when a block is given back, when it leaves the quarantine, and by
/// [`check`](Self::check). A block that fails its check is reported with its address and layout, and never used again.
/// What [`Allocator::deallocate`] finds is remembered: see [`first_error`](Self::first_error).
///
/// Sanitizers stop at the write itself: built with `RUSTFLAGS="-Zsanitizer=address --cfg nebula_asan"` this type tells
/// `AddressSanitizer` what must not be touched, with the feature `valgrind` it tells memcheck.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, AllocErrorCode, Poisoned, SystemAllocator};
///
/// let memory = Poisoned::new(SystemAllocator);
/// let layout = Layout::new::<[u8; 8]>();
/// let block = memory.allocate(layout)?.cast::<u8>();
/// // SAFETY: one byte too far, but still in the red zone, which is part of the same block of the heap.
/// unsafe { block.add(8).write(0) };
/// let error = memory.check().unwrap_err();
/// assert_eq!(error.code(), AllocErrorCode::Corruption);
/// assert_eq!(error.block_address(), Some(block.addr()));
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct Poisoned<A: Allocator> {
    /// In the order of their addresses.
    live: RefCell<Vec<Record>>,
    quarantine: RefCell<VecDeque<Record>>,
    quarantined: Cell<usize>,
    limit: usize,
    first_error: Cell<Option<AllocError>>,
    inner: A,
}

// SAFETY: the records are of blocks of the inner allocator, which goes to the other thread too.
unsafe impl<A: Allocator + Send> Send for Poisoned<A> {}

impl<A: Allocator> Poisoned<A> {
    /// Guards the blocks of `inner`, and keeps 1 MiB of freed ones.
    pub const fn new(inner: A) -> Self {
        Self::with_quarantine(inner, QUARANTINE)
    }

    /// Guards the blocks of `inner`, and keeps freed ones as long as they are not more than `bytes` bytes together.
    pub const fn with_quarantine(inner: A, bytes: usize) -> Self {
        Self {
            live: RefCell::new(Vec::new()),
            quarantine: RefCell::new(VecDeque::new()),
            quarantined: Cell::new(0),
            limit: bytes,
            first_error: Cell::new(None),
            inner,
        }
    }

    /// The allocator that blocks come from.
    pub fn inner(&self) -> &A {
        &self.inner
    }

    /// How many blocks are allocated. At the end of a program's part: how many have leaked.
    pub fn live_blocks(&self) -> usize {
        self.live.borrow().len()
    }

    /// What was wrong first when a block was given back by way of the trait, which has no way to tell.
    pub fn first_error(&self) -> Option<AllocError> {
        self.first_error.get()
    }

    /// Checks all red zones and all freed blocks. O(bytes).
    ///
    /// # Errors
    /// [`Corruption`](crate::AllocErrorCode::Corruption), with the first block that is not as it was left.
    pub fn check(&self) -> Result<(), AllocError> {
        self.live.borrow().iter().try_for_each(Record::check)?;
        self.quarantine.borrow().iter().try_for_each(Record::check_freed)
    }

    /// Gives a block back, after its red zones were checked.
    ///
    /// # Errors
    /// * [`Corruption`](crate::AllocErrorCode::Corruption) if they were overwritten, or if a block that leaves the
    ///   quarantine for this one was written to after it was freed; such a block is never used again.
    /// * [`DoubleFree`](crate::AllocErrorCode::DoubleFree), [`ForeignPointer`](crate::AllocErrorCode::ForeignPointer), or
    ///   [`InvalidLayout`](crate::AllocErrorCode::InvalidLayout) if the block has another layout. Nothing is changed then.
    ///
    /// # Safety
    /// If `block` is an allocated block of this allocator, nobody uses it after this.
    pub unsafe fn try_deallocate(&self, block: NonNull<u8>, layout: Layout) -> Result<(), AllocError> {
        if layout.size() == 0 {
            return Ok(());
        }
        let record = {
            let mut live = self.live.borrow_mut();
            let Ok(place) = live.binary_search_by_key(&block.addr(), |record| record.block.addr()) else {
                return Err(self.complain(block).with_layout(layout));
            };
            if live[place].layout != layout {
                return Err(AllocError::invalid_layout(AllocatorKind::Poisoned, layout).with_block(block));
            }
            live.remove(place)
        };
        record.check()?;
        record.fill_freed();
        let kept = {
            let mut quarantine = self.quarantine.borrow_mut();
            let kept = quarantine.try_reserve(1).is_ok();
            if kept {
                quarantine.push_back(record);
            }
            kept
        };
        if !kept {
            // SAFETY: from here, and not used any more.
            unsafe { record.release(&self.inner) };
            return Ok(());
        }
        self.quarantined.set(self.quarantined.get().saturating_add(layout.size()));
        self.shorten_quarantine(self.limit)
    }

    fn complain(&self, block: NonNull<u8>) -> AllocError {
        if self.quarantine.borrow().iter().any(|record| record.block == block) {
            AllocError::double_free(AllocatorKind::Poisoned, block)
        } else {
            AllocError::foreign_pointer(AllocatorKind::Poisoned, block)
        }
    }

    /// Lets the oldest freed blocks go until the others are not more than `bytes`.
    fn shorten_quarantine(&self, bytes: usize) -> Result<(), AllocError> {
        let mut outcome = Ok(());
        while self.quarantined.get() > bytes {
            // Not borrowed while the inner allocator runs.
            let Some(record) = self.quarantine.borrow_mut().pop_front() else { break };
            self.quarantined.set(self.quarantined.get() - record.layout.size());
            match record.check_freed() {
                // SAFETY: from here, and not used any more.
                Ok(()) => unsafe { record.release(&self.inner) },
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome
    }
}

// SAFETY: blocks are parts of blocks of the inner allocator, which are given back only when they were given back here.
unsafe impl<A: Allocator> Allocator for Poisoned<A> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(dangling(layout), 0));
        }
        let record = Record::allocate(&self.inner, layout)?;
        let recorded = {
            let mut live = self.live.borrow_mut();
            let recorded = live.try_reserve(1).is_ok();
            if recorded {
                let place = live.partition_point(|other| other.block < record.block);
                live.insert(place, record);
            }
            recorded
        };
        if !recorded {
            // SAFETY: from here, and handed to nobody.
            unsafe { record.release(&self.inner) };
            return Err(AllocError::out_of_memory(AllocatorKind::Poisoned, layout));
        }
        Ok(NonNull::slice_from_raw_parts(record.block, layout.size()))
    }

    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        // SAFETY: the caller's promise.
        if let Err(error) = unsafe { self.try_deallocate(block, layout) } {
            self.first_error.set(self.first_error.get().or(Some(error)));
        }
    }
}

crate::allocator::interop::implement_api2!([A: Allocator] Poisoned<A>);

impl<A: Allocator> Drop for Poisoned<A> {
    fn drop(&mut self) {
        // What is wrong now has nobody left to be told to; it is not given back.
        let _ = self.shorten_quarantine(0);
    }
}

impl<A: Allocator> fmt::Debug for Poisoned<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poisoned")
            .field("live_blocks", &self.live_blocks())
            .field("quarantined_bytes", &self.quarantined.get())
            .finish_non_exhaustive()
    }
}
