use super::{AsyncCache, AsyncCircuitBreakerCache, AsyncDedupCache};
use crate::cache::SharedCache;

/// [`AsyncCache`] by the name of what it does.
pub type AsyncComputeCache<K, V, C = SharedCache<K, V>> = AsyncCache<K, V, C>;

/// [`AsyncDedupCache`] by the names of its layers.
pub type AsyncComputeCacheWithDedup<K, V, C = SharedCache<K, V>> = AsyncDedupCache<K, V, AsyncCache<K, V, C>>;

/// [`AsyncCircuitBreakerCache`] by the names of its layers.
pub type AsyncComputeCacheWithCircuitBreaker<K, V, C = SharedCache<K, V>> =
    AsyncCircuitBreakerCache<K, V, AsyncCache<K, V, C>>;
