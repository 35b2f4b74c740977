//! Which blocks that are allocated now have been sampled.
//!
//! A table with a slot for each, found by its address, and in front of it a filter: a small array of counts, in which whoever
//! frees a block sees with one load that it was not sampled, as most were not.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block's slot or count is not seen by who frees it | the block came to that thread somehow, and with it what was written before |
//! | two threads at one slot | its key is claimed with a compare-exchange, and then it is the block's, whose owner is one thread at a time |
//! | a slot that is used again before the last user has read it | it is free only after that, with release; and it is claimed with acquire |
//! | a count of the filter that wraps | at its largest it stays for good |
//! | no slot is free nearby | the sample is refused, and whoever has it is told |
//! | a forked child | there is no lock |

use core::mem::MaybeUninit;

use crate::sync::{AtomicU8, AtomicUsize, Ordering};

/// The key of a slot that is free.
const FREE: usize = 0;
/// The key of a slot that is being written; no block has this address.
const CLAIMED: usize = 1;

/// A slot is looked for in so many places.
const WINDOW: usize = if cfg!(loom) { 2 } else { 32 };

/// By address, where a block is looked for. Blocks differ in the bits above the lowest four, first of all.
#[inline(always)]
const fn mixed(address: usize) -> usize {
    address >> 4 ^ address >> 15
}

/// Counts of sampled blocks, by address. `COUNTS` is a power of two. All zero bytes are an empty one.
pub(super) struct Filter<const COUNTS: usize>([AtomicU8; COUNTS]);

impl<const COUNTS: usize> Filter<COUNTS> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self([const { AtomicU8::new(0) }; COUNTS])
    }

    /// Empty.
    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self(core::array::from_fn(|_| AtomicU8::new(0)))
    }

    #[inline(always)]
    fn count(&self, address: usize) -> &AtomicU8 {
        &self.0[mixed(address) % COUNTS]
    }

    /// Whether the block at this address may be a sampled one.
    #[inline(always)]
    pub(super) fn may_have(&self, address: usize) -> bool {
        self.count(address).load(Ordering::Relaxed) != 0
    }

    fn change(&self, address: usize, change: impl Fn(u8) -> u8) {
        let stay = |count| (count != u8::MAX).then(|| change(count));
        let _ = self.count(address).fetch_update(Ordering::Relaxed, Ordering::Relaxed, stay);
    }
}

/// A cell that one thread at a time has, as the key beside it says.
struct Cell<T>(
    #[cfg(any(not(loom), shuttle))] core::cell::UnsafeCell<MaybeUninit<T>>,
    #[cfg(all(loom, not(shuttle)))] crate::sync::simulator::cell::UnsafeCell<MaybeUninit<T>>,
);

#[cfg(any(not(loom), shuttle))]
impl<T: Copy> Cell<T> {
    /// # Safety
    /// No other thread has it.
    unsafe fn write(&self, value: T) {
        // SAFETY: as the caller says.
        unsafe { self.0.get().write(MaybeUninit::new(value)) };
    }

    /// # Safety
    /// No other thread has it, and it was written.
    unsafe fn read(&self) -> T {
        // SAFETY: as the caller says.
        let value = unsafe { self.0.get().read() };
        // SAFETY: as the caller says.
        unsafe { value.assume_init() }
    }
}

#[cfg(all(loom, not(shuttle)))]
impl<T: Copy> Cell<T> {
    /// # Safety
    /// No other thread has it; loom sees to it.
    unsafe fn write(&self, value: T) {
        // SAFETY: as the caller says.
        self.0.with_mut(|cell| unsafe { cell.write(MaybeUninit::new(value)) });
    }

    /// # Safety
    /// No other thread has it, and it was written; loom sees to the first.
    unsafe fn read(&self) -> T {
        // SAFETY: as the caller says.
        let value = self.0.with_mut(|cell| unsafe { cell.read() });
        // SAFETY: as the caller says.
        unsafe { value.assume_init() }
    }
}

/// What is known of sampled blocks. `SLOTS` is a power of two. All zero bytes are an empty one.
pub(super) struct Live<T, const SLOTS: usize> {
    /// Addresses of blocks, [`FREE`] or [`CLAIMED`].
    keys: [AtomicUsize; SLOTS],
    /// Written where the key is an address.
    values: [Cell<T>; SLOTS],
}

impl<T: Copy, const SLOTS: usize> Live<T, SLOTS> {
    /// Empty.
    #[cfg(loom)]
    pub(super) fn new() -> Self {
        #[cfg(shuttle)]
        let cell = || Cell(core::cell::UnsafeCell::new(MaybeUninit::uninit()));
        #[cfg(not(shuttle))]
        let cell = || Cell(crate::sync::simulator::cell::UnsafeCell::new(MaybeUninit::uninit()));
        Self {
            keys: core::array::from_fn(|_| AtomicUsize::new(FREE)),
            values: core::array::from_fn(|_| cell()),
        }
    }

    fn window(address: usize) -> impl Iterator<Item = usize> {
        let start = mixed(address);
        (start..start + WINDOW.min(SLOTS)).map(|at| at % SLOTS)
    }

    /// Notes a block that the caller has just got. Whether there was room.
    pub(super) fn insert<const COUNTS: usize>(
        &self,
        filter: &Filter<COUNTS>,
        address: usize,
        value: T,
    ) -> bool {
        if address <= CLAIMED {
            return false;
        }
        for at in Self::window(address) {
            let key = &self.keys[at];
            let claim = || key.compare_exchange(FREE, CLAIMED, Ordering::Acquire, Ordering::Relaxed);
            if key.load(Ordering::Relaxed) == FREE && claim().is_ok() {
                // SAFETY: claimed by us.
                unsafe { self.values[at].write(value) };
                key.store(address, Ordering::Release);
                filter.change(address, |count| count + 1);
                return true;
            }
        }
        false
    }

    /// Forgets the block, which the caller is about to give back; what is known of it if it was sampled.
    ///
    /// # Safety
    /// The block is the caller's: no other thread calls this with its address meanwhile.
    pub(super) unsafe fn take<const COUNTS: usize>(
        &self,
        filter: &Filter<COUNTS>,
        address: usize,
    ) -> Option<T> {
        if address <= CLAIMED {
            return None;
        }
        let at = Self::window(address).find(|&at| self.keys[at].load(Ordering::Acquire) == address)?;
        // SAFETY: the slot is the block's, which is the caller's.
        let value = unsafe { self.values[at].read() };
        filter.change(address, |count| count - 1);
        self.keys[at].store(FREE, Ordering::Release);
        Some(value)
    }
}

// SAFETY: values are written by one thread and read by another, by the protocol above.
unsafe impl<T: Send, const SLOTS: usize> Send for Live<T, SLOTS> {}
// SAFETY: as above; no value is read by two.
unsafe impl<T: Send, const SLOTS: usize> Sync for Live<T, SLOTS> {}
