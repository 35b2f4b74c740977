use core::array::from_fn;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::{self, NonNull};
use std::boxed::Box;

use super::{Histogram, buckets};
use crate::sync::{AtomicPtr, AtomicU64, Ordering, thread_id};

/// So many threads at once have a page of their own; more share one.
const PAGES: usize = if cfg!(any(loom, miri)) { 3 } else { 256 };

/// A [`Histogram`] that many threads record in, each on a page of its own: they do not wait for each other, and nothing is lost.
///
/// 2 KiB, and 30 KiB for each thread that records, up to 256 at once; those beyond share a page, by atomic additions. A thread
/// that ends leaves its page to the next one.
///
/// ```
/// use nebula_memory::stats::SharedHistogram;
///
/// static LATENCIES: SharedHistogram = SharedHistogram::new();
///
/// std::thread::scope(|threads| {
///     for _ in 0..4 {
///         threads.spawn(|| (1..=1000).for_each(|micros| LATENCIES.record(micros)));
///     }
/// });
/// let seen = LATENCIES.snapshot();
/// assert_eq!((seen.count(), seen.max()), (4000, Some(1000)));
/// ```
pub struct SharedHistogram {
    /// By the number of the thread; the first is that of those who have none. Null until something is recorded.
    ///
    /// Invariant: null, or a page that is this histogram's. Set once. The thread of a number is the only one to write to its page;
    /// all change the first one, in single steps.
    pages: [AtomicPtr<Page>; PAGES],
    /// How many values could not be counted, because there was no memory for a page.
    missed: AtomicU64,
}

#[repr(align(128))]
struct Page {
    counts: [AtomicU64; buckets::COUNT],
    totals: Totals,
}

struct Totals {
    sum: AtomicU64,
    min: AtomicU64,
    max: AtomicU64,
}

impl SharedHistogram {
    /// Nothing recorded. Takes no memory of the heap yet.
    #[cfg(not(loom))]
    pub const fn new() -> Self {
        Self { pages: [const { AtomicPtr::new(ptr::null_mut()) }; PAGES], missed: AtomicU64::new(0) }
    }

    /// Nothing recorded.
    #[cfg(loom)]
    pub fn new() -> Self {
        Self { pages: from_fn(|_| AtomicPtr::new(ptr::null_mut())), missed: AtomicU64::new(0) }
    }

    /// Counts a value.
    #[inline]
    pub fn record(&self, value: u64) {
        let number = thread_id::current() as usize;
        // Written by the thread that has this number, or by one that had it before.
        let page = self.pages.get(number).and_then(|page| NonNull::new(page.load(Ordering::Relaxed)));
        match page {
            // SAFETY: a page of ours.
            Some(page) => unsafe { PageRef::new(page) }.record_alone(value),
            None => self.record_elsewhere(value),
        }
    }

    #[cold]
    #[inline(never)]
    fn record_elsewhere(&self, value: u64) {
        let number = thread_id::assign().map_or(0, |number| number as usize);
        let number = if number < PAGES { number } else { 0 };
        match self.page(number) {
            Some(page) if number > 0 => page.record_alone(value),
            Some(page) => page.record_among_others(value),
            None => {
                self.missed.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// The page of this number, which is made if need be and can be.
    fn page(&self, number: usize) -> Option<PageRef<'_>> {
        let place = &self.pages[number];
        let mut page = place.load(Ordering::Acquire);
        if page.is_null() {
            let new = Page::allocate()?;
            match place.compare_exchange(ptr::null_mut(), new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => page = new,
                Err(other) => {
                    // SAFETY: from `allocate`, and nobody has seen it.
                    drop(unsafe { Box::from_raw(new) });
                    page = other;
                }
            }
        }
        // SAFETY: a page of ours.
        NonNull::new(page).map(|page| unsafe { PageRef::new(page) })
    }

    /// What was recorded until now. What others record meanwhile is in it or not. O(threads × buckets).
    pub fn snapshot(&self) -> Histogram {
        let mut all = Histogram::new();
        for page in &self.pages {
            if let Some(page) = NonNull::new(page.load(Ordering::Acquire)) {
                // SAFETY: a page of ours.
                all.merge(&unsafe { PageRef::new(page) }.read());
            }
        }
        all
    }

    /// How many values were not counted, because there was no memory to count them in.
    pub fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

impl Page {
    fn allocate() -> Option<*mut Self> {
        let mut memory = std::vec::Vec::new();
        memory.try_reserve_exact(1).ok()?;
        memory.push(Self {
            counts: from_fn(|_| AtomicU64::new(0)),
            totals: Totals { sum: AtomicU64::new(0), min: AtomicU64::new(u64::MAX), max: AtomicU64::new(0) },
        });
        let page: Box<[Self]> = memory.into_boxed_slice();
        Some(Box::into_raw(page).cast())
    }
}

/// A page, of which one number at a time is borrowed.
#[derive(Clone, Copy)]
struct PageRef<'a> {
    /// Valid as long as `'a`.
    page: NonNull<Page>,
    histogram: PhantomData<&'a SharedHistogram>,
}

impl<'a> PageRef<'a> {
    /// # Safety
    /// The page lives as long as `'a`.
    #[inline(always)]
    const unsafe fn new(page: NonNull<Page>) -> Self {
        Self { page, histogram: PhantomData }
    }

    #[inline(always)]
    fn count(self, bucket: usize) -> &'a AtomicU64 {
        // SAFETY: valid, as stated on the type.
        unsafe { &(*self.page.as_ptr()).counts[bucket] }
    }

    /// Sum, smallest and largest value.
    #[inline(always)]
    fn totals(self) -> &'a Totals {
        // SAFETY: valid, as stated on the type.
        unsafe { &(*self.page.as_ptr()).totals }
    }

    /// Nobody else writes here: loads and stores, not single steps.
    #[inline]
    fn record_alone(self, value: u64) {
        let (count, totals) = (self.count(buckets::bucket(value)), self.totals());
        count.store(count.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
        let (sum, is_too_large) = totals.sum.load(Ordering::Relaxed).overflowing_add(value);
        totals.sum.store(sum, Ordering::Relaxed);
        let (min, max) = (totals.min.load(Ordering::Relaxed), totals.max.load(Ordering::Relaxed));
        if value < min || value > max || is_too_large {
            totals.stretch(value, is_too_large);
        }
    }

    #[cold]
    fn record_among_others(self, value: u64) {
        let totals = self.totals();
        self.count(buckets::bucket(value)).fetch_add(1, Ordering::Relaxed);
        let add = |sum: u64| Some(sum.saturating_add(value));
        let _ = totals.sum.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        totals.min.fetch_min(value, Ordering::Relaxed);
        totals.max.fetch_max(value, Ordering::Relaxed);
    }

    fn read(self) -> Histogram {
        let get = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let counts = (0..buckets::COUNT).map(|bucket| get(self.count(bucket))).collect();
        let Totals { sum, min, max } = self.totals();
        Histogram::from_counts(counts, get(sum), get(min), get(max))
    }
}

impl Totals {
    #[cold]
    #[inline(never)]
    fn stretch(&self, value: u64, is_too_large: bool) {
        if is_too_large {
            self.sum.store(u64::MAX, Ordering::Relaxed);
        }
        self.min.store(self.min.load(Ordering::Relaxed).min(value), Ordering::Relaxed);
        self.max.store(self.max.load(Ordering::Relaxed).max(value), Ordering::Relaxed);
    }
}

impl Drop for SharedHistogram {
    fn drop(&mut self) {
        for page in &self.pages {
            let page = page.load(Ordering::Acquire);
            if !page.is_null() {
                // SAFETY: from `allocate`, and nobody records any more.
                drop(unsafe { Box::from_raw(page) });
            }
        }
    }
}

impl Default for SharedHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SharedHistogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot().fmt(f)
    }
}
