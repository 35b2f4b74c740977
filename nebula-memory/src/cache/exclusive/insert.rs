use core::hash::{BuildHasher, Hash};
use core::mem::{needs_drop, replace};

use super::Cache;
use super::leaving::Leaving;
use crate::cache::after::after;
use crate::cache::core::{Core, Half, WatchOf};
use crate::cache::index::Near;
use crate::cache::policy::{Id, Policy, Ranking, Watch};
use crate::cache::{Cause, Listener, Refused, Weigher};

/// So many entries whose time is over are put away at each insertion, at most.
const SWEEP: usize = 2;

/// What became of an insertion.
pub(super) enum Put<K, V> {
    /// The key was new.
    New,
    /// There was another value; the key that came with the new one is left over.
    Old(K, V),
}

/// That, or the entry, refused, and what its key had.
pub(super) type Outcome<K, V> = Result<Put<K, V>, (Refused<K, V>, Option<V>)>;

/// What the key had.
#[inline(always)]
pub(super) fn before<K, V>(outcome: Outcome<K, V>) -> Option<V> {
    match outcome {
        Ok(Put::New) => None,
        Ok(Put::Old(key, old)) => after(key, Some(old)),
        Err((refused, old)) => after(refused, old),
    }
}

impl<K, V, P, S, W, L> Cache<K, V, P, S, W, L>
where
    K: Hash + Eq,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
    L: Listener<K, V>,
{
    /// Puts a value in, and gives the one that its key had.
    ///
    /// What has to go for it leaves first, and is dropped in this call. The key stays the one that was there before. An entry that can have no
    /// room, because it weighs more than the capacity, is dropped, and what its key had is out of date and goes as well:
    /// [`try_insert`](Self::try_insert) gives such an entry back.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::new(10);
    /// assert_eq!(cache.insert("a", 1), None);
    /// assert_eq!(cache.insert("a", 2), Some(1));
    /// assert_eq!(cache.get("a"), Some(&2));
    /// ```
    #[inline]
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let hash = self.cache_hash(&key);
        before(self.put(hash, key, value, drop, |_, _| {}))
    }

    /// Puts a value in, and gives the one that its key had.
    ///
    /// # Errors
    ///
    /// The entry comes back if there can be no room for it. What its key had has gone all the same: it is out of date.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::Cache;
    /// let mut cache = Cache::builder().capacity(10).weigher(|_: &u8, text: &String| text.len() as u32).build();
    /// assert!(cache.try_insert(1, "short".to_string()).is_ok());
    /// let refused = cache.try_insert(1, "much too long".to_string()).unwrap_err();
    /// assert_eq!(refused.value, "much too long");
    /// assert!(cache.is_empty());
    /// ```
    #[inline]
    pub fn try_insert(&mut self, key: K, value: V) -> Result<Option<V>, Refused<K, V>> {
        let hash = self.cache_hash(&key);
        self.try_insert_hashed(hash, key, value)
    }

    #[inline]
    pub(super) fn try_insert_hashed(
        &mut self,
        hash: u64,
        key: K,
        value: V,
    ) -> Result<Option<V>, Refused<K, V>> {
        match self.put(hash, key, value, drop, |_, _| {}) {
            Ok(Put::New) => Ok(None),
            Ok(Put::Old(key, old)) => after(key, Ok(Some(old))),
            Err((refused, old)) => after(old, Err(refused)),
        }
    }

    /// Puts a value in, and gives what is not in the cache any more, or has not come in: the old value with the key that is left
    /// over, the entry that had to go (the last one, if there are several), or the refused one.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nebula_memory::cache::{Cache, policy::Lru};
    /// let mut cache = Cache::builder().capacity(1).policy(Lru).build();
    /// assert_eq!(cache.push("a", 1), None);
    /// assert_eq!(cache.push("b", 2), Some(("a", 1)));
    /// assert_eq!(cache.push("b", 3), Some(("b", 2)));
    /// ```
    pub fn push(&mut self, key: K, value: V) -> Option<(K, V)> {
        let hash = self.cache_hash(&key);
        let mut last = None;
        match self.put(hash, key, value, |gone| last = Some(gone), |_, _| {}) {
            Ok(Put::New) => last,
            Ok(Put::Old(key, old)) => after(last, Some((key, old))),
            Err((Refused { key, value }, old)) => after((last, old), Some((key, value))),
        }
    }

    /// Puts an entry in; `gone` gets what had to go, after the listener was told. If the entry is refused, it comes back with
    /// what its key had. `then` is done with what has come in, before anything else of the user's is called.
    #[inline(always)]
    pub(super) fn put(
        &mut self,
        hash: u64,
        key: K,
        value: V,
        gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Outcome<K, V> {
        let weight = self.weigher.weigh(&key, &value).max(1);
        let half = Half::of(hash);
        match self.core.find_near(half, &mut |other| *other == key) {
            Near::Absent => self.come_in(half, key, value, weight, gone, then),
            Near::Found(id) => self.replace(id, half, key, value, weight, gone, then),
            Near::Unknown => self.put_after(half, key, value, weight, gone, then),
        }
    }

    /// The same where it is not near: all the rest of the call, so that the others need keep nothing for it.
    #[cold]
    #[inline(never)]
    fn put_after(
        &mut self,
        half: Half,
        key: K,
        value: V,
        weight: u32,
        gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Outcome<K, V> {
        match self.core.find_after(half, |other| *other == key) {
            None => self.come_in(half, key, value, weight, gone, then),
            Some(id) => self.replace(id, half, key, value, weight, gone, then),
        }
    }

    /// Puts in what is not there.
    #[inline(always)]
    fn come_in(
        &mut self,
        half: Half,
        key: K,
        value: V,
        weight: u32,
        gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Outcome<K, V> {
        match self.admit(half, key, value, weight, gone, then) {
            Ok(_) => Ok(Put::New),
            Err(refused) => Err((refused, None)),
        }
    }

    /// Nothing of the user's is called while room is made.
    const IS_QUICK: bool = !L::LISTENS && !P::Ranking::PAYS && !needs_drop::<(K, V)>();

    /// Puts in what is not there, and says where it is.
    #[inline(always)]
    pub(super) fn admit(
        &mut self,
        half: Half,
        key: K,
        value: V,
        weight: u32,
        mut gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Result<Id, Refused<K, V>> {
        self.core.expect(half);
        // A listener is told of what leaves before something comes in.
        if Core::<K, V, P, W>::TRADES && !L::LISTENS && self.core.is_full() {
            return match self.core.trade(half, key, value) {
                Ok((id, entry)) => {
                    self.counts.insertions += 1;
                    self.counts.evictions += 1;
                    then(&mut self.core, id);
                    gone(entry);
                    Ok(id)
                }
                Err((key, value)) => Err(Refused { key, value }),
            };
        }
        if !self.make_room(half, u64::from(weight), gone) {
            return Err(Refused { key, value });
        }
        self.counts.insertions += 1;
        if WatchOf::<P>::EXPIRES && Self::IS_QUICK {
            self.core.at_once();
        }
        let id = self.core.insert(half, key, value, weight);
        then(&mut self.core, id);
        Ok(id)
    }

    /// Lets entries go until there is room for so much; `false` if there can be none.
    #[inline(always)]
    fn make_room(&mut self, incoming: Half, weight: u64, mut gone: impl FnMut((K, V))) -> bool {
        if self.core.refuses(weight) {
            return false;
        }
        let (mut swept, mut overdue) = (0, WatchOf::<P>::EXPIRES);
        loop {
            // What is admitted comes in at once: nothing of the user's runs in between.
            let done = swept >= SWEEP || !overdue;
            if done && !self.core.is_full_for(weight) && self.core.admit(weight) {
                return true;
            }
            if overdue {
                overdue = match self.expire() {
                    Some(entry) => {
                        swept += 1;
                        gone(entry);
                        true
                    }
                    None => false,
                };
                continue;
            }
            if P::Ranking::PAYS && self.core.refuses(weight) {
                return false;
            }
            let Some((key, value, _)) = self.evict(incoming, Cause::Capacity) else { return false };
            gone((key, value));
        }
    }

    /// Gives an entry that is there another value.
    #[inline(never)]
    #[expect(clippy::too_many_arguments, reason = "as they are")]
    fn replace(
        &mut self,
        id: Id,
        half: Half,
        key: K,
        value: V,
        weight: u32,
        gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Outcome<K, V> {
        if !self.core.is_live(id) {
            self.drop_expired(id);
            return self.come_in(half, key, value, weight, gone, then);
        }
        if u64::from(weight) > self.core.weight(id) {
            return self.supersede(id, half, key, value, weight, gone, then);
        }
        self.counts.insertions += 1;
        self.core.hit(id);
        let Some((_, place)) = self.core.get_mut(id) else {
            return Err((Refused { key, value }, None));
        };
        let old = replace(place, value);
        let leaving = Leaving::new(&self.listener, Cause::Replaced, key, old);
        // The clock may panic there: then the value is the new one all the same, as is its weight.
        self.core.replaced(id, weight);
        then(&mut self.core, id);
        let Some((key, old)) = leaving.done() else { return Ok(Put::New) };
        if L::LISTENS
            && let Some((there, _)) = self.core.get(id)
        {
            self.listener.left(there, &old, Cause::Replaced);
        }
        Ok(Put::Old(key, old))
    }

    /// Lets an entry that weighs more come in for one that is there.
    ///
    /// The old one leaves first: others may have to go for the new one, and it shall not be one of them.
    #[expect(clippy::too_many_arguments, reason = "as they are")]
    fn supersede(
        &mut self,
        id: Id,
        half: Half,
        key: K,
        value: V,
        weight: u32,
        gone: impl FnMut((K, V)),
        then: impl FnOnce(&mut Core<K, V, P, W>, Id),
    ) -> Outcome<K, V> {
        let node = *self.core.node(id);
        let Some((there, old)) = self.core.remove(id) else {
            return Err((Refused { key, value }, None));
        };
        self.tell(&there, &old, Cause::Replaced);
        let then = |core: &mut Core<K, V, P, W>, id| {
            core.succeed(id, &node);
            then(core, id);
        };
        match self.admit(half, there, value, weight, gone, then) {
            Ok(_) => Ok(Put::Old(key, old)),
            Err(Refused { key: there, value }) => after(there, Err((Refused { key, value }, Some(old)))),
        }
    }
}
