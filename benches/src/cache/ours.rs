//! Our caches.

use std::convert::identity;

use nebula_memory::cache::expiry::{PerEntryTtl, Ttl};
use nebula_memory::cache::{Cache, SharedCache, policy};

use super::contender::{Concurrent, Exclusive, LIFE, Text};

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
exclusive!(Default, policy::Elastic, "Cache");
exclusive!(Adaptive, policy::Adaptive, "Cache of Adaptive");

/// Caches whose entries live for as long as is said for all, or each time.
macro_rules! expiring {
    ($name:ident, $type:ty, $shown:literal, $policy:expr, $build:ident, $copied:ident, $insert:ident $(, $life:expr)?) => {
        pub(super) struct $name($type);

        impl Exclusive for $name {
            const NAME: &'static str = $shown;
            const OURS: bool = true;

            fn new(capacity: usize) -> Self {
                Self(Cache::builder().capacity(capacity).policy($policy).$build())
            }

            #[inline(always)]
            fn get(&mut self, key: u64) -> Option<u64> {
                $copied(self.0.get(&key))
            }

            #[inline(always)]
            fn put(&mut self, key: u64, value: u64) {
                let _ = self.0.$insert(key, value $(, $life)?);
            }

            fn len(&mut self) -> usize {
                self.0.len()
            }
        }
    };
}

type Expiring<P> = Cache<u64, u64, P>;
type Shares<P> = SharedCache<u64, u64, P>;
type OfLru = Ttl<policy::Lru>;
type OfDefault = Ttl<policy::S3Fifo>;
type OfEach = PerEntryTtl<policy::S3Fifo>;

expiring!(
    ExpiringLru,
    Expiring<OfLru>,
    "Cache of Ttl<Lru>",
    Ttl::new(policy::Lru, LIFE),
    build,
    copied,
    insert
);
expiring!(
    ExpiringDefault,
    Expiring<OfDefault>,
    "Cache of Ttl",
    Ttl::new(policy::S3Fifo, LIFE),
    build,
    copied,
    insert
);
expiring!(
    EachExpiring,
    Expiring<OfEach>,
    "Cache of PerEntryTtl",
    PerEntryTtl::new(policy::S3Fifo),
    build,
    copied,
    insert_for,
    LIFE
);
expiring!(
    SharedExpiring,
    Shares<OfDefault>,
    "SharedCache of Ttl",
    Ttl::new(policy::S3Fifo, LIFE),
    build_shared,
    identity,
    insert
);

#[inline(always)]
fn copied(value: Option<&u64>) -> Option<u64> {
    value.copied()
}

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
text!(TextDefault, policy::Elastic, "Cache");

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

shared!(Shared, policy::Elastic, "SharedCache");
shared!(SharedLru, policy::Lru, "SharedCache of Lru");
