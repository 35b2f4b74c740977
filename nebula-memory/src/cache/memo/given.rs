//! Caches of the user's own that compute each value once for all who ask at the same time, or what points to one.

use alloc_crate::boxed::Box;
use std::sync::{Arc, LazyLock};

#[cfg(feature = "async")]
use crate::cache::layers::AsyncDedupCache;
use crate::cache::layers::DedupCache;

macro_rules! given {
    ($(#[$about:meta])* $trait:ident, $method:ident, $cache:ident) => {
        $(#[$about])*
        pub trait $trait<K, V> {
            /// What it is around.
            type Inner;

            /// The cache.
            fn $method(&self) -> &$cache<K, V, Self::Inner>;
        }

        impl<K, V, C> $trait<K, V> for $cache<K, V, C> {
            type Inner = C;

            #[inline(always)]
            fn $method(&self) -> &Self {
                self
            }
        }

        given!($trait, $method, $cache: &C, Arc<C>, Box<C>, LazyLock<C>);
    };
    ($trait:ident, $method:ident, $cache:ident: $($pointer:ty),*) => {
        $(impl<K, V, C: $trait<K, V>> $trait<K, V> for $pointer {
            type Inner = C::Inner;

            #[inline]
            fn $method(&self) -> &$cache<K, V, C::Inner> {
                (**self).$method()
            }
        })*
    };
}

given! {
    /// One for threads. Not any layer: each thread would compute for itself.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not compute once for all threads that ask",
        label = "`single_flight` needs a `DedupCache`",
        note = "put it around the cache: `DedupCache::over(cache)`"
    )]
    ForThreads, for_threads, DedupCache
}

#[cfg(feature = "async")]
given! {
    /// One for tasks. Not any layer, for the same reason; and the compiler sees only of a known one that its future is `Send`.
    #[diagnostic::on_unimplemented(
        message = "`{Self}` does not compute once for all tasks that ask",
        label = "`single_flight` of an `async fn` needs an `AsyncDedupCache`",
        note = "put it around the cache: `AsyncDedupCache::over(cache)`"
    )]
    ForTasks, for_tasks, AsyncDedupCache
}
