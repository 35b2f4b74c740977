//! A pool of equal blocks whose size is chosen at run time, and which grows by slabs.
//!
//! * `allocator`: [`PoolAllocator`] and its options
//! * `slab`: one piece of memory with its blocks, and which block is where
//! * `shared`: [`SharedPoolAllocator`], for many threads
//! * `serve`: how either serves requests of any layout
//! * `handle`: [`PoolRef`], the pool as a source of slots for values of one type
//!
//! Which blocks are free is written beside the blocks, never in them: so a wrong free is recognised in every build,
//! whatever its owner wrote to the block.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block is given back twice | its entry says that it is free: an error, nothing is changed |
//! | a pointer that is no block's | its slab and its index are computed, exactly: an error |
//! | a misaligned block | slabs are aligned to the block, whose size is a multiple of its alignment |
//! | sizes that overflow | layouts are computed with checks |
//! | a backing that uses the pool it backs | refused while the backing is being asked |

mod allocator;
mod handle;
mod serve;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod shared;
mod slab;

pub use allocator::{PoolAllocator, PoolOptions};
pub use handle::PoolRef;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub use shared::SharedPoolAllocator;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(in crate::allocator) use slab::Division;
