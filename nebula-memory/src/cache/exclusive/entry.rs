use alloc_crate::borrow::ToOwned;
use core::convert::Infallible;
use core::fmt;
use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::Cache;
use crate::cache::after::after;
use crate::cache::core::Half;
use crate::cache::policy::{Id, Policy};
use crate::cache::{Listener, Refused, Weigher};

/// The place of a key in a cache: see [`Cache::entry`].
#[must_use = "nothing happens before one of its methods is called"]
pub enum Entry<'a, K, V, P: Policy, S, W, L> {
    /// There is a value.
    Occupied(OccupiedEntry<'a, K, V, P, S, W, L>),
    /// There is none.
    Vacant(VacantEntry<'a, K, V, P, S, W, L>),
}

/// A key that is there: see [`Entry`].
#[must_use = "nothing happens before one of its methods is called"]
pub struct OccupiedEntry<'a, K, V, P: Policy, S, W, L> {
    cache: &'a mut Cache<K, V, P, S, W, L>,
    id: Id,
    hash: u64,
    key: K,
}

/// A key that is not there: see [`Entry`].
#[must_use = "nothing happens before one of its methods is called"]
pub struct VacantEntry<'a, K, V, P: Policy, S, W, L> {
    cache: &'a mut Cache<K, V, P, S, W, L>,
    half: Half,
    key: K,
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The place of a key, to look at and to fill: one look-up for both. A hit, if it is there, and a miss otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, Entry};
    ///
    /// let mut cache = Cache::new(10);
    /// match cache.entry("a") {
    ///     Entry::Occupied(there) => unreachable!("{there:?}"),
    ///     Entry::Vacant(free) => assert_eq!(*free.insert(1).unwrap(), 1),
    /// }
    /// *cache.entry("a").or_insert(0).unwrap() += 1;
    /// assert_eq!(cache.get("a"), Some(&2));
    /// ```
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V, P, S, W, L> {
        let hash = self.cache_hash(&key);
        match self.hit(hash, |other| *other == key) {
            Some(id) => Entry::Occupied(OccupiedEntry { cache: self, id, hash, key }),
            None => Entry::Vacant(VacantEntry { cache: self, half: Half::of(hash), key }),
        }
    }

    /// The value of a key; what `make` gives, if there is none, is put in.
    ///
    /// # Errors
    ///
    /// The new entry comes back if there can be no room for it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// assert_eq!(cache.get_or_insert_with("a", || 1).unwrap(), &1);
    /// assert_eq!(cache.get_or_insert_with("a", || unreachable!()).unwrap(), &1);
    /// ```
    #[inline]
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> Result<&mut V, Refused<K, V>> {
        self.entry(key).or_insert_with(make)
    }

    /// The same by a borrowed key, which is made owned only if there is no value: a hit allocates nothing.
    /// What it is made into has to be equal to it, and to have its hash.
    ///
    /// # Errors
    ///
    /// The new entry comes back if there can be no room for it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache: Cache<String, usize> = Cache::new(10);
    /// for word in ["tea", "tea"] {
    ///     assert_eq!(cache.get_or_insert_with_by_ref(word, || word.len()).unwrap(), &3);
    /// }
    /// assert_eq!(cache.stats().hits, 1);
    /// ```
    #[inline]
    pub fn get_or_insert_with_by_ref<Q>(
        &mut self,
        key: &Q,
        make: impl FnOnce() -> V,
    ) -> Result<&mut V, Refused<K, V>>
    where
        Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
    {
        let Ok(place) = self.try_get_or_insert_with_by_ref::<Q, Infallible>(key, || Ok(make()));
        place
    }

    /// The value of a key; what `make` gives, if there is none, is put in. If `make` fails, nothing has changed and nothing has
    /// left.
    ///
    /// # Errors
    ///
    /// That of `make`; then, inside, the new entry if there can be no room for it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// assert!(cache.try_get_or_insert_with("a", || "x".parse::<i32>()).is_err());
    /// assert_eq!(*cache.try_get_or_insert_with("a", || "1".parse::<i32>())?.unwrap(), 1);
    /// # Ok::<(), std::num::ParseIntError>(())
    /// ```
    pub fn try_get_or_insert_with<E>(
        &mut self,
        key: K,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Result<&mut V, Refused<K, V>>, E> {
        match self.entry(key) {
            Entry::Occupied(there) => Ok(Ok(there.into_mut())),
            Entry::Vacant(free) => Ok(free.insert(make()?)),
        }
    }

    /// The same by a borrowed key, which is made owned only if there is no value and `make` gives one.
    ///
    /// # Errors
    ///
    /// That of `make`; then, inside, the new entry if there can be no room for it.
    #[expect(clippy::missing_panics_doc, reason = "it was found, and nothing has changed since")]
    pub fn try_get_or_insert_with_by_ref<Q, E>(
        &mut self,
        key: &Q,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Result<&mut V, Refused<K, V>>, E>
    where
        Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
    {
        let hash = self.cache_hash(key);
        if let Some(id) = self.hit(hash, |other| key.equivalent(other)) {
            let (_, value) = self.core.get_mut(id).expect("it was found");
            return Ok(Ok(value));
        }
        let value = make()?;
        let key = key.to_owned().into();
        Ok(VacantEntry { cache: self, half: Half::of(hash), key }.insert(value))
    }
}

impl<'a, K, V, P, S, W, L> Entry<'a, K, V, P, S, W, L>
where
    P: Policy,
    W: Weigher<K, V>,
    L: Listener<K, V>,
    K: Hash + Eq,
    S: BuildHasher,
{
    /// The key that it was asked for with.
    pub fn key(&self) -> &K {
        match self {
            Self::Occupied(there) => &there.key,
            Self::Vacant(free) => &free.key,
        }
    }

    /// The value that is there; if there is none, this one.
    ///
    /// # Errors
    ///
    /// The new entry comes back if there can be no room for it.
    pub fn or_insert(self, value: V) -> Result<&'a mut V, Refused<K, V>> {
        self.or_insert_with(|| value)
    }

    /// The value that is there; if there is none, what `make` gives.
    ///
    /// # Errors
    ///
    /// The new entry comes back if there can be no room for it.
    #[inline]
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> Result<&'a mut V, Refused<K, V>> {
        match self {
            Self::Occupied(there) => Ok(there.into_mut()),
            Self::Vacant(free) => free.insert(make()),
        }
    }

    /// Changes the value, if there is one. What it weighs is not asked again.
    pub fn and_modify(mut self, change: impl FnOnce(&mut V)) -> Self {
        if let Self::Occupied(there) = &mut self {
            change(there.get_mut());
        }
        self
    }
}

impl<'a, K, V, P, S, W, L> OccupiedEntry<'a, K, V, P, S, W, L>
where
    P: Policy,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The key that it was asked for with.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The value.
    #[expect(clippy::missing_panics_doc, reason = "it was found, and nothing has changed since")]
    pub fn get(&self) -> &V {
        self.cache.core.get(self.id).expect("it was found").1
    }

    /// The value, to be changed. What it weighs is not asked again.
    #[expect(clippy::missing_panics_doc, reason = "it was found, and nothing has changed since")]
    pub fn get_mut(&mut self) -> &mut V {
        self.cache.core.get_mut(self.id).expect("it was found").1
    }

    /// The value, for as long as the cache is borrowed.
    #[inline]
    #[expect(clippy::missing_panics_doc, reason = "it was found, and nothing has changed since")]
    pub fn into_mut(self) -> &'a mut V {
        self.cache.core.get_mut(self.id).expect("it was found").1
    }

    /// Takes the entry out.
    #[expect(clippy::missing_panics_doc, reason = "it was found, and nothing has changed since")]
    pub fn remove(self) -> (K, V)
    where
        S: BuildHasher,
    {
        let Self { cache, id, key, .. } = self;
        after(key, cache).remove_id(id).expect("it was found")
    }

    /// Gives it another value, as [`Cache::try_insert`] does.
    ///
    /// # Errors
    ///
    /// The entry comes back if there can be no room for it.
    pub fn insert(self, value: V) -> Result<Option<V>, Refused<K, V>>
    where
        K: Hash + Eq,
        S: BuildHasher,
    {
        self.cache.try_insert_hashed(self.hash, self.key, value)
    }
}

impl<'a, K, V, P, S, W, L> VacantEntry<'a, K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// The key that it was asked for with.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key, which does not come in.
    pub fn into_key(self) -> K {
        self.key
    }

    /// Puts a value in.
    ///
    /// # Errors
    ///
    /// The entry comes back if there can be no room for it.
    #[inline]
    #[expect(clippy::missing_panics_doc, reason = "it has just come in")]
    pub fn insert(self, value: V) -> Result<&'a mut V, Refused<K, V>> {
        let weight = self.cache.weigher.weigh(&self.key, &value).max(1);
        let id = self.cache.admit(self.half, self.key, value, weight, drop, |_, _| {})?;
        Ok(self.cache.core.get_mut(id).expect("it has just come in").1)
    }
}

impl<K: fmt::Debug, V, P: Policy, S, W, L> fmt::Debug for Entry<'_, K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Occupied(there) => there.fmt(f),
            Self::Vacant(free) => free.fmt(f),
        }
    }
}

impl<K: fmt::Debug, V, P: Policy, S, W, L> fmt::Debug for OccupiedEntry<'_, K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OccupiedEntry").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, V, P: Policy, S, W, L> fmt::Debug for VacantEntry<'_, K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VacantEntry").field("key", &self.key).finish_non_exhaustive()
    }
}
