//! What allocators have in common.
//!
//! * `allocator`: [`Allocator`], memory by layout
//! * `usage`: [`MemoryUsage`], how much of it is used
//! * `lifetime`: [`Resettable`], everything at once; [`Checkpoint`], back to a mark
//! * `thread_safe`: [`ThreadSafeAllocator`], for many threads at once

mod allocator;
mod lifetime;
mod thread_safe;
mod usage;

pub use allocator::Allocator;
#[cfg(feature = "alloc")]
pub(crate) use allocator::move_block;
pub use lifetime::{Checkpoint, Resettable};
pub use thread_safe::ThreadSafeAllocator;
pub use usage::MemoryUsage;
