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
/// 2 KiB, and 33 KiB for each thread that records, up to 256 at once; those beyond share a page, by atomic additions. A thread
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
    extremes: Extremes,
}

/// The smallest and the largest value. As if the largest number had been recorded, as long as nothing was.
struct Extremes {
    min: AtomicU64,
    /// By how much the largest is larger: so one comparison tells whether a value is in between.
    span: AtomicU64,
    /// The largest, for others to read.
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
        for (number, page) in self.pages.iter().enumerate() {
            if let Some(page) = NonNull::new(page.load(Ordering::Acquire)) {
                // SAFETY: a page of ours.
                all.merge(&unsafe { PageRef::new(page) }.read(number == 0));
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
            extremes: Extremes {
                min: AtomicU64::new(u64::MAX),
                span: AtomicU64::new(0),
                max: AtomicU64::new(u64::MAX),
            },
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

    #[inline(always)]
    fn extremes(self) -> &'a Extremes {
        // SAFETY: valid, as stated on the type.
        unsafe { &(*self.page.as_ptr()).extremes }
    }

    /// Nobody else writes here: loads and stores, not single steps.
    #[inline(always)]
    fn record_alone(self, value: u64) {
        let (min, span) =
            (self.extremes().min.load(Ordering::Relaxed), self.extremes().span.load(Ordering::Relaxed));
        match buckets::quick(value) {
            Some(bucket) if value.wrapping_sub(min) <= span => self.increment(bucket),
            _ => self.record_outside(value),
        }
    }

    #[inline(always)]
    fn increment(self, bucket: usize) {
        let count = self.count(bucket);
        count.store(count.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    #[cold]
    #[inline(never)]
    fn record_outside(self, value: u64) {
        self.stretch(value);
        self.increment(buckets::bucket(value));
    }

    /// Makes room for a value that is not counted yet.
    fn stretch(self, value: u64) {
        let Extremes { min, span, max } = self.extremes();
        let (mut low, mut high) = (value, value);
        let is_empty = min.load(Ordering::Relaxed) == u64::MAX
            && self.count(buckets::COUNT - 1).load(Ordering::Relaxed) == 0;
        if !is_empty {
            low = low.min(min.load(Ordering::Relaxed));
            high = high.max(max.load(Ordering::Relaxed));
        }
        min.store(low, Ordering::Relaxed);
        max.store(high, Ordering::Relaxed);
        span.store(high - low, Ordering::Relaxed);
    }

    /// On the first page, where the span is the largest value itself: only one number can be raised at a time.
    #[cold]
    fn record_among_others(self, value: u64) {
        let Extremes { min, span, .. } = self.extremes();
        min.fetch_min(value, Ordering::Relaxed);
        span.fetch_max(value, Ordering::Relaxed);
        self.count(buckets::bucket(value)).fetch_add(1, Ordering::Relaxed);
    }

    fn read(self, is_first: bool) -> Histogram {
        let get = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let counts = (0..buckets::COUNT).map(|bucket| get(self.count(bucket))).collect();
        let Extremes { min, span, max } = self.extremes();
        Histogram::from_counts(counts, get(min), get(if is_first { span } else { max }))
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
