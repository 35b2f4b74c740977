use core::hash::Hash;
use std::boxed::Box;
use std::sync::{Arc, LazyLock};

use equivalent::Equivalent;

use super::face::{changes, looks};

/// A cache for many threads, as far as [layers](super) need one. It gives out clones.
///
/// Keys are asked for by whatever is [`Equivalent`] to them, and has the same hash. Implemented for the caches of this crate, for
/// layers, and for what points to either.
///
/// ```
/// use nebula_memory::cache::SharedCache;
/// use nebula_memory::cache::layers::{ComputeCache, Store};
///
/// /// How full anything is that keeps values.
/// fn fill<K, V>(store: &impl Store<K, V>) -> (usize, usize) {
///     (store.len(), store.capacity())
/// }
///
/// let numbers = ComputeCache::over(SharedCache::new(10));
/// numbers.get_or_compute("seven", || 7);
/// assert_eq!((fill(&numbers), fill(numbers.store())), ((1, 10), (1, 10)));
/// ```
pub trait Store<K, V> {
    /// The value of `key`: a hit or a miss.
    fn get<Q>(&self, key: &Q) -> Option<V>
    where
        Q: ?Sized + Hash + Equivalent<K>;

    /// The value of `key`, without being counted as a hit or a miss.
    fn peek<Q>(&self, key: &Q) -> Option<V>
    where
        Q: ?Sized + Hash + Equivalent<K>;

    /// Whether there is a value of `key`, without being counted.
    fn contains<Q>(&self, key: &Q) -> bool
    where
        Q: ?Sized + Hash + Equivalent<K>,
    {
        self.peek(key).is_some()
    }

    /// Takes a value in, instead of one that was there. What finds no room is dropped.
    fn insert(&self, key: K, value: V);

    /// Takes a value in if there is none of this key and it still is `wanted`; the one that is there, otherwise.
    ///
    /// Both are found out in one step with taking it in: no other call for this key comes in between. So `wanted` may be called
    /// under a lock; what layers give here is a look at an atomic.
    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V>;

    /// Takes a value out.
    ///
    /// Also if there is none: this is before or after an [`insert_new`](Self::insert_new) of the same key, and if it is after it
    /// takes out what came in.
    fn remove<Q>(&self, key: &Q) -> Option<V>
    where
        Q: ?Sized + Hash + Equivalent<K>;

    /// Takes everything out.
    fn clear(&self);

    /// How many entries there are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much there may be: entries, or their weight if they are weighed.
    fn capacity(&self) -> usize;
}

/// The same store, by way of something that points to it.
macro_rules! by_pointer {
    ($($pointer:ty),*) => {$(
        impl<K, V, S: Store<K, V>> Store<K, V> for $pointer {
            looks!(|this| **this);
            changes!(|this| **this);
        }
    )*};
}

by_pointer!(&S, Box<S>, Arc<S>, LazyLock<S>);
