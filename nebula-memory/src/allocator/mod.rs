//! Allocators, and the trait they share.
//!
//! | type | memory | given back |
//! | --- | --- | --- |
//! | [`SystemAllocator`] | the global heap | block by block |
//! | [`BumpAllocator`] | one block, on the heap or a buffer of yours | all at once, scope by scope |
//! | [`StackAllocator`] | one block, on the heap or a buffer of yours | block by block, the last one first |
//! | [`PoolAllocator`] | slabs of equal blocks | block by block, in any order |
//! | [`FixedPool`] | equal slots inside itself, often a `static` | slot by slot, by RAII |
//!
//! The growing [`Arena`](crate::Arena) stands on this layer and shares the [`bump`] core.
//!
//! * `traits`: the [`Allocator`] trait and what else allocators have in common
//! * `system`: the global heap
//! * `free_list`: which slots are free, for one thread or for many
//! * [`bump`]: the cursor that all bump allocation goes through, the fixed block, its scopes
//! * [`pool`]: equal blocks, growing by slabs
//! * [`stack`]: blocks that go back in order
//! * `fixed`: the fixed pool and its handles
//! * [`compose`]: allocators made of allocators: fallbacks, budgets, counters, red zones
//! * `growth`: how allocators that grow do so
//! * `lends`: why `alloc!` is not for every allocator
//! * `handle`: [`AllocHandle`], a box in any allocator
//! * [`lifecycle`]: [`Exclusive`], an allocator whose state is part of its type
//! * `custom`: [`impl_allocator!`](crate::impl_allocator), for an allocator of yours
//! * `described`: what `allocator!` calls; `dealloc`: what `dealloc!` calls
//! * [`interop`]: adaptors for collections of other crates

pub mod bump;
pub mod compose;
pub(crate) mod custom;
pub(crate) mod dealloc;
#[cfg(feature = "alloc")]
pub(crate) mod described;
pub mod fixed;
pub(crate) mod free_list;
mod growth;
mod handle;
pub mod interop;
mod lends;
pub mod lifecycle;
#[cfg(feature = "alloc")]
pub mod pool;
pub mod stack;
#[cfg(feature = "alloc")]
mod system;
mod traits;

pub use bump::{ArenaBox, BumpAllocator, BumpScope};
#[cfg(feature = "alloc")]
pub use compose::Poisoned;
pub use compose::{
    Budgeted, Counters, CountersSnapshot, Fallback, Independent, Owned, Owns, Segregated, Steady, Track,
    Tracked, Untracked,
};
#[cfg(feature = "alloc")]
pub use fixed::StaticOrHeap;
pub use fixed::{
    FixedPool, FixedPoolStats, LocalFixedPool, PoolBox, PoolHandle, PoolSlot, Pooled, StaticPool,
};
#[cfg(feature = "std")]
pub use fixed::{LocalOrHeap, LocalPool};
#[cfg(all(loom, feature = "std"))]
#[doc(hidden)]
pub use free_list::model as free_list_model;
pub use growth::Growth;
pub use handle::AllocHandle;
pub use lifecycle::Exclusive;
#[cfg(feature = "alloc")]
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use pool::SharedPoolAllocator;
#[cfg(feature = "alloc")]
pub use pool::{PoolAllocator, PoolOptions, PoolRef};
pub use stack::{StackAllocator, StackFrame, StackMarker};
#[cfg(feature = "alloc")]
pub use system::SystemAllocator;
pub use traits::{
    Allocator, AllocatorCore, AllocatorExt, Checkpoint, MemoryUsage, Resettable, ThreadSafeAllocator,
    TypedAllocator,
};
