use core::fmt;
use core::hash::{BuildHasher, Hash};
use std::boxed::Box;

use equivalent::Equivalent;

use crate::cache::DefaultHashBuilder;
use crate::cache::layers::Store;
use crate::sync::{AtomicU64, Ordering};

/// What is answered if there is no load, or one that failed.
#[doc(hidden)]
pub trait Fallback<K, V> {
    /// When a load begins: what [`keep`](Self::keep) is told when it is over.
    fn begin(&self, key: &K) -> u64;

    /// A load that began at `begun` has brought a value.
    fn keep(&self, key: &K, value: &V, begun: u64);

    /// The last good value.
    fn recall(&self, key: &K) -> Option<V>;

    /// What is known of a key is not so any more, and neither will be what is being loaded.
    fn forget<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q);

    /// The same, and this is so from now on.
    fn replace(&self, key: &K, value: &V);

    /// What is known of all keys is not so any more.
    fn forget_all(&self);
}

/// Nothing: who asks is told of the error.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoStale;

impl<K, V> Fallback<K, V> for NoStale {
    fn begin(&self, _: &K) -> u64 {
        0
    }

    fn keep(&self, _: &K, _: &V, _: u64) {}

    fn recall(&self, _: &K) -> Option<V> {
        None
    }

    fn forget<Q: ?Sized + Hash + Equivalent<K>>(&self, _: &Q) {}

    fn replace(&self, _: &K, _: &V) {}

    fn forget_all(&self) {}
}

/// The last good value, from a store of its own.
///
/// A value that was removed, or replaced, is not to come back from here. So loads are told apart by what has changed while they
/// ran: a number for each of a few groups of keys goes up whenever one of them changes, and a load keeps its value only if it is
/// still what it was. Whichever else of the group has changed, the value is not kept, which is no harm.
pub struct Stale<S> {
    store: S,
    changes: Box<[AtomicU64]>,
    hasher: DefaultHashBuilder,
}

const GROUPS: usize = 64;

impl<S> Stale<S> {
    pub(super) fn new(store: S) -> Self {
        let changes = (0..GROUPS).map(|_| AtomicU64::new(0)).collect();
        Self { store, changes, hasher: DefaultHashBuilder::default() }
    }

    fn changes_of<Q: ?Sized + Hash>(&self, key: &Q) -> &AtomicU64 {
        &self.changes[((self.hasher.hash_one(key) >> 32) % GROUPS as u64) as usize]
    }
}

impl<K: Hash + Eq + Clone, V: Clone, S: Store<K, V>> Fallback<K, V> for Stale<S> {
    fn begin(&self, key: &K) -> u64 {
        self.changes_of(key).load(Ordering::Acquire)
    }

    fn keep(&self, key: &K, value: &V, begun: u64) {
        let changes = self.changes_of(key);
        if changes.load(Ordering::Acquire) == begun {
            let new = (key.clone(), value.clone());
            drop(self.store.remove(key));
            // Another load may have brought one meanwhile, which is as good.
            drop(self.store.insert_new(new.0, new.1, || changes.load(Ordering::Acquire) == begun));
        }
    }

    fn recall(&self, key: &K) -> Option<V> {
        self.store.get(key)
    }

    fn forget<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) {
        // First: what is looked up when a value comes in, which is one step with that.
        self.changes_of(key).fetch_add(1, Ordering::AcqRel);
        drop(self.store.remove(key));
    }

    fn replace(&self, key: &K, value: &V) {
        self.forget(key);
        let now = self.begin(key);
        self.keep(key, value, now);
    }

    fn forget_all(&self) {
        for changes in &self.changes {
            changes.fetch_add(1, Ordering::AcqRel);
        }
        self.store.clear();
    }
}

impl<S: fmt::Debug> fmt::Debug for Stale<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stale").field(&self.store).finish()
    }
}
