use core::fmt;
use core::marker::PhantomData;
use std::vec::Vec;

use super::cache::{Parts, TieredCache};
use super::shard::Shard;
use super::{Codec, Raw};
use crate::cache::core::WatchOf;
use crate::cache::policy::{Elastic, Policy, Ranking, Watch};
use crate::cache::table::MOST;
use crate::cache::{CacheError, DefaultHashBuilder, UnitWeight, Weigher};
use crate::sync::Mutex;

/// So many shards at most, unless asked for.
const SHARDS: usize = 16;

/// So much of the capacity of the first tier does a shard have at least, unless asked for.
const SHARE: usize = 64;

/// What a tiered cache shall be like: see [`TieredCache::builder`].
#[must_use = "nothing is built before `build`"]
pub struct TieredCacheBuilder<K, V, C = Raw, P = Elastic, S = DefaultHashBuilder, W = UnitWeight> {
    first: Option<usize>,
    second: Option<usize>,
    shards: Option<usize>,
    codec: C,
    policy: P,
    hasher: S,
    weigher: W,
    entries: PhantomData<fn() -> (K, V)>,
}

impl<K, V> TieredCacheBuilder<K, V> {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self {
            first: None,
            second: None,
            shards: None,
            codec: Raw,
            policy: Elastic,
            hasher: DefaultHashBuilder::default(),
            weigher: UnitWeight,
            entries: PhantomData,
        }
    }
}

impl<K, V> Default for TieredCacheBuilder<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V, C, P, S, W> TieredCacheBuilder<K, V, C, P, S, W> {
    /// How many values there may be, or what they may weigh together if they are weighed.
    pub fn first(mut self, capacity: usize) -> Self {
        self.first = Some(capacity);
        self
    }

    /// How many bytes the packed values may take, the memory of their entries included.
    pub fn second(mut self, bytes: usize) -> Self {
        self.second = Some(bytes);
        self
    }

    /// How many parts there are that threads do not have to wait for each other in; at least 1, and each gets its share of both
    /// capacities. Unless told otherwise, 16 if the first tier is large enough for it.
    pub fn shards(mut self, shards: usize) -> Self {
        self.shards = Some(shards);
        self
    }

    /// How values become bytes.
    pub fn codec<D: Codec<V>>(self, codec: D) -> TieredCacheBuilder<K, V, D, P, S, W> {
        let Self { first, second, shards, policy, hasher, weigher, entries, .. } = self;
        TieredCacheBuilder { first, second, shards, codec, policy, hasher, weigher, entries }
    }

    /// Who leaves the first tier first. The second is left in the order in which it was entered: what is used there comes up.
    pub fn policy<Q: Policy>(self, policy: Q) -> TieredCacheBuilder<K, V, C, Q, S, W> {
        let Self { first, second, shards, codec, hasher, weigher, entries, .. } = self;
        TieredCacheBuilder { first, second, shards, codec, policy, hasher, weigher, entries }
    }

    /// What keys are hashed with.
    pub fn hasher<T>(self, hasher: T) -> TieredCacheBuilder<K, V, C, P, T, W> {
        let Self { first, second, shards, codec, policy, weigher, entries, .. } = self;
        TieredCacheBuilder { first, second, shards, codec, policy, hasher, weigher, entries }
    }

    /// How much of the capacity of the first tier each entry takes. A closure has to say the types of its arguments here, or the
    /// compiler finds no `build`: [`weigh_by`](Self::weigh_by) takes those that do not.
    pub fn weigher<X: Weigher<K, V>>(self, weigher: X) -> TieredCacheBuilder<K, V, C, P, S, X> {
        let Self { first, second, shards, codec, policy, hasher, entries, .. } = self;
        TieredCacheBuilder { first, second, shards, codec, policy, hasher, weigher, entries }
    }

    /// The same, by a closure that need not say all types.
    pub fn weigh_by<F: Fn(&K, &V) -> u32>(self, weigh: F) -> TieredCacheBuilder<K, V, C, P, S, F> {
        self.weigher(weigh)
    }
}

impl<K, V, C, P, S, W> TieredCacheBuilder<K, V, C, P, S, W>
where
    C: Codec<V>,
    P: Policy,
    W: Weigher<K, V>,
{
    /// The cache. Policies that expire entries or pay for them do not compile: they would have to follow an entry into the second
    /// tier.
    ///
    /// # Errors
    ///
    /// If one of the capacities was not given, or the first is for more entries than a cache can have.
    pub fn try_build(self) -> Result<TieredCache<K, V, C, P, S, W>, CacheError> {
        const {
            assert!(!WatchOf::<P>::EXPIRES, "entries of a tiered cache do not expire");
            assert!(!P::Ranking::PAYS, "entries of a tiered cache are not paid for by a budget");
        }
        let (Some(first), Some(second)) = (self.first, self.second) else {
            return Err(CacheError::NoCapacity);
        };
        if W::UNIT && first > MOST {
            return Err(CacheError::CapacityTooLarge { capacity: first });
        }

        let shards = self.shards.unwrap_or((first / SHARE).min(SHARDS)).max(1);
        let shards: Vec<_> = (0..shards)
            .map(|at| {
                let share = |all: usize| (all / shards + usize::from(at < all % shards)) as u64;
                Mutex::new(Shard::new(&self.policy, share(first), share(second)))
            })
            .collect();
        let (codec, hasher, weigher) = (self.codec, self.hasher, self.weigher);
        Ok(TieredCache::assemble(shards.into_boxed_slice(), Parts { codec, hasher, weigher }))
    }

    /// The cache.
    ///
    /// # Panics
    ///
    /// Where [`try_build`](Self::try_build) gives an error.
    #[must_use]
    pub fn build(self) -> TieredCache<K, V, C, P, S, W> {
        match self.try_build() {
            Ok(cache) => cache,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<K, V, C, P: fmt::Debug, S, W> fmt::Debug for TieredCacheBuilder<K, V, C, P, S, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TieredCacheBuilder")
            .field("first", &self.first)
            .field("second", &self.second)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
