//! What allocators have in common.
//!
//! * `allocator`: [`Allocator`], memory by layout
//! * `core`: [`AllocatorCore`], the same with thin pointers; `ext`: [`AllocatorExt`], what follows from it
//! * `typed`: [`TypedAllocator`], memory by type
//! * `usage`: [`MemoryUsage`], how much of it is used
//! * `lifetime`: [`Resettable`], everything at once; [`Checkpoint`], back to a mark
//! * `thread_safe`: [`ThreadSafeAllocator`], for many threads at once

mod allocator;
mod core;
mod ext;
mod lifetime;
mod thread_safe;
mod typed;
mod usage;

pub use self::core::AllocatorCore;
pub use allocator::Allocator;
#[cfg(feature = "alloc")]
pub(crate) use allocator::move_block;
pub use ext::AllocatorExt;
pub use lifetime::{Checkpoint, Resettable};
pub use thread_safe::ThreadSafeAllocator;
pub use typed::TypedAllocator;
pub(crate) use typed::{Unfilled, array_layout};
pub use usage::MemoryUsage;
