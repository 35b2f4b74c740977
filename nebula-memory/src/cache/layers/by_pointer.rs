//! Layers by way of what points to them, as [`Store`](super::Store)s are: one in a `static` is behind a `LazyLock`.

use std::boxed::Box;
use std::sync::{Arc, LazyLock};

#[cfg(feature = "async")]
use super::AsyncLayered;
use super::{Layered, Loaded};

macro_rules! by_pointer {
    ($($pointer:ty),*) => {$(
        impl<K, V, E, C: Layered<K, V, E>> Layered<K, V, E> for $pointer {
            type Error = C::Error;

            fn guard(
                &self,
                key: &K,
                load: impl FnOnce(&K) -> Result<Loaded<V>, E>,
            ) -> Result<Loaded<V>, C::Error> {
                (**self).guard(key, load)
            }

            fn run(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, C::Error> {
                (**self).run(key, load)
            }

            fn run_missed(
                &self,
                key: K,
                load: impl FnOnce(&K) -> Result<Loaded<V>, E>,
            ) -> Result<V, C::Error> {
                (**self).run_missed(key, load)
            }
        }

        #[cfg(feature = "async")]
        impl<K, V, E, F, C: AsyncLayered<K, V, E, F>> AsyncLayered<K, V, E, F> for $pointer {
            type Error = C::Error;
            type Guarded = C::Guarded;

            fn guard_async(&self, key: &K, load: F) -> C::Guarded {
                (**self).guard_async(key, load)
            }

            fn run_async(&self, key: K, load: F) -> impl Future<Output = Result<V, C::Error>> {
                (**self).run_async(key, load)
            }

            fn run_missed_async(&self, key: K, load: F) -> impl Future<Output = Result<V, C::Error>> {
                (**self).run_missed_async(key, load)
            }
        }
    )*};
}

by_pointer!(&C, Box<C>, Arc<C>, LazyLock<C>);
