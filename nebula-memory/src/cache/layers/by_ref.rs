//! Computing by a borrowed key, which is made owned only if there is no value.

use core::convert::Infallible;
#[cfg(feature = "async")]
use core::future::Future;
use core::hash::Hash;
use std::borrow::ToOwned;

use equivalent::Equivalent;

use super::compute::sure;
#[cfg(feature = "async")]
use super::fetch::{Fetch, FetchSure};
#[cfg(feature = "async")]
use super::{AsyncCache, AsyncCircuitBreakerCache, AsyncDedupCache, AsyncLayered};
use super::{CircuitBreakerCache, ComputeCache, DedupCache, Layered, Loaded, Store};
use crate::cache::after::after;

/// The method of a cache for threads that computes what cannot fail.
macro_rules! get {
    ($name:ident) => {
        impl<K, V, C> $name<K, V, C> {
            /// The same as [`get_or_compute`](Self::get_or_compute) by a borrowed key, which is made owned only if there is no value:
            /// a hit allocates nothing.
            ///
            /// # Panics
            /// Where that does.
            pub fn get_or_compute_by_ref<Q>(&self, key: &Q, compute: impl FnOnce() -> V) -> V
            where
                Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
                Self: Layered<K, V, Infallible, Error = Infallible>,
            {
                sure(self.try_get_or_compute_by_ref(key, || Ok(compute())))
            }
        }
    };
}

/// That of one that computes what may fail.
macro_rules! try_get {
    ($name:ident $(, $parameter:ident)*) => {
        impl<K, V, C $(, $parameter)*> $name<K, V, C $(, $parameter)*> {
            /// The same as [`try_get_or_compute`](Self::try_get_or_compute) by a borrowed key, which is made owned only if there is
            /// no value: a hit allocates nothing.
            ///
            /// # Errors
            /// As there.
            ///
            /// # Panics
            /// Where that does.
            pub fn try_get_or_compute_by_ref<Q, E>(
                &self,
                key: &Q,
                compute: impl FnOnce() -> Result<V, E>,
            ) -> Result<V, <Self as Layered<K, V, E>>::Error>
            where
                Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
                Self: Layered<K, V, E>,
            {
                match Store::get(self, key) {
                    Some(value) => Ok(after(compute, value)),
                    None => self.run_missed(key.to_owned().into(), |_| compute().map(Loaded::fresh)),
                }
            }
        }
    };
}

/// The same for tasks.
#[cfg(feature = "async")]
macro_rules! get_async {
    ($name:ident) => {
        impl<K, V, C> $name<K, V, C> {
            /// The same as [`get_or_compute`](Self::get_or_compute) by a borrowed key, which is made owned only if there is no value:
            /// a hit allocates nothing.
            ///
            /// # Panics
            /// Where that does.
            pub async fn get_or_compute_by_ref<Q, F, O>(&self, key: &Q, compute: F) -> V
            where
                Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
                F: FnOnce() -> O,
                O: Future<Output = V>,
                Self: AsyncLayered<K, V, Infallible, FetchSure<F, O>, Error = Infallible>,
            {
                match Store::get(self, key) {
                    Some(value) => after(compute, value),
                    None => sure(self.run_missed_async(key.to_owned().into(), FetchSure::new(compute)).await),
                }
            }
        }
    };
}

#[cfg(feature = "async")]
macro_rules! try_get_async {
    ($name:ident $(, $parameter:ident)*) => {
        impl<K, V, C $(, $parameter)*> $name<K, V, C $(, $parameter)*> {
            /// The same as [`try_get_or_compute`](Self::try_get_or_compute) by a borrowed key, which is made owned only if there is
            /// no value: a hit allocates nothing.
            ///
            /// # Errors
            /// As there.
            ///
            /// # Panics
            /// Where that does.
            pub async fn try_get_or_compute_by_ref<Q, E, F, O>(
                &self,
                key: &Q,
                compute: F,
            ) -> Result<V, <Self as AsyncLayered<K, V, E, Fetch<F, O>>>::Error>
            where
                Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
                F: FnOnce() -> O,
                O: Future<Output = Result<V, E>>,
                Self: AsyncLayered<K, V, E, Fetch<F, O>>,
            {
                match Store::get(self, key) {
                    Some(value) => Ok(after(compute, value)),
                    None => self.run_missed_async(key.to_owned().into(), Fetch::new(compute)).await,
                }
            }
        }
    };
}

get!(ComputeCache);
get!(DedupCache);
try_get!(ComputeCache);
try_get!(DedupCache);
try_get!(CircuitBreakerCache, G, T, S);
#[cfg(feature = "async")]
get_async!(AsyncCache);
#[cfg(feature = "async")]
get_async!(AsyncDedupCache);
#[cfg(feature = "async")]
try_get_async!(AsyncCache);
#[cfg(feature = "async")]
try_get_async!(AsyncDedupCache);
#[cfg(feature = "async")]
try_get_async!(AsyncCircuitBreakerCache, G, T, S);
