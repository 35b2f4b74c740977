//! A pool of equal slots inside one value: no heap, `const`, at home in a `static`.
//!
//! * `pool`: [`FixedPool`]
//! * `handle`: [`PoolHandle`], [`PoolSlot`] and [`PoolBox`], which own what a pool gave out
//! * `static_pool`: [`Pooled`], a type with a pool of its own

mod handle;
mod pool;
mod static_pool;

pub use super::free_list::{Align, PoolMode, SlotAlign};
pub use handle::{PoolBox, PoolHandle, PoolSlot};
pub use pool::{FixedPool, LocalFixedPool};
pub use static_pool::{Pooled, StaticPool};
