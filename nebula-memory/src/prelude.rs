//! What most programs need: `use nebula_memory::prelude::*`.

#[cfg(feature = "std")]
pub use crate::AllocContext;
#[cfg(feature = "std")]
pub use crate::SharedArena;
#[cfg(all(feature = "macros", feature = "cache", feature = "std", target_has_atomic = "64"))]
pub use crate::cached;
pub use crate::{
    AllocError, AllocErrorCode, AllocHandle, Allocator, ArenaBox, ArenaString, ArenaVec, Budget,
    BumpAllocator, FixedPool, GIB, KIB, LocalFixedPool, MIB, MemoryUsage, PoolBox, Resettable,
    StackAllocator,
};
#[cfg(feature = "alloc")]
pub use crate::{Arena, ArenaOptions, ArenaScope, FnArena, PoolAllocator, SystemAllocator, TypedArena};
#[cfg(feature = "macros")]
pub use crate::{Builder, Pooled, alloc, allocator, arena, budget, dealloc, memory_scope};
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use crate::{LocalObjectPool, ObjectPool, PooledObject, SharedPoolAllocator, ThreadLocalPool};
