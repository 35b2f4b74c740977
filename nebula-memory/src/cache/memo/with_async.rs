//! Functions that are polled, one for all who ask at the same time.

use alloc_crate::boxed::Box;
use core::future::Future;
use core::pin::Pin;

use super::call::Missed;
use super::given::ForTasks;
use super::keep::Keep;
use crate::cache::CacheKey;
use crate::cache::layers::{AsyncCache, AsyncDedupCache, AsyncLayered, Loaded, SharedError, Store};

/// A cache for tasks that computes each value once for all who ask for it at the same time.
pub type AsyncDeduplicated<K, V, C> = AsyncDedupCache<K, V, AsyncCache<K, V, C>>;

/// Makes one of a cache.
pub fn async_deduplicated<K, V, C: Store<K, V>>(cache: C) -> AsyncDeduplicated<K, V, C> {
    AsyncDedupCache::over(cache)
}

/// What the function has to say, for whoever polls it.
pub type Flight<V, E> = Pin<Box<dyn Future<Output = Result<Loaded<V>, E>> + Send>>;

/// Polls the function, unless another task has begun that, and then polls what that has begun.
pub async fn fly_async<M, R, K, C, F>(missed: Missed<'_, C, K, M::Kept>, run: F) -> R
where
    M: Keep<R, Kept: Send + Sync, Lost: SharedError> + 'static,
    K: CacheKey,
    C: ForTasks<K, M::Kept>,
    C::Inner:
        AsyncLayered<K, M::Kept, M::Lost, Flight<M::Kept, M::Lost>, Error = M::Lost, Guarded: Send + 'static>,
    F: Future<Output = R> + Send + 'static,
{
    let Missed { cache, key, .. } = missed;
    let flight: Flight<M::Kept, M::Lost> =
        Box::pin(async move { M::split(run.await).map(|value| Loaded { value, keep: true }) });
    M::join(cache.for_tasks().run_missed_async(key, flight).await)
}
