//! What circuit breakers are besides loading, for threads or for tasks.

/// `$name`, around a `$compute` or a `$dedup`; what it knows of loads is in a `$breaking`.
macro_rules! breaks {
    ($(#[$about:meta])* $name:ident; $compute:ident; $dedup:ident; $breaking:ty) => {
        $(#[$about])*
        pub struct $name<
            K,
            V,
            C = $compute<K, V>,
            G = $crate::cache::layers::OneClass,
            T = $crate::cache::expiry::Monotonic,
            S = $crate::cache::layers::NoStale,
        > {
            inner: C,
            breaking: $breaking,
            entries: core::marker::PhantomData<fn() -> (K, V)>,
        }

        impl<K, V, C, G, T, S> $crate::cache::layers::Layer<$compute<K, V, C>>
            for $crate::cache::layers::CircuitBreakerLayer<G, T, S>
        {
            type Cache = $name<K, V, $compute<K, V, C>, G, T, S>;

            fn layer(self, cache: $compute<K, V, C>) -> Self::Cache {
                $name::around(cache, self)
            }
        }

        impl<K, V, C, G, T, S> $crate::cache::layers::Layer<$dedup<K, V, C>>
            for $crate::cache::layers::CircuitBreakerLayer<G, T, S>
        {
            type Cache = $name<K, V, $dedup<K, V, C>, G, T, S>;

            fn layer(self, cache: $dedup<K, V, C>) -> Self::Cache {
                $name::around(cache, self)
            }
        }

        impl<K, V, C: $crate::cache::layers::Store<K, V>> $name<K, V, $compute<K, V, C>> {
            /// Computes what `store` has not.
            pub fn over(store: C) -> Self {
                Self::around($compute::over(store), $crate::cache::layers::CircuitBreakerLayer::new())
            }
        }

        impl<K, V, C, G, T, S> $name<K, V, C, G, T, S> {
            fn around(inner: C, layer: $crate::cache::layers::CircuitBreakerLayer<G, T, S>) -> Self {
                Self { inner, breaking: layer.into_breaking().into(), entries: core::marker::PhantomData }
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

        impl<K, V, C, G, T, S> $name<K, V, C, G, T, S>
        where
            G: $crate::cache::layers::Classes<K>,
            T: $crate::cache::expiry::Clock,
        {
            /// How the circuit of `key` stands.
            pub fn state(&self, key: &K) -> $crate::cache::layers::CircuitState {
                self.breaking.state(key)
            }

            /// Closes the circuit of `key`, and forgets what has failed.
            pub fn close(&self, key: &K) {
                self.breaking.circuits.forget(self.breaking.classes.class(key));
            }

            /// Of how many classes of keys something is known.
            pub fn classes(&self) -> usize {
                self.breaking.circuits.len()
            }
        }

        $crate::cache::layers::face::face!($name, G, T, S; $dedup; );

        impl<K, V, C, G, T, S> $crate::cache::layers::Store<K, V> for $name<K, V, C, G, T, S>
        where
            K: core::hash::Hash + Eq + Clone,
            V: Clone,
            C: $crate::cache::layers::Store<K, V>,
            S: $crate::cache::layers::Fallback<K, V>,
        {
            $crate::cache::layers::face::looks!(|this| this.inner);

            fn insert(&self, key: K, value: V) {
                self.breaking.stale.replace(&key, &value);
                self.inner.insert(key, value);
            }

            fn remove<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> Option<V> {
                self.breaking.stale.forget(key);
                self.inner.remove(key)
            }

            fn clear(&self) {
                self.breaking.stale.forget_all();
                self.inner.clear();
            }
        }

        impl<K, V, C: core::fmt::Debug, G, T, S> core::fmt::Debug for $name<K, V, C, G, T, S> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("inner", &self.inner)
                    .field("circuits", &self.breaking.circuits)
                    .finish()
            }
        }
    };
}

pub(super) use breaks;
