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

/// Says so if a key and its derived twin have different hashes: then look-ups would find nothing.
///
/// # Panics
///
/// With debug assertions, if they have.
#[inline]
pub fn same_hash<T: Hash, K: CacheKey>(twin: &T, key: &K, twin_name: &str, key_name: &str) {
    if cfg!(debug_assertions) {
        let hasher = FixedState::default();
        assert!(
            hasher.hash_one(twin) == hasher.hash_one(key),
            "`{twin_name}` and `{key_name}` are equal and have different hashes: derive `Hash` for `{key_name}`, or leave \
             `#[derive(CacheKey)]` out",
        );
    }
}

/// What becomes of a part of a key.
#[inline]
pub fn made<'p, T: ?Sized, O>(part: &'p T, make: impl FnOnce(&'p T) -> O) -> O {
    make(part)
}

/// A part of a key that is copied.
#[inline]
pub const fn copied<T: Copy>(part: &T) -> T {
    *part
}
