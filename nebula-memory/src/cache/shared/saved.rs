//! Snapshots of all entries.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::hash::{BuildHasher, Hash};
use core::time::Duration;
use std::vec::Vec;

use super::cache::SharedCache;
use super::cells::NO_CELL;
use super::leaving::Leaving;
use super::shard::Shard;
use super::then::Within;
use crate::cache::choice::{Choice, Chosen};
use crate::cache::listener::Listener;
use crate::cache::policy::{Id, Nodes, Policy, Ranking, Rehearsal, Seen, Watch};
use crate::cache::weight::Weigher;
use crate::cache::{Saved, Snapshot};

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Clones of what is in the cache, in the order in which it would leave if nobody used it any more; what cannot leave comes
    /// last. What has expired is not in it.
    ///
    /// Entries that nobody changes meanwhile are in it once; others as they were at some moment, or not. The order is that of each
    /// shard, mixed. Takes time and memory in proportion to the number of entries; nobody who reads waits for it. Not for policies
    /// with a [`Charged`](crate::cache::Charged) budget: what is paid for cannot be tried out.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::SharedCache;
    ///
    /// let cache: SharedCache<u32, &str> = SharedCache::new(100);
    /// cache.insert(1, "one");
    /// let other: SharedCache<u32, &str> = SharedCache::new(10);
    /// assert_eq!(other.restore(cache.to_snapshot()), 1);
    /// assert_eq!(other.get(&1), Some("one"));
    /// ```
    pub fn to_snapshot(&self) -> Snapshot<K, V>
    where
        K: Clone,
        V: Clone,
        P: Policy<Ranking: Clone>,
    {
        let mut all = Vec::new();
        for shard in &self.shards {
            let order = shard.order();
            let entries = order.len() as u64;
            for (turn, id) in (0_u64..).zip(order) {
                let books = shard.open();
                let found = shard.hold_entry(&books, id);
                let weight = books.weight(id);
                drop(books);
                let Some(found) = found else { continue };
                let contents = found.contents();
                let left = shard.watch.time_left(&contents.note);
                if left.is_zero() {
                    continue;
                }
                let saved = Saved::new(contents.key.clone(), contents.value.clone());
                let remaining = Some(left).filter(|left| *left < Duration::MAX);
                // Of shards with more entries more leave in the same time.
                all.push(((turn << 32) / entries, Saved { weight, remaining, ..saved }));
            }
        }
        all.sort_by_key(|(turn, _)| *turn);
        all.into_iter().map(|(_, saved)| saved).collect()
    }

    /// Puts entries of a snapshot in, in their order, and says how many.
    ///
    /// They take the room that there is, those that leave last first: nothing leaves for them but what has expired (and what has to
    /// for a budget). What a key has in the cache stays, as it is newer. They are weighed anew. In a cache whose entries expire
    /// they live as long as they had left, if that is less than a new one would.
    pub fn restore(&self, snapshot: Snapshot<K, V>) -> usize {
        self.remove_expired();
        let mut free: Vec<_> = self.shards.iter().map(Shard::free).collect();
        let mut chosen = Choice::new();
        for saved in snapshot.into_iter().collect::<Vec<_>>().into_iter().rev() {
            let hash = self.cache_hash(&saved.key);
            let weight = self.weigher.weigh(&saved.key, &saved.value).max(1);
            let free = &mut free[self.index(hash)];
            if saved.remaining == Some(Duration::ZERO)
                || u64::from(weight) > *free
                || chosen.has(hash, &saved.key)
                || self.contains(&saved.key)
            {
                continue;
            }
            *free -= u64::from(weight);
            chosen.add(hash, weight, saved);
        }
        chosen.in_order().map(|chosen| usize::from(self.bring(chosen))).sum()
    }

    /// Puts an entry in, if its key is not there and there is room for it.
    fn bring(&self, chosen: Chosen<K, V>) -> bool {
        let Chosen { hash, weight, saved: Saved { key, value, remaining, .. }, .. } = chosen;
        let (shard, half) = self.place(hash);
        let (mut gone, mut dead) = (Leaving::new(shard, &self.listener), None);
        let mut new;
        let (mut books, found) = shard.open_at(half, |other| *other == key, None);
        if found.is_some() || books.used.saturating_add(weight.into()) > books.capacity {
            drop(books);
            return false;
        }
        let then = Within(remaining);
        new = Some((key, value));
        let kept = shard.add(&mut books, half, &mut new, weight, then, &mut gone, &mut dead);
        gone.close(books, u64::from(kept), dead);
        kept
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// How much more it may have.
    fn free(&self) -> u64 {
        let books = self.open();
        books.capacity.saturating_sub(books.used)
    }

    /// The entries in the order in which they would leave if nobody used them any more.
    fn order(&self) -> Vec<Id>
    where
        R: Clone,
    {
        let mut books = self.open();
        self.catch_up(&mut books);
        let there = (0..).zip(&books.entries).filter(|(_, entry)| entry.cell != NO_CELL);
        let ids: Vec<Id> = there.map(|(id, _)| id).collect();
        // SAFETY: the books and cells of one shard.
        let (ranking, room) = unsafe { books.split::<K, V, W>(&self.cells) };
        let look = |id| {
            let (node, mark) = (*room.node(id), room.mark(id));
            (id, Seen { node, mark, hash: room.hash(id), weight: room.weight(id) })
        };
        let rehearsal = Rehearsal::new(ranking.clone(), ids.into_iter().map(look));
        drop(books);
        rehearsal.order()
    }
}
