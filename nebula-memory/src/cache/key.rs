use core::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;

/// What a cache can find values by: anything that is `Hash`, `Eq` and `Clone`.
///
/// `#[derive(CacheKey)]` writes a borrowed twin of such a type, by which look-ups allocate nothing.
///
/// ```
/// use nebula_memory::cache::CacheKey;
///
/// let (owned, borrowed) = (String::from("ada"), "ada");
/// assert_eq!(owned.cache_hash(), borrowed.cache_hash());
/// ```
pub trait CacheKey: Hash + Eq + Clone {
    /// A hash of the key; it allocates nothing.
    ///
    /// The same for equal keys in all caches, and as long as the program is the same; not to be kept in files. It does not withstand
    /// keys chosen by an enemy, and is not what caches hash with: each of those has a seed of its own, and a `cache_hash` that
    /// goes with its `get_by_hash`.
    fn cache_hash(&self) -> u64 {
        FixedState::default().hash_one(self)
    }
}

impl<T: Hash + Eq + Clone> CacheKey for T {}

/// What a cache can give out and keep at the same time: anything that is `Clone`.
///
/// What is large is best kept as an `Arc` of it, for a hit clones it.
pub trait CacheValue: Clone {}

impl<T: Clone> CacheValue for T {}
