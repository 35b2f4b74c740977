//! What caches are that compute once for all, besides that: for threads or for tasks.

/// `$name`, around a `$compute` or a `$breaker`; one load of it is a `$flight`.
macro_rules! dedups {
    ($(#[$about:meta])* $name:ident; $compute:ident; $breaker:ident; $flight:ty) => {
        $(#[$about])*
        pub struct $name<K, V, C = $compute<K, V>> {
            inner: C,
            flights: $crate::cache::layers::dedup::flights::Flights<$flight>,
            entries: core::marker::PhantomData<fn() -> (K, V)>,
        }

        impl<K, V, C> $crate::cache::layers::Layer<$compute<K, V, C>> for $crate::cache::layers::DeduplicationLayer {
            type Cache = $name<K, V, $compute<K, V, C>>;

            fn layer(self, cache: $compute<K, V, C>) -> Self::Cache {
                $name::around(cache)
            }
        }

        impl<K, V, C, G, T, S> $crate::cache::layers::Layer<$breaker<K, V, C, G, T, S>>
            for $crate::cache::layers::DeduplicationLayer
        {
            type Cache = $name<K, V, $breaker<K, V, C, G, T, S>>;

            fn layer(self, cache: $breaker<K, V, C, G, T, S>) -> Self::Cache {
                $name::around(cache)
            }
        }

        impl<K, V, C: $crate::cache::layers::Store<K, V>> $name<K, V, $compute<K, V, C>> {
            /// Computes what `store` has not.
            pub fn over(store: C) -> Self {
                Self::around($compute::over(store))
            }
        }

        impl<K, V, C> $name<K, V, C> {
            fn around(inner: C) -> Self {
                let flights = $crate::cache::layers::dedup::flights::Flights::new();
                Self { inner, flights, entries: core::marker::PhantomData }
            }

            /// How many values are being computed.
            pub fn computing(&self) -> usize {
                self.flights.len()
            }

            /// What this is around.
            pub const fn inner(&self) -> &C {
                &self.inner
            }

            /// What this was around.
            pub fn into_inner(self) -> C {
                self.inner
            }
        }

        $crate::cache::layers::face::face!($name; ; $breaker);

        impl<K, V, C> $crate::cache::layers::Store<K, V> for $name<K, V, C>
        where
            K: core::hash::Hash + Eq,
            C: $crate::cache::layers::Store<K, V>,
        {
            $crate::cache::layers::face::looks!(|this| this.inner);

            fn insert(&self, key: K, value: V) {
                let superseded = self.flights.supersede(&key);
                self.inner.insert(key, value);
                drop(superseded);
            }

            fn remove<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> Option<V> {
                let superseded = self.flights.supersede(key);
                let value = self.inner.remove(key);
                $crate::cache::after::after(superseded, value)
            }

            fn clear(&self) {
                let superseded = self.flights.supersede_all();
                self.inner.clear();
                drop(superseded);
            }
        }

        impl<K, V, C: core::fmt::Debug> core::fmt::Debug for $name<K, V, C> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("inner", &self.inner)
                    .field("computing", &self.computing())
                    .finish_non_exhaustive()
            }
        }
    };
}

pub(super) use dedups;
