//! What most programs need: `use nebula_memory::prelude::*`.

pub use crate::{AllocError, Allocator, BumpAllocator, FixedPool, PoolBox};
#[cfg(feature = "alloc")]
pub use crate::{Arena, ArenaScope, SystemAllocator};
#[cfg(feature = "macros")]
pub use crate::{Pooled, alloc, allocator, arena, memory_scope};
