//! What is kept because the user says so.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::books::Books;
use super::cache::SharedCache;
use super::gone::Gone;
use super::leaving::Leaving;
use super::shard::{FoundIn, Shard};
use crate::cache::listener::Listener;
use crate::cache::policy::{Pins, Policy, Watch};
use crate::cache::weight::Weigher;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy<Ranking: Pins>,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Keeps the entry of `key` until it is [unpinned](Self::unpin) or removed; whether it is there.
    ///
    /// For policies with [`Pinnable`](crate::cache::Pinnable). An entry is pinned or not: pinned twice, it is unpinned at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::{Cache, Pinnable, policy::S3Fifo};
    ///
    /// let cache = Cache::builder().capacity(10).policy(Pinnable::new(S3Fifo)).build_shared();
    /// cache.insert("config".to_string(), 0);
    /// assert!(cache.pin("config"));
    /// for n in 0..1000 {
    ///     cache.insert(n.to_string(), n);
    /// }
    /// assert_eq!(cache.get("config"), Some(0));
    /// ```
    pub fn pin<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.change_there(key, |shard, books, found, _| {
            shard.pin_entry(books, found);
            true
        })
    }

    /// Lets the entry of `key` leave again when it is its turn, as one that has just come in; whether it was pinned.
    pub fn unpin<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.change_there(key, Shard::unpin_entry)
    }

    /// Whether the entry of `key` is there and pinned.
    pub fn is_pinned<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.change_there(key, |_, books, found, _| {
            P::Ranking::is_pinned(&books.entries[found.cell.owner() as usize].node)
        })
    }

    /// Does something to the entry of a key under the lock, if it is there.
    fn change_there<'a, Q: ?Sized + Hash + Equivalent<K>>(
        &'a self,
        key: &Q,
        change: impl FnOnce(
            &'a Shard<K, V, P::Ranking, W>,
            &mut Books<P::Ranking>,
            &FoundIn<'_, K, V, P::Ranking>,
            &mut Gone,
        ) -> bool,
    ) -> bool {
        let (shard, half) = self.place(self.cache_hash(key));
        let Some(known) = shard.find(half, shard.hold(), |other| key.equivalent(other)) else { return false };
        let mut gone = Leaving::new(shard, &self.listener);
        let (mut books, found) = shard.open_at(half, |other| key.equivalent(other), Some(known));
        let changed = found
            .filter(|found| shard.watch.is_live(&found.contents().note))
            .is_some_and(|found| change(shard, &mut books, &found, &mut gone));
        gone.close(books, 0, None);
        changed
    }
}

impl<K, V, R: Pins, W: Weigher<K, V>> Shard<K, V, R, W> {
    fn pin_entry(&self, books: &mut Books<R>, found: &FoundIn<'_, K, V, R>) {
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        ranking.pin(&mut room, found.cell.owner());
    }

    fn unpin_entry(&self, books: &mut Books<R>, found: &FoundIn<'_, K, V, R>, gone: &mut Gone) -> bool {
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        let was_pinned = ranking.unpin(&mut room, found.cell.owner(), &found.contents().note);
        if books.used > books.capacity {
            // It was another one when this was pinned.
            self.resize(books, books.resized, books.capacity, gone);
        }
        was_pinned
    }
}
