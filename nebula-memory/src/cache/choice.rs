use alloc_crate::collections::BTreeMap;
use alloc_crate::vec::Vec;

use super::Saved;

/// Entries of a snapshot that a cache takes, those first that leave last.
///
/// A snapshot that was not taken of a cache may have a key twice, or very often.
pub(super) struct Choice<K, V> {
    entries: Vec<Chosen<K, V>>,
    /// The last one with each hash.
    last: BTreeMap<u64, usize>,
}

pub(super) struct Chosen<K, V> {
    pub(super) hash: u64,
    pub(super) weight: u32,
    pub(super) saved: Saved<K, V>,
    /// The one before with the same hash.
    before: Option<usize>,
}

impl<K: Eq, V> Choice<K, V> {
    pub(super) const fn new() -> Self {
        Self { entries: Vec::new(), last: BTreeMap::new() }
    }

    /// Whether there is one with this key.
    pub(super) fn has(&self, hash: u64, key: &K) -> bool {
        let mut next = self.last.get(&hash).copied();
        while let Some(chosen) = next.and_then(|at| self.entries.get(at)) {
            if chosen.saved.key == *key {
                return true;
            }
            next = chosen.before;
        }
        false
    }

    /// One more, whose key is not there.
    pub(super) fn add(&mut self, hash: u64, weight: u32, saved: Saved<K, V>) {
        let before = self.last.insert(hash, self.entries.len());
        self.entries.push(Chosen { hash, weight, saved, before });
    }

    /// All of them, in the order of the snapshot.
    pub(super) fn in_order(self) -> impl Iterator<Item = Chosen<K, V>> {
        self.entries.into_iter().rev()
    }
}
