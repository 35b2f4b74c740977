//! What caches that compute are besides that, for threads or for tasks.

/// `$name`, which computes what its store has not; around it can be a `$dedup` or a `$breaker`.
macro_rules! computes {
    ($(#[$about:meta])* $name:ident; $dedup:ident; $breaker:ident) => {
        $(#[$about])*
        pub struct $name<K, V, C = $crate::cache::SharedCache<K, V>> {
            store: C,
            entries: core::marker::PhantomData<fn() -> (K, V)>,
        }

        impl<K, V, C: $crate::cache::layers::Store<K, V>> $name<K, V, C> {
            /// Computes what `store` has not.
            pub const fn over(store: C) -> Self {
                Self { store, entries: core::marker::PhantomData }
            }

            /// What keeps the values.
            pub const fn store(&self) -> &C {
                &self.store
            }

            /// What keeps the values, without this around it.
            pub fn into_store(self) -> C {
                self.store
            }
        }

        $crate::cache::layers::face::face!($name; $dedup; $breaker);

        impl<K, V, C: $crate::cache::layers::Store<K, V>> $crate::cache::layers::Store<K, V> for $name<K, V, C> {
            $crate::cache::layers::face::looks!(|this| this.store);
            $crate::cache::layers::face::changes!(|this| this.store);
        }

        impl<K, V, C: Clone> Clone for $name<K, V, C> {
            fn clone(&self) -> Self {
                Self { store: self.store.clone(), entries: core::marker::PhantomData }
            }
        }

        impl<K, V, C: core::fmt::Debug> core::fmt::Debug for $name<K, V, C> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name)).field("store", &self.store).finish()
            }
        }
    };
}

pub(super) use computes;
