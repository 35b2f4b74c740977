use super::listener::{Cause, Listener};
use super::stats::Counts;

/// A number that threads count up.
#[cfg(all(feature = "stats", not(loom)))]
type Number = crate::stats::Counter;

/// A number that threads count up.
#[cfg(not(all(feature = "stats", not(loom))))]
#[derive(Debug)]
struct Number(crate::sync::AtomicU64);

#[cfg(not(all(feature = "stats", not(loom))))]
impl Number {
    fn new() -> Self {
        Self(crate::sync::AtomicU64::new(0))
    }

    #[inline]
    fn add(&self, more: u64) {
        self.0.fetch_add(more, crate::sync::Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(crate::sync::Ordering::Relaxed)
    }
}

/// What a cache has counted. Each number is exact as soon as nobody counts.
#[doc(hidden)]
#[derive(Debug)]
pub struct Tally {
    hits: Number,
    misses: Number,
    insertions: Number,
    evictions: Number,
}

impl Tally {
    fn new() -> Self {
        Self {
            hits: Number::new(),
            misses: Number::new(),
            insertions: Number::new(),
            evictions: Number::new(),
        }
    }

    /// A look-up.
    #[inline(always)]
    pub(crate) fn look(&self, hit: bool) {
        if hit { self.hits.add(1) } else { self.misses.add(1) }
    }

    /// Entries that came in, and some that had to go for it.
    #[inline(always)]
    pub(crate) fn change(&self, insertions: u64, evictions: u64) {
        if insertions > 0 {
            self.insertions.add(insertions);
        }
        if evictions > 0 {
            self.evictions.add(evictions);
        }
    }

    /// All of it.
    pub(crate) fn read(&self) -> Counts {
        Counts {
            hits: self.hits.get(),
            misses: self.misses.get(),
            insertions: self.insertions.get(),
            evictions: self.evictions.get(),
        }
    }
}

/// Another listener, and a cache that counts what is looked up, comes in and has to go.
///
/// A [`SharedCache`](super) counts nothing without it. With the feature `stats` each thread counts for itself.
#[derive(Debug)]
pub struct Counted<L> {
    listener: L,
    tally: Tally,
}

impl<L> Counted<L> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(listener: L) -> Self {
        Self { listener, tally: Tally::new() }
    }
}

impl<L: Default> Default for Counted<L> {
    fn default() -> Self {
        Self::new(L::default())
    }
}

impl<K, V, L: Listener<K, V>> Listener<K, V> for Counted<L> {
    const LISTENS: bool = L::LISTENS;

    #[inline(always)]
    fn tally(&self) -> Option<&Tally> {
        Some(&self.tally)
    }

    #[inline(always)]
    fn left(&self, key: &K, value: &V, cause: Cause) {
        self.listener.left(key, value, cause);
    }
}
