use crate::cache::Cache;

/// The cache that does for most: keys, values, a number of entries.
///
/// ```
/// use nebula_memory::cache::SimpleCache;
///
/// let mut squares: SimpleCache<u64, u64> = SimpleCache::new(100);
/// squares.insert(12, 144);
/// assert_eq!(squares.get(&12), Some(&144));
/// assert_eq!(squares.get(&13), None);
/// ```
pub type SimpleCache<K, V> = Cache<K, V>;
