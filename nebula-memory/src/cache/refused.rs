use core::fmt;

use super::table::MOST;

/// An entry that a cache has no room for: it weighs more than the capacity, or nothing can leave for it.
///
/// ```
/// use nebula_memory::cache::SharedCache;
///
/// let cache = SharedCache::builder().capacity(10).weigh_by(|_, text: &String| text.len() as u32).build_shared();
/// let refused = cache.try_insert(1, "much too long".to_string()).unwrap_err();
/// assert_eq!((refused.key, refused.into_value().as_str()), (1, "much too long"));
/// ```
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
///
/// ```
/// use nebula_memory::cache::{Cache, CacheError};
///
/// assert_eq!(Cache::<u8, u8>::builder().try_build().unwrap_err(), CacheError::NoCapacity);
/// let many = Cache::<u8, u8>::builder().capacity(usize::MAX).try_build_shared();
/// assert_eq!(many.unwrap_err(), CacheError::CapacityTooLarge { capacity: usize::MAX });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CacheError {
    /// Nobody said how much it may hold.
    NoCapacity,
    /// Entries have numbers of 30 bits, and there would be more.
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
                write!(f, "a cache of {capacity} entries: there can be {MOST}, unless they are weighed")
            }
        }
    }
}

impl core::error::Error for CacheError {}
