//! A pool of equal slots inside one value: no heap, `const`, at home in a `static`.
//!
//! * `pool`: [`FixedPool`]
//! * `handle`: [`PoolHandle`], [`PoolSlot`] and [`PoolBox`], which own what a pool gave out
//! * `static_pool`: [`Pooled`], a type with a pool of its own
//! * `or_heap`: `StaticOrHeap`, that pool and the heap behind it

mod handle;
#[cfg(feature = "alloc")]
mod or_heap;
mod pool;
mod static_pool;

pub use super::free_list::{Align, PoolMode, SlotAlign};
pub use handle::{PoolBox, PoolHandle, PoolSlot};
#[cfg(feature = "alloc")]
pub use or_heap::{InlineSlots, StaticOrHeap};
pub use pool::{FixedPool, LocalFixedPool};
pub use static_pool::{Pooled, StaticPool};
