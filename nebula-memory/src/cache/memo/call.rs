use core::future::Future;
use core::hash::Hash;

use super::caches::Caches;
use super::given::ForThreads;
use super::keep::Keep;
use super::parts::{Look, OwnPart, Part};
use crate::cache::CacheKey;
use crate::cache::layers::{ComputeCache, DedupCache, Layered, Loaded, SharedError, Store};
use crate::cache::policy::Policy;
use crate::cache::{CacheBuilder, DefaultHashBuilder, Listener, SharedCache, Weigher};

/// A call whose result was not found: the key for it, and where it goes.
pub struct Missed<'c, C, K, V> {
    pub(super) cache: &'c C,
    pub(super) key: K,
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
    M: Keep<R, Lost: SharedError>,
    K: CacheKey,
    C: ForThreads<K, M::Kept>,
    C::Inner: Layered<K, M::Kept, M::Lost, Error = M::Lost>,
    F: FnOnce() -> R,
{
    let Missed { cache, key, .. } = missed;
    M::join(
        cache.for_threads().run_missed(key, |_| M::split(run()).map(|value| Loaded { value, keep: true })),
    )
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
