//! Caches by the names that they go by elsewhere: thin faces of [`Cache`](super::Cache).
//!
//! * `simple`: [`SimpleCache`], the cache that does for most
//! * `by_use`: [`LruCache`] and [`LfuCache`]
//! * `ends`: what leaves next, and what last
//! * `eviction`: [`EvictionPolicy`], a policy chosen at run time
//! * `strategy`: [`StrategyCache`], whose policy its user writes

mod by_use;
mod ends;
#[cfg(feature = "std")]
mod eviction;
mod simple;
#[cfg(feature = "std")]
mod strategy;

pub use by_use::{LfuCache, LruCache};
#[cfg(feature = "std")]
pub use eviction::EvictionPolicy;
pub use simple::SimpleCache;
#[cfg(feature = "std")]
pub use strategy::{EvictionEntry, EvictionStrategy, StrategyCache};
