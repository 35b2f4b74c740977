//! What is measured of a cache.

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

pub(super) use {exclusive, shared, text};

/// A cache that one thread uses.
pub(super) trait Exclusive: 'static {
    const NAME: &'static str;
    const OURS: bool = false;

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
