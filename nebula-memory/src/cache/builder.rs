use core::fmt;
use core::marker::PhantomData;

use super::policy::{Elastic, Policy};
use super::table::MOST;
use super::{Cache, CacheError, Cause, DefaultHashBuilder, NoListener, UnitWeight, Weigher};

/// What a cache shall be like: see [`Cache::builder`].
///
/// Only the capacity has to be said. Each other call sets a type, and what is not set costs nothing.
#[must_use = "nothing is built before `build`"]
pub struct CacheBuilder<K, V, P = Elastic, S = DefaultHashBuilder, W = UnitWeight, L = NoListener> {
    pub(crate) capacity: Option<usize>,
    pub(crate) policy: P,
    pub(crate) hasher: S,
    pub(crate) weigher: W,
    pub(crate) listener: L,
    /// Parts of a shared cache.
    pub(crate) shards: Option<usize>,
    pub(crate) entries: PhantomData<fn() -> (K, V)>,
}

impl<K, V> CacheBuilder<K, V> {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self {
            capacity: None,
            policy: Elastic,
            hasher: DefaultHashBuilder::default(),
            weigher: UnitWeight,
            listener: NoListener,
            shards: None,
            entries: PhantomData,
        }
    }
}

impl<K, V> Default for CacheBuilder<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V, P, S, W, L> CacheBuilder<K, V, P, S, W, L> {
    /// How many entries there may be, or what they may weigh together if they are weighed.
    #[doc(alias = "max_capacity")]
    pub fn capacity(mut self, capacity: usize) -> Self {
        self.capacity = Some(capacity);
        self
    }

    /// Who leaves first.
    pub fn policy<Q: Policy>(self, policy: Q) -> CacheBuilder<K, V, Q, S, W, L> {
        let Self { capacity, hasher, weigher, listener, shards, entries, .. } = self;
        CacheBuilder { capacity, policy, hasher, weigher, listener, shards, entries }
    }

    pub(crate) fn map_policy<Q>(self, change: impl FnOnce(P) -> Q) -> CacheBuilder<K, V, Q, S, W, L> {
        let Self { capacity, policy, hasher, weigher, listener, shards, entries } = self;
        CacheBuilder { capacity, policy: change(policy), hasher, weigher, listener, shards, entries }
    }

    /// What keys are hashed with.
    pub fn hasher<T>(self, hasher: T) -> CacheBuilder<K, V, P, T, W, L> {
        let Self { capacity, policy, weigher, listener, shards, entries, .. } = self;
        CacheBuilder { capacity, policy, hasher, weigher, listener, shards, entries }
    }

    /// How much of the capacity each entry takes.
    ///
    /// A closure has to say the types of its arguments here, or the compiler finds no `build`:
    /// [`weigh_by`](Self::weigh_by) takes those that do not.
    pub fn weigher<X: Weigher<K, V>>(self, weigher: X) -> CacheBuilder<K, V, P, S, X, L> {
        let Self { capacity, policy, hasher, listener, shards, entries, .. } = self;
        CacheBuilder { capacity, policy, hasher, weigher, listener, shards, entries }
    }

    /// How much of the capacity each entry takes, by a closure: a [weigher](Self::weigher) that need not say all types.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::Cache;
    ///
    /// let mut pages = Cache::builder().capacity(64 * 1024).weigh_by(|_, page: &Vec<u8>| page.len() as u32).build();
    /// pages.insert("index", vec![0; 1000]);
    /// assert_eq!(pages.weight(), 1000);
    /// ```
    pub fn weigh_by<F: Fn(&K, &V) -> u32>(self, weigh: F) -> CacheBuilder<K, V, P, S, F, L> {
        self.weigher(weigh)
    }

    /// What is told of entries that leave.
    ///
    /// A closure has to say the types of its arguments here, or the compiler finds no `insert`:
    /// [`on_leave`](Self::on_leave) takes those that do not.
    #[doc(alias = "eviction_listener")]
    pub fn listener<M: super::Listener<K, V>>(self, listener: M) -> CacheBuilder<K, V, P, S, W, M> {
        let Self { capacity, policy, hasher, weigher, shards, entries, .. } = self;
        CacheBuilder { capacity, policy, hasher, weigher, listener, shards, entries }
    }

    /// What is done with entries that leave, by a closure: a [listener](Self::listener) that need not say all types.
    ///
    /// It is lent to whoever uses the cache, so what it changes is in a `Cell`, behind a lock or an atomic.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, Cause};
    /// use std::cell::RefCell;
    ///
    /// let gone = RefCell::new(Vec::new());
    /// let mut cache = Cache::builder()
    ///     .capacity(1)
    ///     .on_leave(|key, _, cause| gone.borrow_mut().push((*key, cause)))
    ///     .build();
    /// cache.insert("a", 1);
    /// cache.insert("b", 2);
    /// assert_eq!(*gone.borrow(), [("a", Cause::Capacity)]);
    /// ```
    pub fn on_leave<F: Fn(&K, &V, Cause)>(self, tell: F) -> CacheBuilder<K, V, P, S, W, F> {
        self.listener(tell)
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> CacheBuilder<K, V, P, S, W, L> {
    /// The capacity, if there can be a cache of it.
    pub(crate) fn checked_capacity(&self) -> Result<u64, CacheError> {
        let capacity = self.capacity.ok_or(CacheError::NoCapacity)?;
        if W::UNIT && capacity > MOST {
            return Err(CacheError::CapacityTooLarge { capacity });
        }
        Ok(capacity as u64)
    }

    /// The cache, of one owner.
    ///
    /// # Errors
    ///
    /// If there is no capacity, or it is for more entries than a cache can have.
    pub fn try_build(self) -> Result<Cache<K, V, P, S, W, L>, CacheError> {
        let capacity = self.checked_capacity()?;
        Ok(Cache::assemble(capacity, self.policy, self.hasher, self.weigher, self.listener))
    }

    /// The cache, of one owner.
    ///
    /// # Panics
    ///
    /// Where [`try_build`](Self::try_build) gives an error.
    #[must_use]
    pub fn build(self) -> Cache<K, V, P, S, W, L> {
        match self.try_build() {
            Ok(cache) => cache,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<K, V, P: fmt::Debug, S, W, L> fmt::Debug for CacheBuilder<K, V, P, S, W, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheBuilder")
            .field("capacity", &self.capacity)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
