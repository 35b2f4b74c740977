//! Our caches.

use nebula_memory::cache::{Cache, SharedCache, policy};

use super::contender::{Concurrent, Exclusive, Text};

macro_rules! exclusive {
    ($name:ident, $policy:ty, $shown:literal) => {
        pub(super) struct $name(Cache<u64, u64, $policy>);

        impl Exclusive for $name {
            const NAME: &'static str = $shown;
            const OURS: bool = true;

            fn new(capacity: usize) -> Self {
                Self(Cache::builder().capacity(capacity).policy(<$policy>::default()).build())
            }

            #[inline(always)]
            fn get(&mut self, key: u64) -> Option<u64> {
                self.0.get(&key).copied()
            }

            #[inline(always)]
            fn put(&mut self, key: u64, value: u64) {
                let _ = self.0.insert(key, value);
            }

            fn len(&mut self) -> usize {
                self.0.len()
            }
        }
    };
}

exclusive!(Lru, policy::Lru, "Cache of Lru");
exclusive!(Default, policy::S3Fifo, "Cache");
exclusive!(Adaptive, policy::Adaptive, "Cache of Adaptive");

macro_rules! text {
    ($name:ident, $policy:ty, $shown:literal) => {
        pub(super) struct $name(Cache<String, u64, $policy>);

        impl Text for $name {
            const NAME: &'static str = $shown;
            const OURS: bool = true;

            fn new(capacity: usize) -> Self {
                Self(Cache::builder().capacity(capacity).policy(<$policy>::default()).build())
            }

            #[inline(always)]
            fn get(&mut self, key: &str) -> Option<u64> {
                self.0.get(key).copied()
            }

            fn put(&mut self, key: String, value: u64) {
                let _ = self.0.insert(key, value);
            }
        }
    };
}

text!(TextLru, policy::Lru, "Cache of Lru");
text!(TextDefault, policy::S3Fifo, "Cache");

macro_rules! shared {
    ($name:ident, $policy:ty, $shown:literal) => {
        pub(super) struct $name(SharedCache<u64, u64, $policy>);

        impl Concurrent for $name {
            const NAME: &'static str = $shown;
            const OURS: bool = true;

            fn new(capacity: usize) -> Self {
                Self(Cache::builder().capacity(capacity).policy(<$policy>::default()).build_shared())
            }

            #[inline(always)]
            fn get(&self, key: u64) -> Option<u64> {
                self.0.get(&key)
            }

            #[inline(always)]
            fn put(&self, key: u64, value: u64) {
                let _ = self.0.insert(key, value);
            }

            fn len(&self) -> Option<usize> {
                Some(self.0.len())
            }
        }
    };
}

shared!(Shared, policy::S3Fifo, "SharedCache");
shared!(SharedLru, policy::Lru, "SharedCache of Lru");
