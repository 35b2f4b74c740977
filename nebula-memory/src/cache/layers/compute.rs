use core::convert::Infallible;
use core::fmt;
use core::hash::Hash;
use core::marker::PhantomData;

use equivalent::Equivalent;

use super::face::{face, looks};
use super::{
    CircuitBreakerCache, CircuitBreakerLayer, DedupCache, DeduplicationLayer, Layer, Layered, Loaded, Store,
};
use crate::cache::SharedCache;
use crate::unwind::without;

/// A cache that computes what it has not.
///
/// It keeps no record of what is being computed: threads that ask for the same key at the same time compute it each, and the
/// first that is done is the one whose value stays. What is inserted meanwhile stays as well; what is removed meanwhile may come
/// back with the value that was being computed. If that matters, or computing is dear, put a [`DedupCache`] around it.
///
/// Nothing is locked while something is computed, which may use the cache in turn. A value that is kept is cloned for it, so
/// values that are dear to clone are best put into an `Arc`.
///
/// ```
/// use nebula_memory::cache::layers::ComputeCache;
///
/// let numbers = ComputeCache::new(100);
/// let parse = |text: &'static str| numbers.try_get_or_compute(text, || text.parse::<u32>());
/// assert_eq!(parse("17"), Ok(17));
/// assert!(parse("many").is_err());
/// assert_eq!((numbers.get("17"), numbers.len()), (Some(17), 1));
/// ```
pub struct ComputeCache<K, V, C = SharedCache<K, V>> {
    store: C,
    entries: PhantomData<fn() -> (K, V)>,
}

impl<K: Hash + Eq, V: Clone> ComputeCache<K, V> {
    /// A cache of at most so many entries, as [`SharedCache`] has it unless told otherwise.
    pub fn new(capacity: usize) -> Self {
        Self::over(SharedCache::new(capacity))
    }
}

impl<K, V, C: Store<K, V>> ComputeCache<K, V, C> {
    /// Computes what `store` has not.
    pub const fn over(store: C) -> Self {
        Self { store, entries: PhantomData }
    }

    /// The value of `key`; if there is none, what `compute` returns, which is kept.
    ///
    /// # Panics
    /// If `compute` does. Nothing is changed then.
    pub fn get_or_compute(&self, key: K, compute: impl FnOnce() -> V) -> V
    where
        K: Hash + Eq,
        V: Clone,
    {
        sure(self.try_get_or_compute(key, || Ok(compute())))
    }

    /// The value of `key`; if there is none, what `compute` returns, which is kept if it is one.
    ///
    /// # Errors
    /// That of `compute`. No entry has to go for it, and nothing is kept.
    ///
    /// # Panics
    /// If `compute` does. Nothing is changed then.
    pub fn try_get_or_compute<E>(&self, key: K, compute: impl FnOnce() -> Result<V, E>) -> Result<V, E>
    where
        K: Hash + Eq,
        V: Clone,
    {
        self.run(key, |_| compute().map(Loaded::fresh))
    }

    /// Computes each value once for all who ask for it at the same time: see [`DedupCache`].
    pub fn with_deduplication(self) -> DedupCache<K, V, Self> {
        self.layer(DeduplicationLayer)
    }

    /// Computes nothing while that only fails: see [`CircuitBreakerCache`].
    pub fn with_circuit_breaker(self) -> CircuitBreakerCache<K, V, Self> {
        self.layer(CircuitBreakerLayer::new())
    }

    /// Puts a layer around it.
    pub fn layer<L: Layer<Self>>(self, layer: L) -> L::Cache {
        layer.layer(self)
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

/// Takes a value in that was computed; the one that is there if another was faster.
pub(super) fn keep<K, V: Clone>(store: &impl Store<K, V>, key: K, value: V) -> V {
    match store.insert_new(key, value.clone(), || true) {
        Some(other) => without(value, other),
        None => value,
    }
}

/// What cannot have failed.
pub(super) fn sure<V>(result: Result<V, Infallible>) -> V {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

face!(ComputeCache);

impl<K, V, C: Store<K, V>> Store<K, V> for ComputeCache<K, V, C> {
    looks!(store);

    fn insert(&self, key: K, value: V) {
        self.store.insert(key, value);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        self.store.insert_new(key, value, wanted)
    }

    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.store.remove(key)
    }

    fn clear(&self) {
        self.store.clear();
    }
}

impl<K, V: Clone, E, C: Store<K, V>> Layered<K, V, E> for ComputeCache<K, V, C>
where
    K: Hash + Eq,
{
    type Error = E;

    fn guard(&self, key: &K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<Loaded<V>, E> {
        load(key)
    }

    fn run(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, E> {
        match self.store.get(&key) {
            Some(value) => Ok(value),
            None => self.run_missed(key, load),
        }
    }

    fn run_missed(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, E> {
        let Loaded { value, keep: is_kept } = load(&key)?;
        Ok(if is_kept { keep(&self.store, key, value) } else { value })
    }
}

impl<K, V, C: Clone> Clone for ComputeCache<K, V, C> {
    fn clone(&self) -> Self {
        Self { store: self.store.clone(), entries: PhantomData }
    }
}

impl<K, V, C: fmt::Debug> fmt::Debug for ComputeCache<K, V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ComputeCache").field("store", &self.store).finish()
    }
}
