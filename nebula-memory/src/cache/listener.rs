#[cfg(feature = "std")]
use super::tally::Tally;

/// Why an entry has left its cache: what a [`Listener`] is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// There was no room for all.
    Capacity,
    /// Its time was over.
    Expired,
    /// Another value has taken its place.
    Replaced,
    /// It was removed, by itself or with others.
    Removed,
}

impl Cause {
    /// Whether the cache has decided it, not the user.
    #[must_use]
    pub fn is_eviction(self) -> bool {
        matches!(self, Self::Capacity | Self::Expired)
    }
}

/// Is told of every entry that leaves, once, after it has left: a look-up does not find it any more.
///
/// Never called under a lock, and may use the cache it listens to (a [`SharedCache`](super) that it has a handle of). Implemented
/// for closures.
///
/// ```
/// use core::cell::Cell;
/// use nebula_memory::cache::{Cache, Cause, Listener};
///
/// /// Counts who had to go.
/// #[derive(Default)]
/// struct Evicted(Cell<u32>);
///
/// impl<K, V> Listener<K, V> for &Evicted {
///     fn left(&self, _: &K, _: &V, cause: Cause) {
///         self.0.set(self.0.get() + u32::from(cause.is_eviction()));
///     }
/// }
///
/// let evicted = Evicted::default();
/// let mut cache = Cache::builder().capacity(2).listener(&evicted).build();
/// cache.insert_many([("a", 1), ("b", 2), ("c", 3)]);
/// cache.remove("c");
/// assert_eq!(evicted.0.get(), 1);
/// ```
pub trait Listener<K, V> {
    /// Whether anybody listens: what is not told need not be kept for it.
    #[doc(hidden)]
    const LISTENS: bool = true;

    /// Where look-ups are counted, if they are.
    #[doc(hidden)]
    #[cfg(feature = "std")]
    #[inline(always)]
    fn tally(&self) -> Option<&Tally> {
        None
    }

    /// `key` has left.
    fn left(&self, key: &K, value: &V, cause: Cause);
}

/// Nobody listens: nothing is done for it.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoListener;

impl<K, V> Listener<K, V> for NoListener {
    const LISTENS: bool = false;

    #[inline(always)]
    fn left(&self, _: &K, _: &V, _: Cause) {}
}

impl<K, V, F: Fn(&K, &V, Cause)> Listener<K, V> for F {
    fn left(&self, key: &K, value: &V, cause: Cause) {
        self(key, value, cause);
    }
}
