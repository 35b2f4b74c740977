#[cfg(feature = "async")]
use alloc_crate::boxed::Box;
use core::future::Future;
use core::hash::Hash;
#[cfg(feature = "async")]
use core::pin::Pin;

use super::caches::Caches;
use super::keep::Keep;
use super::parts::{Look, OwnPart, Part};
#[cfg(feature = "async")]
use crate::cache::CacheKey;
#[cfg(feature = "async")]
use crate::cache::layers::{AsyncCache, AsyncDedupCache, AsyncLayered, SharedError};
use crate::cache::layers::{ComputeCache, DedupCache, Layered, Loaded, Store};
use crate::cache::policy::Policy;
use crate::cache::{CacheBuilder, DefaultHashBuilder, Listener, SharedCache, Weigher};

/// A call whose result was not found: the key for it, and where it goes.
pub struct Missed<'c, C, K, V> {
    cache: &'c C,
    key: K,
    /// `Store::insert`: so that nothing has to be known of the cache once it has been looked into.
    put: fn(&C, K, V),
}

/// The result that was kept, or the key for the one to come.
///
/// # Errors
///
/// What there is to do about it.
#[inline]
#[expect(clippy::needless_pass_by_value, reason = "it is made for this call")]
pub fn look<M, R, P, C>(cache: &C, parts: P) -> Result<R, Missed<'_, C, P::Owned, M::Kept>>
where
    M: Keep<R>,
    P: Part,
    C: Store<P::Owned, M::Kept>,
{
    match cache.get(&Look(&parts)) {
        Some(found) => Ok(M::join(Ok(found))),
        None => Err(Missed { cache, key: parts.own(), put: C::insert }),
    }
}

/// The cache that a function has for itself.
type Own<K, V, P, W> = SharedCache<K, V, P, DefaultHashBuilder, W>;

/// [`look`] into the function's own cache.
///
/// # Errors
///
/// What there is to do about it.
#[inline]
#[expect(clippy::type_complexity, reason = "written by a macro")]
pub fn look_own<M, R, A, P, W, T>(
    caches: &'static Caches,
    types: T,
    parts: A,
    build: fn() -> CacheBuilder<A::Owned, M::Kept, P, DefaultHashBuilder, W>,
) -> Result<R, Missed<'static, Own<A::Owned, M::Kept, P, W>, A::Owned, M::Kept>>
where
    M: Keep<R, Kept: Send + Sync + 'static>,
    A: OwnPart,
    P: Policy<Ranking: Send> + 'static,
    W: Weigher<A::Owned, M::Kept> + Send + Sync + 'static,
    T: 'static,
{
    look::<M, R, A, _>(caches.of(types, || shared(build())), parts)
}

/// Runs the function, and keeps the result if it is one to keep.
#[inline]
pub fn keep<M, R, K, C, F>(missed: Missed<'_, C, K, M::Kept>, run: F) -> R
where
    M: Keep<R>,
    F: FnOnce() -> R,
{
    kept::<M, R, K, C>(missed, run())
}

/// The same for a function that is polled.
#[inline]
pub async fn keep_async<M, R, K, C, F>(missed: Missed<'_, C, K, M::Kept>, run: F) -> R
where
    M: Keep<R>,
    F: Future<Output = R>,
{
    kept::<M, R, K, C>(missed, run.await)
}

#[inline]
fn kept<M, R, K, C>(missed: Missed<'_, C, K, M::Kept>, result: R) -> R
where
    M: Keep<R>,
{
    let split = M::split(result);
    if let Ok(value) = &split {
        (missed.put)(missed.cache, missed.key, value.clone());
    }
    M::join(split)
}

/// The cache of a function.
pub fn shared<K, V, P, W, L>(
    builder: CacheBuilder<K, V, P, DefaultHashBuilder, W, L>,
) -> SharedCache<K, V, P, DefaultHashBuilder, W, L>
where
    K: Hash + Eq,
    P: Policy,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    builder.build_shared()
}

/// A cache that computes each value once for all who ask for it at the same time.
pub type Deduplicated<K, V, C> = DedupCache<K, V, ComputeCache<K, V, C>>;

/// Makes one of a cache.
pub fn deduplicated<K, V, C: Store<K, V>>(cache: C) -> Deduplicated<K, V, C> {
    DedupCache::over(cache)
}

/// Runs the function unless another thread does, and then waits for it.
#[inline]
pub fn fly<M, R, K, C, F>(missed: Missed<'_, C, K, M::Kept>, run: F) -> R
where
    M: Keep<R>,
    C: Layered<K, M::Kept, M::Lost, Error = M::Lost>,
    F: FnOnce() -> R,
{
    let Missed { cache, key, .. } = missed;
    M::join(cache.run_missed(key, |_| M::split(run()).map(|value| Loaded { value, keep: true })))
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

/// A cache for tasks that computes each value once for all who ask for it at the same time.
#[cfg(feature = "async")]
pub type AsyncDeduplicated<K, V, C> = AsyncDedupCache<K, V, AsyncCache<K, V, C>>;

/// Makes one of a cache.
#[cfg(feature = "async")]
pub fn async_deduplicated<K, V, C: Store<K, V>>(cache: C) -> AsyncDeduplicated<K, V, C> {
    AsyncDedupCache::over(cache)
}

/// What the function has to say, for whoever polls it.
#[cfg(feature = "async")]
pub type Flight<V, E> = Pin<Box<dyn Future<Output = Result<Loaded<V>, E>> + Send>>;

/// Polls the function, unless another task has begun that, and then polls what that has begun.
#[cfg(feature = "async")]
pub async fn fly_async<M, R, K, C, F>(
    missed: Missed<'_, AsyncDedupCache<K, M::Kept, C>, K, M::Kept>,
    run: F,
) -> R
where
    M: Keep<R, Kept: Send + Sync, Lost: SharedError> + 'static,
    K: CacheKey,
    // Not any layer: the compiler sees only of a known one that its future is `Send`.
    C: AsyncLayered<K, M::Kept, M::Lost, Flight<M::Kept, M::Lost>, Error = M::Lost, Guarded: Send + 'static>,
    F: Future<Output = R> + Send + 'static,
{
    let Missed { cache, key, .. } = missed;
    let flight: Flight<M::Kept, M::Lost> =
        Box::pin(async move { M::split(run.await).map(|value| Loaded { value, keep: true }) });
    M::join(cache.run_missed_async(key, flight).await)
}
