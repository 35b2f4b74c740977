#[cfg(feature = "async")]
use core::future::Future;

use super::Store;

/// What a load has brought.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded<V> {
    /// The answer.
    pub value: V,
    /// Whether it is to be kept.
    pub keep: bool,
}

impl<V> Loaded<V> {
    /// To be kept.
    pub(super) fn fresh(value: V) -> Self {
        Self { value, keep: true }
    }
}

/// A cache that loads what it has not: what layers need of each other. Loads fail with `E`.
///
/// A load goes through two doors. [`guard`](Self::guard) decides whether there is a load at all, and learns how it went;
/// [`run`](Self::run) decides whose load it is, and where the value goes. So it makes no difference which layer is around which.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps values, but does not compute them",
    label = "no layer around this",
    note = "put one around it: `ComputeCache::over(cache)`, or `DedupCache::over(cache)` for one computation at a time"
)]
pub trait Layered<K, V, E>: Store<K, V> {
    /// How a load fails that was guarded.
    type Error;

    /// The load, as this layer and those in it have it. Keeps nothing.
    fn guard(&self, key: &K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>)
    -> Result<Loaded<V>, Self::Error>;

    /// The value of `key`, from the store or by a load.
    fn run(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, Self::Error>;

    /// The same for a key that was looked for just now: it is no second miss.
    fn run_missed(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, Self::Error>;
}

/// Puts something around a cache.
///
/// ```
/// use nebula_memory::cache::layers::{ComputeCache, DeduplicationLayer};
///
/// let squares = ComputeCache::new(100).layer(DeduplicationLayer);
/// assert_eq!(squares.get_or_compute(7, || 49), 49);
/// ```
pub trait Layer<C> {
    /// The cache with this around it.
    type Cache;

    /// Puts it around `cache`.
    fn layer(self, cache: C) -> Self::Cache;
}

/// The same for tasks: loads are futures of type `F`.
#[cfg(feature = "async")]
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` keeps values, but does not compute them for tasks",
    label = "no layer for tasks around this",
    note = "put one around it: `AsyncCache::over(cache)`, or `AsyncDedupCache::over(cache)` for one computation at a time"
)]
pub trait AsyncLayered<K, V, E, F>: Store<K, V> {
    /// How a load fails that was guarded.
    type Error;

    /// A load that was guarded. It borrows nothing of the cache, so that it can go on when whoever began it does not.
    type Guarded: Future<Output = Result<Loaded<V>, Self::Error>>;

    /// The load, as this layer and those in it have it. Does nothing yet.
    fn guard_async(&self, key: &K, load: F) -> Self::Guarded;

    /// The value of `key`, from the store or by a load.
    fn run_async(&self, key: K, load: F) -> impl Future<Output = Result<V, Self::Error>>;

    /// The same for a key that was looked for just now: it is no second miss.
    fn run_missed_async(&self, key: K, load: F) -> impl Future<Output = Result<V, Self::Error>>;
}
