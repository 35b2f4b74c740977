//! The methods that all layers have, so that nobody has to import [`Store`](super::Store) for them.

/// Methods of `$name<K, V, C, ..>`: how it is made, what its [`Store`](super::Store) does, and how to put layers around it, a
/// `$dedup` and a `$breaker` among them.
macro_rules! face {
    ($name:ident $(, $parameter:ident)*; $($dedup:ident)?; $($breaker:ident)?) => {
        impl<K: core::hash::Hash + Eq, V: Clone> $name<K, V> {
            /// A cache of at most so many entries, as [`SharedCache`](crate::cache::SharedCache) has it unless told otherwise.
            ///
            /// # Panics
            ///
            /// If the capacity is 2³⁰ or more.
            pub fn new(capacity: usize) -> Self {
                Self::over($crate::cache::SharedCache::new(capacity))
            }
        }

        impl<K, V, C $(, $parameter)*> $name<K, V, C $(, $parameter)*> {
            $(
                #[doc = "Computes each value once for all who ask for it at the same time: see"]
                #[doc = concat!("[`", stringify!($dedup), "`].")]
                pub fn with_deduplication(self) -> $dedup<K, V, Self> {
                    self.layer($crate::cache::layers::DeduplicationLayer)
                }
            )?

            $(
                #[doc = concat!("Computes nothing while that only fails: see [`", stringify!($breaker), "`].")]
                pub fn with_circuit_breaker(self) -> $breaker<K, V, Self> {
                    self.layer($crate::cache::layers::CircuitBreakerLayer::new())
                }
            )?

            /// Puts a layer around it.
            pub fn layer<L: $crate::cache::layers::Layer<Self>>(self, layer: L) -> L::Cache {
                layer.layer(self)
            }
        }

        impl<K, V, C $(, $parameter)*> $name<K, V, C $(, $parameter)*>
        where
            Self: $crate::cache::layers::Store<K, V>,
        {
            /// The value of `key`, if it is there. Nothing is computed, and nothing waited for.
            pub fn get<Q>(&self, key: &Q) -> Option<V>
            where
                Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>,
            {
                $crate::cache::layers::Store::get(self, key)
            }

            /// The same, without being counted as a hit or a miss.
            pub fn peek<Q>(&self, key: &Q) -> Option<V>
            where
                Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>,
            {
                $crate::cache::layers::Store::peek(self, key)
            }

            /// Whether there is a value of `key`, without being counted.
            pub fn contains<Q>(&self, key: &Q) -> bool
            where
                Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>,
            {
                $crate::cache::layers::Store::contains(self, key)
            }

            /// Takes a value in, instead of one that was there. It stays, whatever was being computed meanwhile.
            pub fn insert(&self, key: K, value: V) {
                $crate::cache::layers::Store::insert(self, key, value);
            }

            /// Takes a value out.
            pub fn remove<Q>(&self, key: &Q) -> Option<V>
            where
                Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>,
            {
                $crate::cache::layers::Store::remove(self, key)
            }

            /// Takes everything out.
            pub fn clear(&self) {
                $crate::cache::layers::Store::clear(self);
            }

            /// How many entries there are.
            pub fn len(&self) -> usize {
                $crate::cache::layers::Store::len(self)
            }

            /// Whether there is none.
            pub fn is_empty(&self) -> bool {
                $crate::cache::layers::Store::is_empty(self)
            }

            /// How much there may be: entries, or their weight if they are weighed.
            pub fn capacity(&self) -> usize {
                $crate::cache::layers::Store::capacity(self)
            }
        }
    };
}

/// What a [`Store`](super::Store) does that is another one's: looking, being measured, and taking in what is new.
macro_rules! looks {
    (|$this:ident| $store:expr) => {
        fn get<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> Option<V> {
            let $this = self;
            $store.get(key)
        }

        fn peek<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> Option<V> {
            let $this = self;
            $store.peek(key)
        }

        fn contains<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> bool {
            let $this = self;
            $store.contains(key)
        }

        fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
            let $this = self;
            $store.insert_new(key, value, wanted)
        }

        fn len(&self) -> usize {
            let $this = self;
            $store.len()
        }

        fn is_empty(&self) -> bool {
            let $this = self;
            $store.is_empty()
        }

        fn capacity(&self) -> usize {
            let $this = self;
            $store.capacity()
        }
    };
}

/// All else that it does.
macro_rules! changes {
    (|$this:ident| $store:expr) => {
        fn insert(&self, key: K, value: V) {
            let $this = self;
            $store.insert(key, value);
        }

        fn remove<Q: ?Sized + core::hash::Hash + equivalent::Equivalent<K>>(&self, key: &Q) -> Option<V> {
            let $this = self;
            $store.remove(key)
        }

        fn clear(&self) {
            let $this = self;
            $store.clear();
        }
    };
}

pub(super) use {changes, face, looks};
