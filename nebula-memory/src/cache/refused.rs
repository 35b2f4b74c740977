use core::fmt;

/// An entry that a cache has no room for: it weighs more than the capacity, or nothing can leave for it.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused<K, V> {
    /// Its key.
    pub key: K,
    /// Its value.
    pub value: V,
}

impl<K, V> Refused<K, V> {
    /// The value.
    pub fn into_value(self) -> V {
        // The key first: if its drop panics, the value is not lost.
        let Self { key, value } = self;
        drop(key);
        value
    }
}

impl<K, V> fmt::Debug for Refused<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refused").finish_non_exhaustive()
    }
}

impl<K, V> fmt::Display for Refused<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cache has no room for the entry, and can make none")
    }
}

impl<K, V> core::error::Error for Refused<K, V> {}

/// What is wrong with what a cache was asked to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheError {
    /// Nobody said how much it may hold.
    NoCapacity,
    /// Entries have numbers of 32 bits, and there would be more.
    CapacityTooLarge {
        /// The capacity asked for.
        capacity: usize,
    },
}

impl fmt::Display for CacheError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCapacity => {
                f.write_str("the cache has no capacity: call `.capacity(..)` before `.build()`")
            }
            Self::CapacityTooLarge { capacity } => {
                write!(f, "a cache of {capacity} entries: there can be 4294966272, or fewer that are weighed")
            }
        }
    }
}

impl core::error::Error for CacheError {}
