//! Bump allocation: a cursor that moves down through a block of memory.
//!
//! * `cursor`: the arithmetic of one allocation, for every bump allocator and arena of the crate
//! * `raw`: what stands on it: reserving, giving back, resizing the last block
//! * `methods`: the safe face (`alloc`, `alloc_with`, `alloc_str`, slices …), the same on every owner and scope
//! * `fill`: how reserved memory becomes a reference
//! * `boxed`: [`ArenaBox`], an owned value that is dropped
//! * `backing`: where a fixed block lies: on the heap ([`Block`]) or in a buffer of yours ([`Buffer`])
//! * `allocator`: [`BumpAllocator`]
//! * `scope`: [`BumpScope`]
//!
//! Down rather than up, because rounding down cannot overflow and the rounded address is the result: one
//! instruction less than upwards unless all sizes are multiples of the alignment.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two values overlap | the cursor only moves down, by at least the size, and stays above the floor (`cursor`, property tests) |
//! | a value is used after its scope or a reset | references carry the lifetime of the scope or owner; both are `&mut` while an inner scope or a reset runs |
//! | the arena is used while an inner scope is open | the scope borrows it exclusively |
//! | a destructor sees dead data | values with destructors are refused, or owned by an `ArenaBox`, whose drop the borrow checker sees |
//! | a closure or iterator that fills a value allocates too | memory is reserved before user code runs |
//! | `Send` of something that is used from two threads | scopes are the only users of what they borrow; owners and scopes are `!Sync` |

mod allocator;
mod backing;
mod boxed;
mod cursor;
pub(crate) mod fill;
mod methods;
pub(crate) mod raw;
mod scope;

pub use allocator::BumpAllocator;
pub use backing::{Backing, Block, Buffer};
pub use boxed::ArenaBox;
#[cfg(feature = "alloc")]
pub(crate) use cursor::{Cursor, MAX_MIN_ALIGN, Span};
pub(crate) use methods::{alloc_methods, implement_allocator};
pub(crate) use raw::RawBump;
pub use scope::BumpScope;
