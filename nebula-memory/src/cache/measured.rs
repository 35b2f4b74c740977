use core::hash::{BuildHasher, Hash};
use core::mem::size_of;

#[cfg(feature = "compression")]
use super::TieredCache;
use super::policy::Policy;
use super::{Cache, CacheStats, LfuCache, Listener, LruCache, SharedCache, StrategyCache, Weigher};
use crate::stats::{AllocatorStats, Kind, Measure};

/// Figures of a cache: bytes are those of keys and values themselves, or what they weigh if they are weighed.
fn entries<K, V>(stats: CacheStats, len: usize, weighed: bool) -> AllocatorStats {
    let bytes = |size: u64| if weighed { size } else { size.saturating_mul(size_of::<(K, V)>() as u64) };
    AllocatorStats {
        allocations: stats.insertions,
        deallocations: stats.insertions.saturating_sub(len as u64),
        in_use: bytes(stats.size),
        capacity: Some(bytes(stats.capacity)),
        hits: Some(stats.hits),
        misses: Some(stats.misses),
        evictions: Some(stats.evictions),
        ..AllocatorStats::default()
    }
}

impl<K, V, P: Policy, S, W: Weigher<K, V>, L> Measure for Cache<K, V, P, S, W, L> {
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        entries::<K, V>(self.stats(), self.len(), !W::UNIT)
    }
}

impl<K, V, S> Measure for LruCache<K, V, S> {
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        entries::<K, V>(self.stats(), self.len(), false)
    }
}

impl<K, V, S> Measure for LfuCache<K, V, S> {
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        entries::<K, V>(self.stats(), self.len(), false)
    }
}

impl<K, V, E, S, Z> Measure for StrategyCache<K, V, E, S, Z> {
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        // The sizes of entries are what the capacity counts: 1 each if nobody says anything else.
        entries::<K, V>(self.stats(), self.len(), self.is_sized())
    }
}

/// Look-ups, insertions and evictions are known of a cache that is [`Counted`](super::Counted).
impl<K, V, P, S, W, L> Measure for SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        let stats = entries::<K, V>(self.stats(), self.len(), !W::UNIT);
        if self.is_counted() {
            return stats;
        }
        AllocatorStats { deallocations: 0, hits: None, misses: None, evictions: None, ..stats }
    }
}

/// What the second tier has, in bytes, and the first besides, as of a cache. Evictions are those that have left both.
#[cfg(feature = "compression")]
impl<K, V, C, P: Policy, S, W: Weigher<K, V>> Measure for TieredCache<K, V, C, P, S, W> {
    fn kind(&self) -> Kind {
        Kind::Cache
    }

    fn measure(&self) -> AllocatorStats {
        let stats = self.stats();
        let entries_in = usize::try_from(stats.first.size).unwrap_or(usize::MAX);
        let first = entries::<K, V>(stats.first, entries_in, !W::UNIT);
        AllocatorStats {
            in_use: first.in_use.saturating_add(stats.second.size),
            capacity: first.capacity.map(|first| first.saturating_add(stats.second.capacity)),
            deallocations: first.allocations.saturating_sub(self.len() as u64),
            hits: Some(stats.hits()),
            misses: Some(stats.misses()),
            evictions: Some(stats.second.evictions),
            ..first
        }
    }
}
