//! What is measured of a cache.

use std::time::Duration;

/// Calls `$visit!(Type)` for every cache of one thread.
macro_rules! exclusive {
    ($visit:ident) => {
        $visit!(crate::cache::ours::Lru);
        $visit!(crate::cache::ours::Default);
        $visit!(crate::cache::ours::Adaptive);
        $visit!(crate::cache::peers::Schnellru);
        $visit!(crate::cache::peers::Hashlink);
        $visit!(crate::cache::peers::LruCrate);
        $visit!(crate::cache::peers::QuickUnsync);
    };
}

/// Calls `$visit!(Type)` for every cache of entries that live for an hour, used by one thread.
macro_rules! expiring {
    ($visit:ident) => {
        $visit!(crate::cache::ours::ExpiringLru);
        $visit!(crate::cache::ours::ExpiringDefault);
        $visit!(crate::cache::ours::EachExpiring);
        $visit!(crate::cache::ours::SharedExpiring);
        $visit!(crate::cache::peers::MiniMoka);
        $visit!(crate::cache::peers::ExpiringMoka);
    };
}

/// Calls `$visit!(Type)` for every cache of many threads.
macro_rules! shared {
    ($visit:ident) => {
        $visit!(crate::cache::ours::Shared);
        $visit!(crate::cache::ours::SharedLru);
        $visit!(crate::cache::peers::QuickSync);
        $visit!(crate::cache::peers::Locked);
        $visit!(crate::cache::peers::Moka);
        $visit!(crate::cache::peers::TinyUfo);
    };
}

/// Calls `$visit!(Type)` for every cache of texts.
macro_rules! text {
    ($visit:ident) => {
        $visit!(crate::cache::ours::TextLru);
        $visit!(crate::cache::ours::TextDefault);
        $visit!(crate::cache::peers::TextHashlink);
        $visit!(crate::cache::peers::TextSchnellru);
        $visit!(crate::cache::peers::TextQuick);
    };
}

pub(super) use {exclusive, expiring, shared, text};

/// How long entries live, if they do not live for ever: longer than anything here takes.
pub(super) const LIFE: Duration = Duration::from_hours(1);

/// A cache that one thread uses.
pub(super) trait Exclusive: 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    /// Entries it may hold above its capacity for some time.
    const SLACK: usize = 0;

    fn new(capacity: usize) -> Self;
    fn get(&mut self, key: u64) -> Option<u64>;
    fn put(&mut self, key: u64, value: u64);
    fn len(&mut self) -> usize;
}

/// A cache that many use.
pub(super) trait Concurrent: Send + Sync + 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    /// Entries it may hold above its capacity for some time.
    const SLACK: usize = 0;

    fn new(capacity: usize) -> Self;
    fn get(&self, key: u64) -> Option<u64>;
    fn put(&self, key: u64, value: u64);
    /// How many entries there are, when what was put off is done; if it tells.
    fn len(&self) -> Option<usize>;
}

/// A cache whose keys are texts.
pub(super) trait Text: 'static {
    const NAME: &'static str;
    const OURS: bool = false;

    fn new(capacity: usize) -> Self;
    fn get(&mut self, key: &str) -> Option<u64>;
    fn put(&mut self, key: String, value: u64);
}
