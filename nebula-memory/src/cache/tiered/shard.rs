use core::marker::PhantomData;
use core::mem::{size_of, swap, take};
use std::boxed::Box;
use std::sync::Arc;
use std::vec::Vec;

use super::TieredStats;
use super::packed::Packed;
use crate::cache::Weigher;
use crate::cache::core::{Core, Half};
use crate::cache::policy::{Fifo, Id, Policy};
use crate::cache::stats::Counts;
use crate::sync::Mutex;

/// A value, what it weighs, and half of the hash of its key.
pub(super) struct Hot<V> {
    pub(super) value: Arc<V>,
    weight: u32,
    half: Half,
}

/// A value as bytes, and what it weighed as a value.
pub(super) struct Cold {
    packed: Packed,
    weight: u32,
}

/// What values weigh in the first tier: it is known by then, only the type counts.
pub(super) struct Weighed<W>(PhantomData<fn() -> W>);

impl<K, V, W: Weigher<K, V>> Weigher<K, Hot<V>> for Weighed<W> {
    const UNIT: bool = W::UNIT;

    fn weigh(&self, _: &K, hot: &Hot<V>) -> u32 {
        hot.weight
    }
}

/// How many bytes an entry of the second tier takes: those that are packed, and those of the entry itself.
pub(super) struct Bytes;

impl<K> Weigher<K, Cold> for Bytes {
    fn weigh(&self, _: &K, cold: &Cold) -> u32 {
        let own = size_of::<K>() + size_of::<Cold>();
        u32::try_from(cold.packed.size().saturating_add(own)).unwrap_or(u32::MAX)
    }
}

/// What has left the first tier in a call: to be packed, and to [arrive](Shard::arrive) or to be [given up](Shard::give_up).
pub(super) type Left<V> = Vec<Arc<V>>;

/// What a look-up has found.
pub(super) enum Found<V> {
    /// The value.
    Value(Arc<V>),
    /// Its bytes.
    Bytes(Packed),
}

/// Entries of both tiers whose hashes belong together. An entry is in one of three places: the first tier, the second, or on its
/// way from there to here.
///
/// All of it is under one lock, and nothing of it takes long: values are packed and unpacked outside. So each call that comes back
/// from there asks whether what it has worked on is still where it was, and if not, somebody has put in another value, or removed
/// the entry, and the work is thrown away. What is not needed any more is given to the caller, who drops it without the lock.
pub(super) struct Shard<K, V, P: Policy, W> {
    first: Core<K, Hot<V>, P, Weighed<W>>,
    second: Core<K, Cold, Fifo, Bytes>,
    /// Entries that have left the first tier, and are on their way to the second: somebody packs them.
    leaving: Vec<(K, Hot<V>)>,
    counts: TieredCounts,
}

/// What has happened in both tiers.
#[derive(Clone, Copy, Default)]
struct TieredCounts {
    first: Counts,
    second: Counts,
    unpackable: u64,
    corrupt: u64,
}

/// The shards of a cache.
pub(super) type Shards<K, V, P, W> = Box<[Mutex<Shard<K, V, P, W>>]>;

/// What nobody needs any more: dropped by whoever gets it, without the lock.
pub(super) struct Rubbish<K, V> {
    hot: Vec<(K, Hot<V>)>,
    cold: Vec<(K, Cold)>,
    bytes: Vec<Cold>,
}

impl<K, V> Rubbish<K, V> {
    pub(super) const fn new() -> Self {
        Self { hot: Vec::new(), cold: Vec::new(), bytes: Vec::new() }
    }
}

impl<K, V, P: Policy, W: Weigher<K, V>> Shard<K, V, P, W> {
    pub(super) fn new(policy: &P, first: u64, second: u64) -> Self {
        Self {
            first: Core::new(policy, first),
            second: Core::new(&Fifo, second),
            leaving: Vec::new(),
            counts: TieredCounts::default(),
        }
    }

    /// Looks a key up, as a use of it, and counts that.
    pub(super) fn look_up(&mut self, half: Half, mut is_it: impl FnMut(&K) -> bool) -> Option<Found<V>> {
        if let Some(at) = self.first.find(half, &mut is_it) {
            self.first.hit(at);
            self.counts.first.hits += 1;
            return self.first.get(at).map(|(_, hot)| Found::Value(Arc::clone(&hot.value)));
        }
        self.counts.first.misses += 1;
        let found = self.below(half, is_it);
        match found {
            Some(Found::Value(_)) => self.counts.second.hits += 1,
            None => self.counts.second.misses += 1,
            // Not before it is known whether they are a value.
            Some(Found::Bytes(_)) => {}
        }
        found
    }

    /// Looks a key up, which is no use of it.
    pub(super) fn peek(&self, half: Half, mut is_it: impl FnMut(&K) -> bool) -> Option<Found<V>> {
        let first = self.first.find(half, &mut is_it);
        match first.and_then(|at| self.first.get(at)) {
            Some((_, hot)) => Some(Found::Value(Arc::clone(&hot.value))),
            None => self.below(half, is_it),
        }
    }

    /// What is there below the first tier.
    fn below(&self, half: Half, mut is_it: impl FnMut(&K) -> bool) -> Option<Found<V>> {
        if let Some(at) = self.on_its_way(half, &mut is_it) {
            return Some(Found::Value(Arc::clone(&self.leaving[at].1.value)));
        }
        let at = self.second.find(half, is_it)?;
        self.second.get(at).map(|(_, cold)| Found::Bytes(cold.packed.clone()))
    }

    fn on_its_way(&self, half: Half, mut is_it: impl FnMut(&K) -> bool) -> Option<usize> {
        self.leaving.iter().position(|(key, hot)| hot.half.0 == half.0 && is_it(key))
    }

    /// Puts an entry in, in the place of what its key had. What had to leave the first tier for it is to be packed; it itself as
    /// well if it has no room there. If a comparison panics it is still the caller's, who drops it without the lock.
    pub(super) fn insert(
        &mut self,
        half: Half,
        entry: &mut Option<(K, Arc<V>)>,
        weight: u32,
        rubbish: &mut Rubbish<K, V>,
    ) -> Left<V>
    where
        K: Eq,
    {
        let Some((key, _)) = entry else { return Left::new() };
        let above = self.first.find(half, |other| other == key);
        if above.is_none() {
            self.remove_below(half, |other| other == key, rubbish);
        }
        let Some((key, value)) = entry.take() else { return Left::new() };
        let mut hot = Hot { value, weight, half };
        if let Some(at) = above {
            if u64::from(weight) <= self.first.weight(at) {
                if let Some((_, place)) = self.first.get_mut(at) {
                    swap(place, &mut hot);
                }
                self.first.hit(at);
                self.first.replaced(at, weight);
                self.counts.first.insertions += 1;
                rubbish.hot.push((key, hot));
                return Left::new();
            }
            rubbish.hot.extend(self.first.remove(at));
        }
        self.enter(key, hot)
    }

    /// What is not there comes into the first tier, or is to be packed if it can have no room there.
    fn enter(&mut self, key: K, hot: Hot<V>) -> Left<V> {
        let mut left = Left::new();
        let weight = u64::from(hot.weight);
        if weight <= self.first.capacity() {
            while self.first.is_full_for(weight) {
                let Some((key, hot, _)) = self.first.evict(hot.half) else { break };
                self.counts.first.evictions += 1;
                left.push(Arc::clone(&hot.value));
                self.leaving.push((key, hot));
            }
        }
        if self.first.is_full_for(weight) {
            left.push(Arc::clone(&hot.value));
            self.leaving.push((key, hot));
        } else {
            let (half, weight) = (hot.half, hot.weight);
            self.first.insert(half, key, hot, weight);
            self.counts.first.insertions += 1;
        }
        left
    }

    /// Takes out whatever there is of a key; it goes to the rubbish.
    pub(super) fn remove(
        &mut self,
        half: Half,
        mut is_it: impl FnMut(&K) -> bool,
        rubbish: &mut Rubbish<K, V>,
    ) -> Option<Found<V>> {
        let Some(at) = self.first.find(half, &mut is_it) else {
            return self.remove_below(half, is_it, rubbish);
        };
        let (key, hot) = self.first.remove(at)?;
        let found = Found::Value(Arc::clone(&hot.value));
        rubbish.hot.push((key, hot));
        Some(found)
    }

    fn remove_below(
        &mut self,
        half: Half,
        mut is_it: impl FnMut(&K) -> bool,
        rubbish: &mut Rubbish<K, V>,
    ) -> Option<Found<V>> {
        if let Some(at) = self.on_its_way(half, &mut is_it) {
            let (key, hot) = self.leaving.swap_remove(at);
            let found = Found::Value(Arc::clone(&hot.value));
            rubbish.hot.push((key, hot));
            return Some(found);
        }
        let at = self.second.find(half, is_it)?;
        let (key, cold) = self.second.remove(at)?;
        let found = Found::Bytes(cold.packed.clone());
        rubbish.cold.push((key, cold));
        Some(found)
    }

    /// An entry that has left is packed, and comes into the second tier, if it is still on its way.
    pub(super) fn arrive(&mut self, value: &Arc<V>, packed: Packed, rubbish: &mut Rubbish<K, V>) {
        let Some((key, hot)) = self.depart(value) else { return };
        let cold = Cold { packed, weight: hot.weight };
        let weight = Bytes.weigh(&key, &cold);
        if u64::from(weight) > self.second.capacity() {
            self.counts.second.evictions += 1;
            rubbish.hot.push((key, hot));
            return;
        }
        while self.second.is_full_for(weight.into()) {
            let Some((key, cold, _)) = self.second.evict(hot.half) else { break };
            self.counts.second.evictions += 1;
            rubbish.cold.push((key, cold));
        }
        self.counts.second.insertions += 1;
        self.second.insert(hot.half, key, cold, weight);
    }

    /// An entry that has left could not be packed: it is gone.
    pub(super) fn give_up(&mut self, value: &Arc<V>, rubbish: &mut Rubbish<K, V>) {
        self.counts.unpackable += 1;
        rubbish.hot.extend(self.depart(value));
    }

    fn depart(&mut self, value: &Arc<V>) -> Option<(K, Hot<V>)> {
        let at = self.leaving.iter().position(|(_, hot)| Arc::ptr_eq(&hot.value, value))?;
        Some(self.leaving.swap_remove(at))
    }

    /// The value of these bytes comes up into the first tier, if they are still those of its key.
    pub(super) fn rise(
        &mut self,
        half: Half,
        is_it: impl FnMut(&K) -> bool,
        packed: &Packed,
        value: &Arc<V>,
        rubbish: &mut Rubbish<K, V>,
    ) -> Left<V> {
        self.counts.second.hits += 1;
        let cold = self.still(half, is_it, packed);
        let Some((at, weight)) = cold.filter(|(_, weight)| u64::from(*weight) <= self.first.capacity())
        else {
            return Left::new();
        };
        let Some((key, cold)) = self.second.remove(at) else { return Left::new() };
        rubbish.bytes.push(cold);
        self.enter(key, Hot { value: Arc::clone(value), weight, half })
    }

    /// These bytes are no value: they are gone, if they are still those of their key.
    pub(super) fn spoil(
        &mut self,
        half: Half,
        is_it: impl FnMut(&K) -> bool,
        packed: &Packed,
        rubbish: &mut Rubbish<K, V>,
    ) {
        self.counts.corrupt += 1;
        if let Some((at, _)) = self.still(half, is_it, packed) {
            rubbish.cold.extend(self.second.remove(at));
        }
    }

    /// A look-up has found bytes, but no value.
    pub(super) fn miss(&mut self) {
        self.counts.second.misses += 1;
    }

    /// The entry of the second tier that has these bytes, and what it weighs in the first.
    fn still(&self, half: Half, is_it: impl FnMut(&K) -> bool, packed: &Packed) -> Option<(Id, u32)> {
        let at = self.second.find(half, is_it)?;
        let (_, cold) = self.second.get(at)?;
        cold.packed.is_same(packed).then_some((at, cold.weight))
    }

    /// How many entries there are, wherever they are.
    pub(super) fn len(&self) -> usize {
        self.first.len() + self.leaving.len() + self.second.len()
    }

    /// Adds what was counted here.
    pub(super) fn add_to(&self, stats: &mut TieredStats) {
        self.counts.first.add_to(&mut stats.first, self.first.used(), self.first.capacity());
        self.counts.second.add_to(&mut stats.second, self.second.used(), self.second.capacity());
        stats.packed += self.second.len() as u64;
        stats.unpackable += self.counts.unpackable;
        stats.corrupt += self.counts.corrupt;
    }

    pub(super) fn reset_counts(&mut self) {
        self.counts = TieredCounts::default();
    }

    /// Takes everything out, to be dropped by the caller.
    pub(super) fn clear(&mut self) -> impl Sized + use<K, V, P, W> {
        (self.first.clear(), take(&mut self.leaving), self.second.clear())
    }

    /// Takes out the entries with such keys, and says how many.
    pub(super) fn remove_if(
        &mut self,
        mut is_invalid: impl FnMut(&K) -> bool,
        rubbish: &mut Rubbish<K, V>,
    ) -> usize {
        let before = self.len();
        for at in self.first.ids() {
            if self.first.get(at).is_some_and(|(key, _)| is_invalid(key)) {
                rubbish.hot.extend(self.first.remove(at));
            }
        }
        rubbish.hot.extend(self.leaving.extract_if(.., |(key, _)| is_invalid(key)));
        for at in self.second.ids() {
            if self.second.get(at).is_some_and(|(key, _)| is_invalid(key)) {
                rubbish.cold.extend(self.second.remove(at));
            }
        }
        before - self.len()
    }
}
