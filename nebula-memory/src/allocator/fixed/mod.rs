//! A pool of equal slots inside one value: no heap, `const`, at home in a `static`.
//!
//! * `pool`: [`FixedPool`]
//! * `handle`: [`PoolHandle`], [`PoolSlot`] and [`PoolBox`], which own what a pool gave out
//! * `static_pool`: [`Pooled`], a type with a pool of its own
//! * `per_thread`: the same with a pool for each thread, `PerThread`
//! * `counted`: a pool that counts its slots
//! * `inline`: pools whose slots lie in themselves, what the others are made of
//! * `or_heap`: `StaticOrHeap`, `LocalOrHeap`, such a pool and the heap behind it

mod counted;
mod handle;
mod inline;
#[cfg(feature = "alloc")]
mod or_heap;
#[cfg(feature = "std")]
mod per_thread;
mod pool;
mod static_pool;

pub use super::free_list::{Align, PoolMode, SlotAlign};
pub use counted::{CountsSlots, FixedPoolStats};
pub(crate) use handle::DropValue;
pub use handle::{PoolBox, PoolHandle, PoolSlot};
pub use inline::{InitPool, InlineHandle, InlineSlots};
#[cfg(feature = "alloc")]
pub use or_heap::{OrHeap, StaticOrHeap};
#[cfg(feature = "std")]
pub use per_thread::{LocalOrHeap, LocalPool, PerThread, PoolRc, ThreadPools, ThreadSlot};
pub use pool::{FixedPool, LocalFixedPool};
pub use static_pool::{Pooled, StaticPool};
