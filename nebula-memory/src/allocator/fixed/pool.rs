use core::alloc::Layout;
use core::fmt;
use core::ptr::NonNull;

use super::handle::{PoolBox, PoolHandle, PoolSlot};
use crate::allocator::free_list::{Align, LocalSlots, PoolMode, SlotAlign, Slots};
use crate::error::AllocError;
#[cfg(not(target_has_atomic = "64"))]
use crate::sync::Local as DefaultMode;
#[cfg(target_has_atomic = "64")]
use crate::sync::Shared as DefaultMode;

/// `CAP` slots for values of one type, inside the pool itself.
///
/// No heap, no start-up code: [`new`](Self::new) is `const`. Slots come back by RAII, in any order; taking one and giving it back
/// is O(1) and a handful of instructions.
///
/// * `ALIGN` aligns the slots more than `T` asks, for example to 64 for a cache line each.
/// * `M` is [`Shared`](crate::Shared) (for many threads, the default because a `static` needs it) or
///   [`Local`](crate::Local) (plain cells, for one thread). [`LocalFixedPool`](crate::LocalFixedPool) is short
///   for the second.
///
/// # Threads
/// Of a shared pool each thread has some free slots at hand, where it takes and gives back without an atomic instruction; the others
/// are in a lock-free stack. (With the feature `std`, in pools of 32 slots and more, for up to sixteen threads that use the pool. Else
/// there is the stack alone.) A slot may be given back on any thread. The pool is exhausted only if at some moment of
/// the call every slot is in use: when there is nothing else left, slots at hand of other threads are taken, which costs a few
/// microseconds and waits for whoever is doing the same with the same slots.
///
/// Signal handlers must not use a shared pool that the thread which they interrupt uses.
///
/// # Size
/// A slot of a shared pool has eight bytes beside it (four without `std`), and the pool has sixteen for all.
///
/// ```
/// use nebula_memory::FixedPool;
///
/// struct Packet([u8; 1500]);
///
/// static PACKETS: FixedPool<Packet, 64> = FixedPool::new();
///
/// let packet = PACKETS.alloc_with(|| Packet([0; 1500]))?;
/// assert_eq!(packet.0.len(), 1500);
/// assert_eq!(PACKETS.in_use(), 1);
/// drop(packet);
/// assert_eq!(PACKETS.available(), 64);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct FixedPool<T, const CAP: usize, const ALIGN: usize = 1, M: PoolMode = DefaultMode>
where
    Align<ALIGN>: SlotAlign,
{
    slots: M::Slots<T, CAP, ALIGN>,
}

// SAFETY: shared slots are handed to one owner at a time, and their free list orders the accesses of one owner
// before those of the next. That `T: Send` is more than slots need (values do not travel through a
// pool), but what a pool of `Rc` is shared for is a mistake to be told of.
#[cfg(target_has_atomic = "64")]
unsafe impl<T: Send, const CAP: usize, const ALIGN: usize> Sync
    for FixedPool<T, CAP, ALIGN, crate::sync::Shared>
where
    Align<ALIGN>: SlotAlign,
{
}

impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
    /// A pool with all slots free. A capacity of zero does not compile.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        // Here, so that the message names the place where the pool is made.
        const { assert!(CAP > 0, "a pool of capacity zero can hold nothing: it must be at least 1") };
        Self { slots: M::Slots::FREE }
    }

    /// A pool with all slots free.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self { slots: M::Slots::free() }
    }

    /// The bytes from one slot to the next.
    pub const SLOT_SIZE: usize = M::Slots::<T, CAP, ALIGN>::STRIDE;

    /// Takes an empty slot, to be filled in place.
    ///
    /// # Errors
    /// [`PoolExhausted`](crate::AllocErrorCode::PoolExhausted) if every slot is in use.
    #[inline(always)]
    pub fn acquire(&self) -> Result<PoolSlot<&Self>, AllocError> {
        PoolSlot::acquire(self)
    }

    /// Takes a slot and puts a value in it. Without a free slot the closure is not called, so nothing is lost.
    ///
    /// # Errors
    /// [`PoolExhausted`](crate::AllocErrorCode::PoolExhausted) if every slot is in use.
    #[inline]
    pub fn alloc_with(&self, value: impl FnOnce() -> T) -> Result<PoolBox<T, &Self>, AllocError> {
        Ok(self.acquire()?.write_with(value))
    }

    /// How many slots there are.
    pub const fn capacity(&self) -> usize {
        CAP
    }

    /// How many slots are free. Of a shared pool, exact if no other thread takes one or gives one back meanwhile.
    pub fn available(&self) -> usize {
        self.slots.available()
    }

    /// How many slots are in use. Of a shared pool, as for [`available`](Self::available).
    pub fn in_use(&self) -> usize {
        CAP - self.available()
    }

    #[inline(always)]
    pub(super) fn index(&self, slot: NonNull<T>) -> usize {
        self.slots.index_of(slot)
    }

    #[inline]
    pub(super) fn slot(&self, index: usize) -> NonNull<T> {
        self.slots.at_index(index)
    }

    #[cold]
    #[inline(never)]
    fn exhausted() -> AllocError {
        AllocError::pool_exhausted(Layout::new::<T>(), CAP).with_type::<T>()
    }
}

impl<T, const CAP: usize, const ALIGN: usize> FixedPool<T, CAP, ALIGN, crate::sync::Local>
where
    Align<ALIGN>: SlotAlign,
{
    /// Makes a pool with all slots free where it will stay.
    ///
    /// # Safety
    /// `at` is aligned and valid for writes of a pool, all its bytes are zero, and nobody else uses it.
    pub(super) unsafe fn init_local(at: *mut Self) {
        const { assert!(CAP > 0, "a pool of capacity zero can hold nothing: it must be at least 1") };
        // SAFETY: a field of memory for a pool.
        let slots = unsafe { &raw mut (*at).slots };
        // SAFETY: the caller's promise, of a part of that memory.
        unsafe { LocalSlots::init(slots) };
    }
}

// SAFETY: the contract of `Slots`; the pool is borrowed by the handle.
unsafe impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> PoolHandle for &FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
    type Item = T;

    #[inline(always)]
    fn acquire_raw(&self) -> Result<NonNull<T>, AllocError> {
        match self.slots.take() {
            Some(slot) => Ok(slot),
            // The layout once more, here: it tells the compiler that this is an error, whatever the call returns, and so that a slot has
            // come from above or not at all.
            None => Err(FixedPool::<T, CAP, ALIGN, M>::exhausted().with_layout(Layout::new::<T>())),
        }
    }

    #[inline(always)]
    unsafe fn release_raw(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise.
        unsafe { self.slots.put_back(slot) };
    }
}

impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> Default for FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const CAP: usize, const ALIGN: usize, M: PoolMode> fmt::Debug for FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FixedPool").field("capacity", &CAP).field("in_use", &self.in_use()).finish()
    }
}

/// A [`FixedPool`] for one thread: no atomic instruction.
pub type LocalFixedPool<T, const CAP: usize, const ALIGN: usize = 1> =
    FixedPool<T, CAP, ALIGN, crate::sync::Local>;
