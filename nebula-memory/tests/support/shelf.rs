//! The simplest store a layer can be around: a vector under a lock, first in, first out.

use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use equivalent::Equivalent;
use nebula_memory::cache::layers::Store;

/// Is called with each value that is to come in, under no lock, and may panic: as a weigher.
type Weigher<V> = Box<dyn Fn(&V) + Send + Sync>;

pub(crate) struct Shelf<K, V> {
    entries: Mutex<Vec<(K, V)>>,
    capacity: usize,
    weigher: Option<Weigher<V>>,
    gets: AtomicUsize,
    inserts: AtomicUsize,
}

impl<K, V> Shelf<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            entries: Mutex::default(),
            capacity,
            weigher: None,
            gets: AtomicUsize::new(0),
            inserts: AtomicUsize::new(0),
        }
    }

    pub(crate) fn weighed(capacity: usize, weigher: impl Fn(&V) + Send + Sync + 'static) -> Self {
        Self { weigher: Some(Box::new(weigher)), ..Self::new(capacity) }
    }

    /// How often a value was looked for.
    pub(crate) fn gets(&self) -> usize {
        self.gets.load(Ordering::Relaxed)
    }

    /// How often a value came in.
    pub(crate) fn inserts(&self) -> usize {
        self.inserts.load(Ordering::Relaxed)
    }
}

impl<K: Eq, V: Clone> Shelf<K, V> {
    /// Puts a value in unless `wanted` says otherwise; what has to go is dropped when the lock is free.
    fn put(&self, key: K, value: V, wanted: impl FnOnce(Option<&V>) -> bool) -> Option<V> {
        if let Some(weigher) = &self.weigher {
            weigher(&value);
        }
        let mut gone = Vec::new();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let found = entries.iter().position(|(other, _)| *other == key);
        if !wanted(found.map(|index| &entries[index].1)) {
            let answer = found.map(|index| entries[index].1.clone());
            drop(entries);
            return answer;
        }
        self.inserts.fetch_add(1, Ordering::Relaxed);
        if let Some(index) = found {
            gone.push(entries.remove(index));
        }
        while entries.len() >= self.capacity.max(1) {
            gone.push(entries.remove(0));
        }
        if self.capacity == 0 {
            gone.push((key, value));
        } else {
            entries.push((key, value));
        }
        drop(entries);
        None
    }
}

impl<K: Eq, V: Clone> Store<K, V> for Shelf<K, V> {
    fn get<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        self.gets.fetch_add(1, Ordering::Relaxed);
        self.peek(key)
    }

    fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.iter().find(|(other, _)| key.equivalent(other)).map(|(_, value)| value.clone())
    }

    fn insert(&self, key: K, value: V) {
        self.put(key, value, |_| true);
    }

    fn insert_new(&self, key: K, value: V, wanted: impl FnOnce() -> bool) -> Option<V> {
        self.put(key, value, |other| other.is_none() && wanted())
    }

    fn remove<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<V> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let index = entries.iter().position(|(other, _)| key.equivalent(other))?;
        let (key, value) = entries.remove(index);
        drop(entries);
        drop(key);
        Some(value)
    }

    fn clear(&self) {
        let entries = std::mem::take(&mut *self.entries.lock().unwrap_or_else(PoisonError::into_inner));
        drop(entries);
    }

    fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn capacity(&self) -> usize {
        self.capacity
    }
}
