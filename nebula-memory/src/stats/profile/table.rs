//! Values that are found by their hash, put in by many threads, and never taken out.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a value that goes while somebody has it | values go with their table, which who has one borrows |
//! | two equal values | who looks for one goes the same way from its hash, and puts it where that way ends, with a compare-exchange; whoever loses looks at what the other one put there |
//! | a value seen before it is written | its pointer is published with release and read with acquire |
//! | a table that is full has no end for a way | there are never more values than `limit`, which is less than slots |
//! | the allocator that memory is asked of is the one that is watched | values are in the system's |
//! | a forked child of a process one of whose threads was here | there is no lock |

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;
use std::alloc::System;

use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// `SLOTS` is a power of two. All zero bytes are an empty one.
pub(super) struct Table<T, const SLOTS: usize> {
    /// Null, or a value of this table's own.
    slots: [AtomicPtr<T>; SLOTS],
    len: AtomicUsize,
}

impl<T, const SLOTS: usize> Table<T, SLOTS> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self { slots: [const { AtomicPtr::new(ptr::null_mut()) }; SLOTS], len: AtomicUsize::new(0) }
    }

    /// Empty.
    #[cfg(loom)]
    pub(super) fn new() -> Self {
        let slots = core::array::from_fn(|_| AtomicPtr::new(ptr::null_mut()));
        Self { slots, len: AtomicUsize::new(0) }
    }

    /// The value that is the `same`; if there is none, one that is made now, unless there are `limit` already, or is no memory.
    /// `make` does not come back here.
    pub(super) fn find_or_insert(
        &self,
        hash: u64,
        same: impl Fn(&T) -> bool,
        limit: usize,
        make: impl FnOnce() -> T,
    ) -> Option<&T> {
        const { assert!(SLOTS.is_power_of_two()) };
        const { assert!(size_of::<T>() > 0) };
        let mut at = start::<SLOTS>(hash);
        let mut ours: *mut T = ptr::null_mut();
        let mut make = Some(make);
        for _ in 0..SLOTS {
            let slot = &self.slots[at];
            let mut there = slot.load(Ordering::Acquire);
            if there.is_null() {
                if ours.is_null() {
                    ours = self.reserve(limit, make.take()?)?;
                }
                match slot.compare_exchange(there, ours, Ordering::AcqRel, Ordering::Acquire) {
                    // SAFETY: written by us, and not to go before the table.
                    Ok(_) => return Some(unsafe { &*ours }),
                    Err(other) => there = other,
                }
            }
            // SAFETY: not null, so a value, which does not go before the table.
            let value = unsafe { &*there };
            if same(value) {
                if !ours.is_null() {
                    self.len.fetch_sub(1, Ordering::Relaxed);
                    // SAFETY: ours, and nobody else has seen it.
                    unsafe { destroy(ours) };
                }
                return Some(value);
            }
            at = (at + 1) % SLOTS;
        }
        None
    }

    /// A value that is counted, but is not in a slot yet.
    fn reserve(&self, limit: usize, make: impl FnOnce() -> T) -> Option<*mut T> {
        let room = |len| (len < limit.min(SLOTS - 1)).then_some(len + 1);
        self.len.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok()?;
        // SAFETY: not of size zero.
        let memory = unsafe { System.alloc(Layout::new::<T>()) }.cast::<T>();
        if memory.is_null() {
            self.len.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        // SAFETY: allocated for it.
        unsafe { memory.write(make()) };
        Some(memory)
    }

    /// The value that is the `same`, if there is one.
    #[cfg(not(loom))]
    pub(super) fn find(&self, hash: u64, same: impl Fn(&T) -> bool) -> Option<&T> {
        let start = start::<SLOTS>(hash);
        for at in start..start + SLOTS {
            // SAFETY: null, or a value, which does not go before the table.
            let value = unsafe { self.slots[at % SLOTS].load(Ordering::Acquire).as_ref() }?;
            if same(value) {
                return Some(value);
            }
        }
        None
    }

    /// All values there are now.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        // SAFETY: null, or a value, which does not go before the table.
        self.slots.iter().filter_map(|slot| unsafe { slot.load(Ordering::Acquire).as_ref() })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "some bits of a hash")]
const fn start<const SLOTS: usize>(hash: u64) -> usize {
    hash as usize % SLOTS
}

/// # Safety
/// A value of a table, that nobody will look at again.
unsafe fn destroy<T>(value: *mut T) {
    // SAFETY: as the caller says.
    unsafe { value.drop_in_place() };
    // SAFETY: allocated so by `reserve`.
    unsafe { System.dealloc(value.cast(), Layout::new::<T>()) };
}

impl<T, const SLOTS: usize> Drop for Table<T, SLOTS> {
    fn drop(&mut self) {
        for slot in &self.slots {
            let value = slot.load(Ordering::Acquire);
            if !value.is_null() {
                // SAFETY: a value of this table, which nobody borrows any more.
                unsafe { destroy(value) };
            }
        }
    }
}

// SAFETY: owns its values, gives references to them to whoever has one to it, and drops them.
unsafe impl<T: Send, const SLOTS: usize> Send for Table<T, SLOTS> {}
// SAFETY: values come from any thread, are looked at by any, and are dropped by any.
unsafe impl<T: Send + Sync, const SLOTS: usize> Sync for Table<T, SLOTS> {}
