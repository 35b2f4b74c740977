//! Bump allocation: a cursor that moves down through a block of memory.
//!
//! * `span`: the arithmetic of one allocation, for every bump allocator and arena of the crate
//! * `raw`: what can be done with raw memory: reserving, giving back, resizing the last block
//! * `cell`: that for one thread, with a cursor in cells
//! * `shared`: that for many threads, with an atomic cursor
//! * `methods`: the safe face (`alloc`, `alloc_with`, `alloc_str`, slices …), the same on every owner and scope
//! * `memory`: [`BumpMemory`], what the crate's own collections can stand in
//! * `fill`: how reserved memory becomes a reference
//! * `boxed`: [`ArenaBox`], an owned value that is dropped
//! * `backing`: where a fixed block lies: on the heap ([`Block`]) or in a buffer of yours ([`Buffer`])
//! * `allocator`: [`BumpAllocator`]
//! * `scope`: [`BumpScope`]
//!
//! Values come down from the top, because rounding down cannot overflow and the rounded address is the result: one
//! instruction less than upwards unless all sizes are multiples of the alignment. Blocks that may grow go up from the
//! floor, because there the last one grows without being moved.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two values overlap | top and floor move towards each other, by at least the size, and do not pass (`span`, property tests) |
//! | a value is used after its scope or a reset | references carry the lifetime of the scope or owner; both are `&mut` while an inner scope or a reset runs |
//! | the arena is used while an inner scope is open | the scope borrows it exclusively |
//! | a destructor sees dead data | values with destructors are refused, or owned by an `ArenaBox`, whose drop the borrow checker sees |
//! | a closure or iterator that fills a value allocates too | memory is reserved before user code runs |
//! | `Send` of something that is used from two threads | scopes are the only users of what they borrow; owners and scopes are `!Sync` |

mod allocator;
mod backing;
mod boxed;
mod cell;
pub(crate) mod fill;
pub(crate) mod memory;
mod methods;
mod mode;
pub(crate) mod raw;
mod scope;
#[cfg(target_has_atomic = "ptr")]
mod shared;
mod span;

pub use allocator::BumpAllocator;
pub(crate) use allocator::whole;
pub use backing::{Backing, Block, Buffer, Embedded};
pub use boxed::ArenaBox;
#[cfg(feature = "alloc")]
pub(crate) use cell::{CellBump, CellCursor, OneThread};
pub use memory::BumpMemory;
pub(crate) use methods::{alloc_methods, implement_allocator};
pub use mode::BumpMode;
pub use scope::BumpScope;
#[cfg(feature = "alloc")]
pub(crate) use span::MAX_MIN_ALIGN;
pub(crate) use span::Span;
