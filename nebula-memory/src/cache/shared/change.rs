//! What comes in and goes.

use alloc_crate::borrow::ToOwned;
use core::convert::Infallible;
use core::hash::{BuildHasher, Hash};

use equivalent::Equivalent;

use super::books::Books;
use super::cache::SharedCache;
use super::gone::Gone;
use super::leaving::Leaving;
use super::own::{PATIENCE, Trying};
use super::shard::{FoundIn, Shard};
use super::then::Then;
use crate::cache::after::after;
use crate::cache::listener::{Cause, Listener};
use crate::cache::policy::{Policy, Watch};
use crate::cache::refused::Refused;
use crate::cache::weight::Weigher;
use crate::sync::MutexGuard;

/// A shard of a cache.
type ShardOf<K, V, P, W> = Shard<K, V, <P as Policy>::Ranking, W>;
/// What is found in it.
pub(super) type FoundOf<'a, K, V, P> = FoundIn<'a, K, V, <P as Policy>::Ranking>;

impl<K, V, P, S, W, L> SharedCache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Puts a value in, for the one that `key` has, if there is one.
    ///
    /// What weighs more than a shard may is not kept; neither is then what `key` had before.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(2);
    /// cache.insert("a", 1);
    /// cache.insert("a", 2);
    /// assert_eq!((cache.get("a"), cache.len()), (Some(2), 1));
    /// ```
    #[inline]
    pub fn insert(&self, key: K, value: V) {
        let _ = self.put_then(key, value, ());
    }

    /// The same, for those who want what is not kept.
    ///
    /// # Errors
    ///
    /// [`Refused`], with key and value, if there is no room for them, whatever else leaves. There is no value of `key` then.
    pub fn try_insert(&self, key: K, value: V) -> Result<(), Refused<K, V>> {
        self.put_then(key, value, ()).map(|_| ()).map_err(|((key, value), _)| Refused { key, value })
    }

    /// Puts a value in: a clone of the one that `key` had.
    pub fn replace(&self, key: K, value: V) -> Option<V>
    where
        V: Clone,
    {
        let old = self.put_then(key, value, ()).unwrap_or_else(|(refused, old)| after(refused, old))?;
        Some(old.contents().value.clone())
    }

    /// Puts a value in, and holds the one that there was; both if it cannot.
    #[expect(clippy::type_complexity, reason = "it is what comes back")]
    #[inline(always)]
    pub(super) fn put_then(
        &self,
        key: K,
        value: V,
        then: impl Then<P::Ranking>,
    ) -> Result<Option<FoundOf<'_, K, V, P>>, ((K, V), Option<FoundOf<'_, K, V, P>>)> {
        let weight = self.weigher.weigh(&key, &value).max(1);
        let (shard, half) = self.place(self.cache_hash(&key));
        let (mut gone, mut dead) = (Leaving::new(shard, &self.listener), None);
        let mut new;
        let (mut books, old) = shard.open_at(half, |other| *other == key, None);
        let live = old.as_ref().is_some_and(|old| shard.watch.is_live(&old.contents().note));
        new = Some((key, value));
        let kept = shard.put(&mut books, half, old.as_ref(), &mut new, weight, then, &mut gone, &mut dead);
        gone.close(books, u64::from(kept), dead);
        let old = old.filter(|_| live);
        match new {
            None => Ok(old),
            Some(refused) => Err((refused, old)),
        }
    }

    /// The value of `key`, computed if there is none.
    ///
    /// Several threads may compute at once; the first value that comes in is the one that all get. (To have it computed once, take a
    /// layer for that.) If `compute` panics nothing has changed.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let cache = SharedCache::new(10);
    /// assert_eq!(cache.get_or_insert_with("a", || 1), 1);
    /// assert_eq!(cache.get_or_insert_with("a", || 2), 1);
    /// ```
    pub fn get_or_insert_with(&self, key: K, compute: impl FnOnce() -> V) -> V
    where
        V: Clone,
    {
        let Ok(value) = self.try_get_or_insert_with::<Infallible>(key, || Ok(compute()));
        value
    }

    /// The same, for what may fail.
    ///
    /// # Errors
    ///
    /// That of `compute`; nothing has changed then.
    pub fn try_get_or_insert_with<E>(&self, key: K, compute: impl FnOnce() -> Result<V, E>) -> Result<V, E>
    where
        V: Clone,
    {
        let hash = self.cache_hash(&key);
        if let Some(value) = self.visit(hash, |other| *other == key, V::clone) {
            return after((compute, key), Ok(value));
        }
        let value = compute()?;
        Ok(self.keep_first(hash, key, value))
    }

    /// The same as [`get_or_insert_with`](Self::get_or_insert_with) by a borrowed key, which is made owned only if there is no value: a
    /// hit allocates nothing. What it is made into has to be equal to it, and to have its hash.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::SharedCache;
    ///
    /// let lengths: SharedCache<String, usize> = SharedCache::new(100);
    /// assert_eq!(lengths.get_or_insert_with_by_ref("tea", || "tea".len()), 3);
    /// assert_eq!(lengths.get_or_insert_with_by_ref("tea", || unreachable!()), 3);
    /// ```
    pub fn get_or_insert_with_by_ref<Q>(&self, key: &Q, compute: impl FnOnce() -> V) -> V
    where
        V: Clone,
        Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
    {
        let Ok(value) = self.try_get_or_insert_with_by_ref::<Q, Infallible>(key, || Ok(compute()));
        value
    }

    /// The same, for what may fail.
    ///
    /// # Errors
    ///
    /// That of `compute`; nothing has changed then.
    pub fn try_get_or_insert_with_by_ref<Q, E>(
        &self,
        key: &Q,
        compute: impl FnOnce() -> Result<V, E>,
    ) -> Result<V, E>
    where
        V: Clone,
        Q: ?Sized + Hash + Equivalent<K> + ToOwned<Owned: Into<K>>,
    {
        let hash = self.cache_hash(key);
        if let Some(value) = self.visit(hash, |other| key.equivalent(other), V::clone) {
            return after(compute, Ok(value));
        }
        let value = compute()?;
        Ok(self.keep_first(hash, key.to_owned().into(), value))
    }

    /// Puts in what was computed, unless somebody else was first: a clone of what is there then.
    fn keep_first(&self, hash: u64, key: K, value: V) -> V
    where
        V: Clone,
    {
        let result = value.clone();
        match self.put_new(hash, (key, value), true, || true) {
            Some(there) => after(result, there),
            None => result,
        }
    }

    /// Puts a value in if there is none of this key, and `wanted` says so, which is asked under the lock: a clone of the one that is
    /// there, otherwise, which is used by that if it `is_use`.
    pub(super) fn put_new(
        &self,
        hash: u64,
        new: (K, V),
        is_use: bool,
        wanted: impl FnOnce() -> bool,
    ) -> Option<V>
    where
        V: Clone,
    {
        let weight = self.weigher.weigh(&new.0, &new.1).max(1);
        let (shard, half) = self.place(hash);
        let (mut gone, mut dead) = (Leaving::new(shard, &self.listener), None);
        let mut taken;
        let (mut books, found) = shard.open_at(half, |other| *other == new.0, None);
        let live = found.as_ref().filter(|found| {
            let note = &found.contents().note;
            if is_use { shard.watch.visit(note) } else { shard.watch.is_live(note) }
        });
        if live.is_some() || !wanted() {
            drop(books);
            let there = live.map(|found| {
                if is_use {
                    shard.hit(found);
                }
                found.contents().value.clone()
            });
            return after(new, there);
        }
        taken = Some(new);
        let kept = shard.put(&mut books, half, found.as_ref(), &mut taken, weight, (), &mut gone, &mut dead);
        gone.close(books, u64::from(kept), dead);
        None
    }

    /// Puts in what `change` makes of the value of `key`, or takes it out if that is `None`: as if nobody else did anything meanwhile.
    /// Whether there is a value now.
    ///
    /// `change` is called again if somebody else does change the value meanwhile. It must not change the value of `key` itself.
    ///
    /// ```
    /// # use nebula_memory::cache::SharedCache;
    /// let visits = SharedCache::new(10);
    /// std::thread::scope(|threads| {
    ///     for _ in 0..4 {
    ///         threads.spawn(|| visits.compute("ada", |visits| Some(visits.unwrap_or(&0) + 1)));
    ///     }
    /// });
    /// assert_eq!(visits.get("ada"), Some(4));
    /// assert!(!visits.compute("ada", |_| None));
    /// ```
    ///
    /// # Panics
    ///
    /// If `change` does so whenever it is called, as that would not end.
    pub fn compute(&self, key: K, mut change: impl FnMut(Option<&V>) -> Option<V>) -> bool {
        let (shard, half) = self.place(self.cache_hash(&key));
        let mut found = shard.find(half, shard.hold(), |other| *other == key);
        let mut patience = PATIENCE;
        loop {
            let trying = Trying::begin(shard.address(), Some(half));
            let seen = found.as_ref().map(|found| found.id);
            let old = found.as_ref().filter(|found| shard.watch.is_live(&found.contents().note));
            let value = change(old.map(|old| &old.contents().value));
            let weight = value.as_ref().map_or(1, |value| self.weigher.weigh(&key, value).max(1));
            let (mut gone, mut dead) = (Leaving::new(shard, &self.listener), None);
            let mut new;
            // What was found is held meanwhile, so that its cell is no other's.
            let (mut books, now) = shard.open_at(half, |other| *other == key, None);
            if now.as_ref().map(|now| now.id) != seen {
                drop(books);
                if trying.is_own() {
                    patience -= 1;
                    assert_ne!(
                        patience, 0,
                        "`compute` is given a `change` that itself changes the value of the key"
                    );
                }
                found = now;
                continue;
            }
            new = value.map(|value| (key, value));
            let kept = match (&mut new, &now) {
                (new @ Some(_), old) => {
                    shard.put(&mut books, half, old.as_ref(), new, weight, (), &mut gone, &mut dead)
                }
                (None, None) => false,
                (None, Some(old)) => {
                    let cause = shard.cause_of(old, Cause::Removed);
                    shard.remove(&mut books, old.cell.owner(), cause, &mut gone);
                    false
                }
            };
            gone.close(books, u64::from(kept), dead);
            return kept;
        }
    }

    /// Takes `key` out: a clone of its value.
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V>
    where
        V: Clone,
    {
        let old = self.take_out(key)?;
        Some(old.contents().value.clone())
    }

    /// Takes `key` out; whether it was there.
    pub fn invalidate<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.take_out(key).is_some()
    }

    fn take_out<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<FoundOf<'_, K, V, P>> {
        let (shard, half) = self.place(self.cache_hash(key));
        let known = shard.find(half, shard.hold(), |other| key.equivalent(other))?;
        let (books, found) = shard.open_at(half, |other| key.equivalent(other), Some(known));
        let found = found?;
        (self.take_open(shard, books, &found) != Cause::Expired).then_some(found)
    }

    /// Takes out what was found, if it is still there; whether it was.
    pub(super) fn take_this(&self, shard: &ShardOf<K, V, P, W>, found: &FoundOf<'_, K, V, P>) -> bool {
        let books = shard.open();
        books.has(found.cell.owner(), found.id) && {
            self.take_open(shard, books, found);
            true
        }
    }

    pub(super) fn take_open(
        &self,
        shard: &ShardOf<K, V, P, W>,
        books: MutexGuard<'_, Books<P::Ranking>>,
        found: &FoundOf<'_, K, V, P>,
    ) -> Cause {
        let mut gone = Leaving::new(shard, &self.listener);
        // So that it closes before that goes.
        let mut books = books;
        let cause = shard.cause_of(found, Cause::Removed);
        shard.remove(&mut books, found.cell.owner(), cause, &mut gone);
        gone.close(books, 0, None);
        cause
    }

    /// Changes a shard as a whole.
    pub(super) fn change(
        &self,
        shard: &ShardOf<K, V, P, W>,
        change: impl FnOnce(&mut Books<P::Ranking>, &mut Gone),
    ) {
        let mut gone = Leaving::new(shard, &self.listener);
        let mut books = shard.open();
        shard.catch_up(&mut books);
        change(&mut books, &mut gone);
        gone.close(books, 0, None);
    }
}
