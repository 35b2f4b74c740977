use core::hash::{BuildHasher, Hash};
use std::sync::Arc;

use equivalent::Equivalent;

use super::shard::{Found, Rubbish};
use super::{Codec, TieredCache};
use crate::cache::Weigher;
use crate::cache::after::after;
use crate::cache::layers::Store;
use crate::cache::policy::Policy;

/// What layers need. The capacity is that of the first tier.
impl<K, V, C, P, S, W> Store<K, V> for TieredCache<K, V, C, P, S, W>
where
    K: Hash + Eq,
    V: Clone,
    C: Codec<V>,
    P: Policy,
    S: BuildHasher,
    W: Weigher<K, V>,
{
    fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.get(key)
    }

    fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.peek(key)
    }

    fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.contains(key)
    }

    fn insert(&self, key: K, value: V) {
        self.insert(key, value);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        let value = Arc::new(value);
        let weight = self.weigh(&key, &value);
        let (half, shard) = self.place(&key);
        let mut entry = Some((key, value));
        loop {
            let Some((key, _)) = &entry else { return None };
            let mut rubbish = Rubbish::new();
            let mut locked = Self::lock(shard);
            let packed = match locked.peek(half, |other| other == key) {
                Some(Found::Bytes(packed)) => packed,
                Some(Found::Value(there)) => {
                    drop(locked);
                    return Some(after(entry, Arc::unwrap_or_clone(there)));
                }
                None => {
                    if !wanted() {
                        drop(locked);
                        return None;
                    }
                    let left = locked.insert(half, &mut entry, weight, &mut rubbish);
                    drop(locked);
                    self.pack(shard, &left);
                    return None;
                }
            };
            drop(locked);
            // If it is no value it is gone by then.
            if let Some(there) = self.unpack(&packed, half, shard, |other| other == key) {
                return Some(after(entry, Arc::unwrap_or_clone(there)));
            }
        }
    }

    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.remove(key)
    }

    fn clear(&self) {
        self.clear();
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn capacity(&self) -> usize {
        usize::try_from(self.stats().first.capacity).unwrap_or(usize::MAX)
    }
}
