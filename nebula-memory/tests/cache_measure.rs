//! Caches among the things that tell their figures.
#![cfg(all(not(loom), feature = "cache", feature = "stats"))]

use std::sync::Arc;

use nebula_memory::cache::policy::Lru;
use nebula_memory::cache::{
    Cache, EvictionEntry, EvictionStrategy, LfuCache, LruCache, SharedCache, StrategyCache,
};
use nebula_memory::stats::{Kind, Measure, PrometheusExporter, StatsCollector, StatsExporter};

#[test]
fn a_cache_tells_bytes_hits_and_evictions() {
    let mut cache = Cache::builder().capacity(3).policy(Lru).build();
    cache.extend((0..5_u64).map(|key| (key, key)));
    cache.remove(&4);
    cache.get(&3);
    cache.get(&0);
    let stats = cache.measure();
    assert_eq!((cache.kind(), stats.in_use, stats.capacity), (Kind::Cache, 2 * 16, Some(3 * 16)));
    assert_eq!((stats.allocations, stats.live()), (5, 2));
    assert_eq!((stats.hits, stats.misses, stats.evictions), (Some(1), Some(1), Some(2)));
    assert_eq!(stats.hit_ratio(), Some(0.5));
}

#[test]
fn what_is_weighed_tells_weights() {
    let weigher = |_: &u8, text: &String| u32::try_from(text.len()).unwrap();
    let mut cache = Cache::builder().capacity(100).policy(Lru).weigher(weigher).build();
    cache.insert(1, "x".repeat(30));
    assert_eq!((cache.measure().in_use, cache.measure().capacity), (30, Some(100)));
}

#[test]
fn the_shared_one_tells_what_it_counts() {
    let plain: SharedCache<u64, u64> = SharedCache::new(100);
    plain.insert(1, 1);
    plain.get(&1);
    let stats = plain.measure();
    assert_eq!((stats.in_use, stats.hits, stats.misses, stats.evictions), (16, None, None, None));

    let counted = Cache::builder().capacity(100).policy(Lru).counted().build_shared();
    counted.insert(1_u64, 1_u64);
    counted.get(&1);
    counted.get(&2);
    let stats = counted.measure();
    assert_eq!((stats.hits, stats.misses, stats.evictions), (Some(1), Some(1), Some(0)));
    assert_eq!((stats.allocations, stats.live()), (1, 1));
}

struct Nobody;

impl EvictionStrategy<u64, u64> for Nobody {
    fn on_access(&mut self, _: &mut EvictionEntry<u64, u64>) {}

    fn choose_victim(&self) -> Option<u64> {
        None
    }
}

#[test]
fn the_named_ones_do_as_well() {
    let mut lru = LruCache::new(3);
    lru.put(1_u32, 1_u32);
    assert_eq!((lru.kind(), lru.measure().in_use, lru.measure().capacity), (Kind::Cache, 8, Some(24)));
    let mut lfu = LfuCache::new(3);
    lfu.put(1_u32, 1_u32);
    assert_eq!((lfu.kind(), lfu.measure().in_use), (Kind::Cache, 8));
    let mut own = StrategyCache::new(1, Nobody);
    own.insert(1, 1);
    own.insert(2, 2);
    let stats = own.measure();
    assert_eq!((own.kind(), stats.in_use, stats.capacity), (Kind::Cache, 16, Some(16)));
    assert_eq!((stats.evictions, stats.live()), (Some(1), 1));
    let mut sized = StrategyCache::with_sizes(1000, Nobody, |_: &u64, _: &u64| 70);
    sized.insert(1, 1);
    assert_eq!((sized.measure().in_use, sized.measure().capacity), (70, Some(1000)));
}

#[cfg(feature = "compression")]
#[test]
fn tiers_tell_their_sum() {
    use nebula_memory::cache::TieredCache;
    let cache: TieredCache<u64, String> = TieredCache::builder().first(1).second(10_000).build();
    cache.insert(1, "one".repeat(100));
    cache.insert(2, "two".repeat(100));
    cache.get(&1);
    cache.get(&9);
    let (stats, tiers) = (cache.measure(), cache.stats());
    let entry = size_of::<(u64, String)>() as u64;
    assert_eq!((cache.kind(), stats.in_use), (Kind::Cache, entry + tiers.second.size));
    assert_eq!((stats.capacity, stats.live()), (Some(entry + 10_000), 2));
    assert_eq!((stats.hits, stats.misses, stats.evictions), (Some(1), Some(1), Some(0)));
}

#[test]
fn they_are_registered_and_told() {
    let collector = StatsCollector::new();
    let shared = Arc::new(Cache::builder().capacity(100).counted().build_shared());
    collector.watch("shared", &shared);
    shared.insert(1_u64, 1_u64);
    shared.get(&1);
    // One of a single owner tells what it has done when it is told to.
    let mut names = collector.reporting("names", LruCache::new(1));
    names.put(1_u64, 1_u64);
    names.put(2, 2);
    names.report();
    let text = PrometheusExporter::new().export(&collector.snapshot()).unwrap();
    for line in [
        "nebula_memory_hits_total{allocator=\"shared\",id=\"1\",kind=\"cache\"} 1",
        "nebula_memory_evictions_total{allocator=\"names\",id=\"2\",kind=\"cache\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{text}");
    }
}
