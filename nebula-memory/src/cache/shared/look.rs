//! Look-ups.

use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::cache::SharedCache;
use super::shard::{FoundIn, Shard};
use crate::cache::listener::Listener;
use crate::cache::policy::{Hit, Policy, Ranking, Watch};
use crate::cache::weight::Weigher;
use crate::sync::Ordering;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// A clone of the value of `key`, which is a hit.
    ///
    /// Values that are expensive to clone are best kept in an `Arc`, or [read](Self::read) in place.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert("seven".to_string(), 7);
    /// assert_eq!((cache.get("seven"), cache.get("eight")), (Some(7), None));
    /// ```
    #[inline]
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.get_by_hash(self.cache_hash(key), |other| key.equivalent(other))
    }

    /// Looks at the value of `key` where it is, which is a hit.
    ///
    /// What `look` sees stays as it is meanwhile, though it may have left the cache. `look` may use the cache.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert(7, vec![1, 2, 3]);
    /// let last = cache.read(&7, |list| {
    ///     cache.remove(&7);
    ///     list.last().copied()
    /// });
    /// assert_eq!((last, cache.len()), (Some(Some(3)), 0));
    /// ```
    #[inline]
    pub fn read<Q: ?Sized + Hash + Equivalent<K>, T>(
        &self,
        key: &Q,
        look: impl FnOnce(&V) -> T,
    ) -> Option<T> {
        self.visit(self.cache_hash(key), |other| key.equivalent(other), look)
    }

    /// The same for whoever knows the [hash](Self::cache_hash) of a key, and can tell the key by `is_it`. Another hash finds nothing,
    /// or what `is_it` says is meant.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// cache.insert("seven".to_string(), 7);
    /// let hash = cache.cache_hash("seven");
    /// assert_eq!(cache.get_by_hash(hash, |key| key == "seven"), Some(7));
    /// ```
    #[inline]
    pub fn get_by_hash(&self, hash: u64, is_it: impl FnMut(&K) -> bool) -> Option<V>
    where
        V: Clone,
    {
        self.visit(hash, is_it, V::clone)
    }

    /// A clone of the value of `key`, which does not count as a hit.
    pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        self.find_live(key).map(|found| found.contents().value.clone())
    }

    /// Whether `key` is there, which does not count as a hit.
    pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.find_live(key).is_some()
    }

    #[inline]
    fn find_live<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<FoundIn<'_, K, V, P::Ranking>> {
        let (shard, half) = self.place(self.cache_hash(key));
        let found = shard.find(half, shard.hold(), |other| key.equivalent(other))?;
        shard.watch.is_live(&found.contents().note).then_some(found)
    }

    #[inline(always)]
    pub(super) fn visit<T>(
        &self,
        hash: u64,
        is_it: impl FnMut(&K) -> bool,
        look: impl FnOnce(&V) -> T,
    ) -> Option<T> {
        let (shard, half) = self.place(hash);
        let found = shard.find(half, shard.hold(), is_it);
        let found = found.filter(|found| shard.watch.visit(&found.contents().note));
        if let Some(tally) = self.listener.tally() {
            tally.look(found.is_some());
        }
        let found = found?;
        shard.hit(&found);
        Some(look(&found.contents().value))
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// An entry was hit. Its watch knows.
    #[inline(always)]
    pub(super) fn hit(&self, found: &FoundIn<'_, K, V, R>) {
        match R::HIT {
            Hit::Nothing => {}
            Hit::Mark { max } => {
                let mark = found.cell.mark();
                let hits = mark.load(Ordering::Relaxed);
                // A hit of another thread at the same time may be lost.
                if hits < max {
                    mark.store(hits + 1, Ordering::Relaxed);
                }
            }
            Hit::Order => {
                let (entry, cell) = (found.cell.owner(), found.id);
                if !self.hits.push(entry, cell) && self.try_catch_up() {
                    self.hits.push(entry, cell);
                }
            }
        }
    }

    /// Tells the ranking of the hits that there were, unless somebody else has the books open.
    #[cold]
    #[inline(never)]
    fn try_catch_up(&self) -> bool {
        let Ok(mut books) = self.written.books.try_lock() else { return false };
        self.catch_up(&mut books);
        true
    }
}
