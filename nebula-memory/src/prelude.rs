//! What most programs need: `use nebula_memory::prelude::*`.

#[cfg(feature = "std")]
pub use crate::AllocContext;
pub use crate::{
    AllocError, AllocErrorCode, Allocator, ArenaBox, BumpAllocator, FixedPool, GIB, KIB, LocalFixedPool, MIB,
    PoolBox,
};
#[cfg(feature = "alloc")]
pub use crate::{Arena, ArenaScope, FnArena, SystemAllocator};
#[cfg(feature = "macros")]
pub use crate::{Builder, Pooled, alloc, allocator, arena, memory_scope};
