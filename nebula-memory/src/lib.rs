#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(nebula_nightly, feature(allocator_api))]
#![no_std]
#![deny(missing_docs)]
#![warn(rust_2018_idioms)]
//! Say what memory a type or a function needs; the compiler writes the allocator.
//!
//! * **A function with its own memory**: [`#[arena]`](macro@arena) gives the body an arena that is free again when
//!   it returns, panics or is cancelled.
//! * **A type with its own pool**: [`#[derive(Pooled)]`](macro@Pooled) writes a builder that fills a slot of a fixed pool
//!   field by field, checked at compile time.
//! * **The tools themselves**: [`Arena`], [`BumpAllocator`], [`StackAllocator`], [`PoolAllocator`], [`FixedPool`], each
//!   usable alone and inside of each other.
//!
//! ```
//! # #[cfg(feature = "macros")] fn main() -> Result<(), nebula_memory::AllocError> {
//! use nebula_memory::{Pooled, arena};
//!
//! #[derive(Pooled)]
//! #[pooled(capacity = 1024)]
//! struct Request {
//!     id: u64,
//!     #[pooled(default = 3)]
//!     retries: u8,
//!     user: Option<String>,
//! }
//!
//! #[arena]
//! fn longest_word(text: &str) -> usize {
//!     let words = arena.alloc_slice_from_iter(text.split_whitespace());
//!     words.sort_unstable_by_key(|word| word.len());
//!     words.last().map_or(0, |word| word.len())
//! }
//!
//! let request = Request::acquire()?.id(7).user("ada".to_string()).finish(); // no heap, no copy
//! assert_eq!((request.id, request.retries), (7, 3));
//! assert_eq!(longest_word("memory by intent"), 6); // no heap after the first call
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "macros"))] fn main() {}
//! ```
//!
//! # Where things live
//!
//! Each layer uses only those below it.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `cache` (feature `cache`) | what is worth keeping, and what has to go: policies, caches of one thread and of many |
//! | `observe` (feature `observe`) | lifecycles, health, metrics by name; a registry of what there is; configuration |
//! | `logging` (feature `stats`) | what allocators do, as events with levels and fields |
//! | `stats` (feature `stats`) | counters, gauges, histograms; a collector, its snapshots, and the formats they are told in; the profile of a heap |
//! | [`mod@pool`] | objects that are used again: for one thread, for many, for tasks |
//! | [`pooled`] | what `#[derive(Pooled)]` and `#[derive(Builder)]` generate calls into |
//! | [`collections`] | vectors and text that grow in arenas, bump allocators, stacks and their scopes |
//! | [`mod@arena`] | growing arenas, their scopes; arenas of one type, of many threads |
//! | [`mod@allocator`] | the [`Allocator`] trait, bump, stack, block pool, fixed pool, system, compositions; adaptors for collections |
//! | [`mod@budget`] | limits, and reservations against them |
//! | [`sync`] | [`Local`] or [`Shared`]; atomics or loom |
//! | [`layout`] | sizes and alignments in `const` |
//! | [`error`] | [`AllocError`] |
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `std` (default) | the error trail ([`AllocContext`]), the per-thread memory behind `#[arena]`, a pool for each thread (`#[pooled(threading = local)]`) |
//! | `macros` (default) | the macros |
//! | `async` | [`pool`]s, and caches that compute, for tasks, on any executor |
//! | `cache` | [`mod@cache`]s; with `macros` functions whose results are kept, `#[cached]`, and `#[derive(CacheKey)]` |
//! | `compression` | `cache::TieredCache`: behind the values of a cache, those that had to leave, as compressed bytes; with `cache` |
//! | `stats` | counters, histograms, collectors of figures, Prometheus' formats; allocators that log what they do |
//! | `profile` | stacks of sampled allocations in the profile of a heap; with `stats` |
//! | `serde`, `json`, `html` | snapshots that can be written and read; as JSON; as a page with charts |
//! | `tracing`, `metrics` | events and figures for those crates; with `stats` |
//! | `observe` | lifecycles, health, metrics by name, a registry of components; with `stats` |
//! | `config` | `observe::config`: files in TOML, the environment and values, with hot reload; with `observe` |
//! | `alloc` (by `std`) | [`Arena`], [`SystemAllocator`], bump allocators on the heap |
//! | `valgrind` | [`Poisoned`] tells memcheck what must not be touched |
//! | `backtrace` | a [`MemoryError`] remembers where it was made |
//! | `allocator-api2` | `Vec` and `Box` of the `allocator-api2` crate (0.2) and hashbrown's `HashMap` in `&Arena`, `&BumpAllocator` and their scopes; a collection that fails to grow tells no more than that |
//! | `allocator-api2-03`, `allocator-api2-04` | the same for versions 0.3 and 0.4 of that crate; see [`allocator::interop`] |
//! | `nightly` | the same for the standard library's own collections, on a nightly compiler |
//!
//! Without any of them the crate needs neither `std` nor a heap: [`FixedPool`] and [`BumpAllocator`] over a buffer
//! still work.

#[cfg(feature = "alloc")]
extern crate alloc as alloc_crate;
#[cfg(any(feature = "std", test))]
extern crate std;

/// The sample in the README compiles and runs.
#[cfg(all(doctest, feature = "macros", feature = "std"))]
#[doc = include_str!("../../README.md")]
mod readme {}

/// So do those in the page on builders.
#[cfg(all(doctest, feature = "macros", feature = "std"))]
#[doc = include_str!("../../docs/BUILDERS.md")]
mod builders {}

/// And in the one on caches.
#[cfg(all(doctest, feature = "macros", feature = "std", feature = "cache"))]
#[doc = include_str!("../../docs/CACHES.md")]
mod caches {}

#[doc(hidden)]
pub mod __private;
pub mod allocator;
#[cfg(feature = "alloc")]
pub mod arena;
pub mod budget;
#[cfg(all(feature = "cache", target_has_atomic = "64"))]
pub mod cache;
pub mod collections;
pub mod error;
pub mod layout;
#[cfg(all(feature = "stats", target_has_atomic = "64"))]
pub mod logging;
#[cfg(all(feature = "observe", target_has_atomic = "64", not(loom)))]
pub mod observe;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub mod pool;
pub mod pooled;
pub mod prelude;
mod simd;
#[cfg(all(feature = "stats", target_has_atomic = "64"))]
pub mod stats;
pub mod sync;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod unwind;

#[cfg(feature = "alloc")]
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use allocator::SharedPoolAllocator;
pub use allocator::{
    AllocHandle, Allocator, AllocatorCore, AllocatorExt, ArenaBox, BumpAllocator, BumpScope, Checkpoint,
    Exclusive, FixedPool, FixedPoolStats, Growth, LocalFixedPool, MemoryUsage, PoolBox, PoolHandle, PoolSlot,
    Pooled, Resettable, StackAllocator, StackFrame, StaticPool, ThreadSafeAllocator, TypedAllocator,
};
#[cfg(feature = "std")]
pub use allocator::{LocalOrHeap, LocalPool};
#[cfg(feature = "alloc")]
pub use allocator::{Poisoned, PoolAllocator, PoolOptions, PoolRef, StaticOrHeap, SystemAllocator};
#[cfg(feature = "alloc")]
pub use arena::{
    Arena, ArenaMonitor, ArenaOptions, ArenaScope, ArenaStats, Counted, FnArena, TypedArena, Uncounted,
};
#[cfg(feature = "std")]
pub use arena::{SharedArena, ThreadArena};
pub use budget::{Budget, BudgetUsage, Reservation};
#[cfg(all(feature = "cache", feature = "std", target_has_atomic = "64"))]
pub use cache::SharedCache;
#[cfg(all(feature = "cache", target_has_atomic = "64"))]
pub use cache::{Cache, CacheKey, CacheValue};
pub use collections::{ArenaString, ArenaVec};
#[cfg(feature = "std")]
pub use error::AllocContext;
#[cfg(feature = "alloc")]
pub use error::MemoryError;
pub use error::{AllocError, AllocErrorCode, AllocResult, AllocatorKind};
pub use layout::{GIB, KIB, MIB};
#[cfg(all(feature = "macros", feature = "cache", target_has_atomic = "64"))]
pub use nebula_memory_macros::CacheKey;
#[cfg(all(feature = "macros", feature = "cache", feature = "std", target_has_atomic = "64"))]
pub use nebula_memory_macros::cached;
#[cfg(feature = "macros")]
pub use nebula_memory_macros::{
    Builder, Pooled, alloc, allocator, arena, budget, dealloc, memory_budget, memory_scope,
};
#[cfg(all(feature = "async", target_has_atomic = "64"))]
pub use pool::AsyncPool;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use pool::{DynObjectPool, LocalObjectPool, ObjectPool, PoolError, PooledObject, ThreadLocalPool};
pub use sync::{Local, Shared};
