use core::convert::Infallible;
use core::hash::Hash;

use super::both::computes;
use super::{CircuitBreakerCache, DedupCache, Layered, Loaded, Store};
use crate::cache::after::after;

computes! {
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
    ComputeCache; DedupCache; CircuitBreakerCache
}

impl<K, V, C: Store<K, V>> ComputeCache<K, V, C> {
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
}

/// Takes a value in that was computed; the one that is there if another was faster.
pub(super) fn keep<K, V: Clone>(store: &impl Store<K, V>, key: K, value: V) -> V {
    match store.insert_new(key, value.clone(), || true) {
        Some(other) => after(value, other),
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
            Some(value) => Ok(after((key, load), value)),
            None => self.run_missed(key, load),
        }
    }

    fn run_missed(&self, key: K, load: impl FnOnce(&K) -> Result<Loaded<V>, E>) -> Result<V, E> {
        let Loaded { value, keep: is_kept } = load(&key)?;
        Ok(if is_kept { keep(&self.store, key, value) } else { after(key, value) })
    }
}
