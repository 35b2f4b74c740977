//! Numbers that each thread writes for itself, and anybody may add up.
//!
//! A counter has one cell in the *record* of each thread. Its thread writes there with a plain load and store, and nobody else
//! does. A record belongs to the [number](crate::sync::thread_id) of its thread; when that ends, the next thread of that number
//! goes on from there. So nothing has to be collected at the end of a thread, records are as many as there were threads at once,
//! and adding up is to read them all.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two threads write one cell | a number is one living thread's, and with it the record; who has it next sees what was written |
//! | a record that goes while it is read | it never goes; there are no more than threads at once |
//! | the thread has another number than when it found its record | it has its number for good; when that is given back, the record is out of hand |
//! | a cell that is used again has counts of the last one | it is cleared before its index is free, and an index is read with acquire |
//! | a thread without a number (it is ending, there are too many), or no memory for its record | there is no cell; the caller adds to a number that all threads share |
//! | the allocator that memory is asked of counts what it does | records come from the system's |

use core::alloc::{GlobalAlloc, Layout};
use core::array::from_fn;
use core::ptr::{self, NonNull};
use std::alloc::System;

use crate::sync::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Numbers, Ordering, thread_id};

/// The cells of a page.
const PAGE: usize = if cfg!(loom) {
    2
} else if cfg!(miri) {
    16
} else {
    512
};
/// The pages of a record.
const PAGES: usize = if cfg!(loom) { 2 } else { 32 };
/// So many threads can have a record.
const RECORDS: usize = 1 + if cfg!(loom) { 3 } else { thread_id::LARGEST };

/// Cells, those with the same index of all records being one counter's.
type Page = [AtomicU64; PAGE];

/// What one thread writes to.
#[repr(align(128))]
struct Record {
    /// Most programs need no more.
    first: Page,
    more: [AtomicPtr<Page>; PAGES - 1],
}

struct All {
    /// By the number of the thread; null until it counts something.
    records: [AtomicPtr<Record>; RECORDS],
    /// No record has a larger number.
    last: AtomicUsize,
    /// Which indices are in use.
    indices: Numbers<{ (PAGE * PAGES - 1).div_ceil(64) }>,
}

#[cfg(not(loom))]
static ALL: All = All {
    records: [const { AtomicPtr::new(ptr::null_mut()) }; RECORDS],
    last: AtomicUsize::new(0),
    indices: Numbers::new(),
};
#[cfg(loom)]
crate::sync::simulator::lazy_static! {
    static ref ALL: All = All {
        records: from_fn(|_| AtomicPtr::new(ptr::null_mut())),
        last: AtomicUsize::new(0),
        indices: Numbers::new(),
    };
}

/// No index yet. Larger than any.
const NONE: u32 = u32::MAX;
/// None was left.
const REFUSED: u32 = u32::MAX - 1;

/// One cell of each thread.
pub(crate) struct Cells {
    /// Where they are in the records; set once, when something is counted first.
    index: AtomicU32,
}

impl Cells {
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self { index: AtomicU32::new(NONE) }
    }

    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self { index: AtomicU32::new(NONE) }
    }

    /// The cell of this thread, which nobody else writes, if it is known and on the first page.
    #[inline(always)]
    pub(crate) fn at_hand(&self) -> Option<&'static AtomicU64> {
        // Acquire: if the index was another's before, its cells have been cleared.
        let index = self.index.load(Ordering::Acquire) as usize;
        thread_id::belongings(|mine| {
            // One comparison for all: there is no index, it is not on this page, or the thread has no record.
            if index >= mine.count() {
                return None;
            }
            let first = mine.first().cast::<AtomicU64>();
            // SAFETY: below the count, so the first page has it.
            let cell = unsafe { first.add(index) };
            // SAFETY: a cell of a record, which never goes.
            Some(unsafe { cell.as_ref() })
        })
    }

    /// The cell of this thread, which nobody else writes; `None` if it cannot have one.
    pub(crate) fn find(&self) -> Option<&'static AtomicU64> {
        let number = thread_id::assign()? as usize;
        let index = self.index()?;
        let record = record_of(number)?;
        // The whole page, not its first cell.
        let first = NonNull::from(&record.first).cast();
        thread_id::belongings(|mine| mine.set(first, PAGE));
        match (index / PAGE, index % PAGE) {
            (0, cell) => Some(&record.first[cell]),
            (page, cell) => Some(&page_of(record, page - 1)?[cell]),
        }
    }

    /// The index, claimed if need be.
    fn index(&self) -> Option<usize> {
        let mut index = self.index.load(Ordering::Acquire);
        if index == NONE {
            // The bits are rounded up to whole words.
            let claimed = match ALL.indices.claim() {
                Some(claimed) if (claimed as usize) < PAGE * PAGES => claimed,
                _ => REFUSED,
            };
            let set = self.index.compare_exchange(NONE, claimed, Ordering::AcqRel, Ordering::Acquire);
            index = set.map_or_else(
                |other| {
                    if claimed != REFUSED {
                        ALL.indices.release(claimed);
                    }
                    other
                },
                |_| claimed,
            );
        }
        (index != REFUSED).then_some(index as usize)
    }

    /// Every cell that there is.
    pub(crate) fn each(&self, mut look: impl FnMut(&AtomicU64)) {
        let index = self.index.load(Ordering::Acquire);
        if matches!(index, NONE | REFUSED) {
            return;
        }
        let (page, cell) = (index as usize / PAGE, index as usize % PAGE);
        for record in &ALL.records[..=ALL.last.load(Ordering::Acquire)] {
            // SAFETY: null, or a record, which never goes.
            let Some(record) = (unsafe { record.load(Ordering::Acquire).as_ref() }) else { continue };
            if page == 0 {
                look(&record.first[cell]);
                continue;
            }
            // SAFETY: null, or a page, which never goes.
            if let Some(page) = unsafe { record.more[page - 1].load(Ordering::Acquire).as_ref() } {
                look(&page[cell]);
            }
        }
    }

    /// The sum of all cells, which wraps.
    pub(crate) fn sum(&self) -> u64 {
        let mut sum = 0_u64;
        self.each(|cell| sum = sum.wrapping_add(cell.load(Ordering::Relaxed)));
        sum
    }
}

impl Drop for Cells {
    fn drop(&mut self) {
        // Nobody counts any more, in any thread.
        self.each(|cell| cell.store(0, Ordering::Relaxed));
        let index = self.index.load(Ordering::Relaxed);
        if !matches!(index, NONE | REFUSED) {
            ALL.indices.release(index);
        }
    }
}

/// The record of the thread with this number, which is the calling one.
fn record_of(number: usize) -> Option<&'static Record> {
    let place = ALL.records.get(number)?;
    if place.load(Ordering::Relaxed).is_null() {
        publish(place, || Record {
            first: from_fn(|_| AtomicU64::new(0)),
            more: from_fn(|_| AtomicPtr::new(ptr::null_mut())),
        });
        ALL.last.fetch_max(number, Ordering::AcqRel);
    }
    // SAFETY: null, or a record, which never goes.
    unsafe { place.load(Ordering::Relaxed).as_ref() }
}

/// A page of the calling thread's record.
fn page_of(record: &'static Record, page: usize) -> Option<&'static Page> {
    let place = record.more.get(page)?;
    if place.load(Ordering::Relaxed).is_null() {
        publish(place, || from_fn(|_| AtomicU64::new(0)));
    }
    // SAFETY: null, or a page, which never goes.
    unsafe { place.load(Ordering::Relaxed).as_ref() }
}

/// Puts a value there, for good, if there is memory for it. Nobody else does at the same time.
fn publish<T>(place: &AtomicPtr<T>, value: impl FnOnce() -> T) {
    const { assert!(size_of::<T>() > 0) };
    // SAFETY: not empty.
    let memory = unsafe { System.alloc(Layout::new::<T>()) }.cast::<T>();
    if !memory.is_null() {
        // SAFETY: allocated for it.
        unsafe { memory.write(value()) };
        place.store(memory, Ordering::Release);
    }
}
