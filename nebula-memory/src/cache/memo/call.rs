use core::future::Future;

use super::keep::Keep;
use super::parts::{Look, Part};
use crate::cache::CacheValue;
use crate::cache::layers::{ComputeCache, DedupCache, Layered, Loaded, Store};

/// The result that was kept, or the key for the one to come.
///
/// # Errors
///
/// The key, owned.
#[inline]
pub fn look<M, R, P, C>(cache: &C, parts: P) -> Result<R, P::Owned>
where
    M: Keep<R>,
    P: Part,
    C: Store<P::Owned, M::Kept>,
{
    match cache.get(&Look(&parts)) {
        Some(found) => Ok(M::join(Ok(found))),
        None => Err(parts.own()),
    }
}

/// Runs the function, and keeps the result if it is one to keep.
#[inline]
pub fn keep<M, R, K, C, F>(cache: &C, key: K, run: F) -> R
where
    M: Keep<R>,
    C: Store<K, M::Kept>,
    F: FnOnce() -> R,
{
    kept::<M, R, K, C>(cache, key, run())
}

/// The same for a function that is polled.
#[inline]
pub async fn keep_async<M, R, K, C, F>(cache: &C, key: K, run: F) -> R
where
    M: Keep<R>,
    C: Store<K, M::Kept>,
    F: Future<Output = R>,
{
    kept::<M, R, K, C>(cache, key, run.await)
}

#[inline]
fn kept<M, R, K, C>(cache: &C, key: K, result: R) -> R
where
    M: Keep<R>,
    C: Store<K, M::Kept>,
{
    let split = M::split(result);
    if let Ok(value) = &split {
        cache.insert(key, value.clone());
    }
    M::join(split)
}

/// A cache that computes each value once for all who ask for it at the same time.
pub type Deduplicated<K, V, C> = DedupCache<K, V, ComputeCache<K, V, C>>;

/// Makes one of a cache.
pub fn deduplicated<K, V, C: Store<K, V>>(cache: C) -> Deduplicated<K, V, C> {
    DedupCache::over(cache)
}

/// Runs the function unless another thread does, and then waits for it.
#[inline]
pub fn fly<M, R, K, C, F>(cache: &C, key: K, run: F) -> R
where
    M: Keep<R>,
    M::Kept: CacheValue,
    C: Layered<K, M::Kept, M::Lost, Error = M::Lost>,
    F: FnOnce() -> R,
{
    M::join(cache.run(key, |_| M::split(run()).map(|value| Loaded { value, keep: true })))
}

/// What a closure makes of arguments.
#[inline(always)]
pub fn computed<T>(make: impl FnOnce() -> T) -> T {
    make()
}

/// A value that is never made: it says what type a block has.
#[cold]
pub fn nothing<T>() -> T {
    unreachable!("it is only asked for its type")
}
