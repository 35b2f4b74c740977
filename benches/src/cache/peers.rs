//! The caches a user would pick instead, as they come: with their own hashers.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::contender::{Concurrent, Exclusive, LIFE, Text};

macro_rules! exclusive {
    ($name:ident, $type:ty, $shown:literal, $new:expr, $put:ident) => {
        pub(super) struct $name($type);

        impl Exclusive for $name {
            const NAME: &'static str = $shown;

            fn new(capacity: usize) -> Self {
                Self($new(capacity))
            }

            #[inline(always)]
            fn get(&mut self, key: u64) -> Option<u64> {
                self.0.get(&key).copied()
            }

            #[inline(always)]
            fn put(&mut self, key: u64, value: u64) {
                let _ = self.0.$put(key, value);
            }

            fn len(&mut self) -> usize {
                self.0.len()
            }
        }
    };
}

macro_rules! text {
    ($name:ident, $type:ty, $shown:literal, $new:expr, $put:ident) => {
        pub(super) struct $name($type);

        impl Text for $name {
            const NAME: &'static str = $shown;

            fn new(capacity: usize) -> Self {
                Self($new(capacity))
            }

            #[inline(always)]
            fn get(&mut self, key: &str) -> Option<u64> {
                self.0.get(key).copied()
            }

            fn put(&mut self, key: String, value: u64) {
                let _ = self.0.$put(key, value);
            }
        }
    };
}

fn above_zero(capacity: usize) -> NonZeroUsize {
    NonZeroUsize::new(capacity).expect("a capacity above zero")
}

fn by_length(capacity: usize) -> schnellru::ByLength {
    schnellru::ByLength::new(u32::try_from(capacity).expect("a small capacity"))
}

exclusive!(Schnellru, schnellru::LruMap<u64, u64>, "schnellru", |n| schnellru::LruMap::new(by_length(n)), insert);
exclusive!(Hashlink, hashlink::LruCache<u64, u64>, "hashlink", hashlink::LruCache::new, insert);
exclusive!(LruCrate, lru::LruCache<u64, u64>, "lru", |n| lru::LruCache::new(above_zero(n)), put);
exclusive!(
    QuickUnsync,
    quick_cache::unsync::Cache<u64, u64>,
    "quick_cache unsync",
    quick_cache::unsync::Cache::new,
    insert
);

text!(TextSchnellru, schnellru::LruMap<String, u64>, "schnellru", |n| schnellru::LruMap::new(by_length(n)), insert);
text!(TextHashlink, hashlink::LruCache<String, u64>, "hashlink", hashlink::LruCache::new, insert);
text!(
    TextQuick,
    quick_cache::unsync::Cache<String, u64>,
    "quick_cache unsync",
    quick_cache::unsync::Cache::new,
    insert
);

pub(super) struct QuickSync(quick_cache::sync::Cache<u64, u64>);

impl Concurrent for QuickSync {
    const NAME: &'static str = "quick_cache";

    fn new(capacity: usize) -> Self {
        Self(quick_cache::sync::Cache::new(capacity))
    }

    #[inline(always)]
    fn get(&self, key: u64) -> Option<u64> {
        self.0.get(&key)
    }

    #[inline(always)]
    fn put(&self, key: u64, value: u64) {
        self.0.insert(key, value);
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The fastest of one thread behind a lock.
pub(super) struct Locked(Mutex<hashlink::LruCache<u64, u64>>);

impl Concurrent for Locked {
    const NAME: &'static str = "Mutex<hashlink>";

    fn new(capacity: usize) -> Self {
        Self(Mutex::new(hashlink::LruCache::new(capacity)))
    }

    #[inline(always)]
    fn get(&self, key: u64) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied()
    }

    #[inline(always)]
    fn put(&self, key: u64, value: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value);
    }

    fn len(&self) -> Option<usize> {
        Some(self.0.lock().unwrap_or_else(PoisonError::into_inner).len())
    }
}

pub(super) struct Moka(moka::sync::Cache<u64, u64>);

impl Concurrent for Moka {
    const NAME: &'static str = "moka";
    /// Its write log.
    const SLACK: usize = 512;

    fn new(capacity: usize) -> Self {
        Self(moka::sync::Cache::new(capacity as u64))
    }

    #[inline(always)]
    fn get(&self, key: u64) -> Option<u64> {
        self.0.get(&key)
    }

    #[inline(always)]
    fn put(&self, key: u64, value: u64) {
        self.0.insert(key, value);
    }

    fn len(&self) -> Option<usize> {
        self.0.run_pending_tasks();
        usize::try_from(self.0.entry_count()).ok()
    }
}

pub(super) struct ExpiringMoka(moka::sync::Cache<u64, u64>);

impl Exclusive for ExpiringMoka {
    const NAME: &'static str = "moka";
    const SLACK: usize = Moka::SLACK;

    fn new(capacity: usize) -> Self {
        Self(moka::sync::Cache::builder().max_capacity(capacity as u64).time_to_live(LIFE).build())
    }

    #[inline(always)]
    fn get(&mut self, key: u64) -> Option<u64> {
        self.0.get(&key)
    }

    #[inline(always)]
    fn put(&mut self, key: u64, value: u64) {
        self.0.insert(key, value);
    }

    fn len(&mut self) -> usize {
        self.0.run_pending_tasks();
        usize::try_from(self.0.entry_count()).expect("no more than memory")
    }
}

pub(super) struct MiniMoka(mini_moka::unsync::Cache<u64, u64>);

impl Exclusive for MiniMoka {
    const NAME: &'static str = "mini-moka unsync";

    fn new(capacity: usize) -> Self {
        Self(mini_moka::unsync::Cache::builder().max_capacity(capacity as u64).time_to_live(LIFE).build())
    }

    #[inline(always)]
    fn get(&mut self, key: u64) -> Option<u64> {
        self.0.get(&key).copied()
    }

    #[inline(always)]
    fn put(&mut self, key: u64, value: u64) {
        self.0.insert(key, value);
    }

    fn len(&mut self) -> usize {
        usize::try_from(self.0.entry_count()).expect("no more than memory")
    }
}

pub(super) struct TinyUfo(tinyufo::TinyUfo<u64, u64>);

impl Concurrent for TinyUfo {
    const NAME: &'static str = "TinyUFO";

    fn new(capacity: usize) -> Self {
        Self(tinyufo::TinyUfo::new(capacity, capacity))
    }

    #[inline(always)]
    fn get(&self, key: u64) -> Option<u64> {
        self.0.get(&key)
    }

    #[inline(always)]
    fn put(&self, key: u64, value: u64) {
        let _ = self.0.put(key, value, 1);
    }

    fn len(&self) -> Option<usize> {
        None
    }
}
